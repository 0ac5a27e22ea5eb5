package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.server.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// CopyObject, DeleteObject and DeleteObjects; folder markers; how writes become commits.
class CopiesAndDeletesTest {
  private static final String B = "master.copies";

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server(home);
    s3.bucket(B);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static void refused(String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void copiesCrossBucketsAndKeepOrReplaceWhatIsSaid() {
    String other = s3.bucket("dev.other");
    s3.client()
        .putObject(
            r -> r.bucket(B).key("from here/ü").contentType("text/css").metadata(Map.of("a", "1")),
            RequestBody.fromString("copied"));

    s3.client()
        .copyObject(r ->
            r.sourceBucket(B)
                .sourceKey("from here/ü")
                .destinationBucket(other)
                .destinationKey("to"));
    s3.client()
        .copyObject(r ->
            r.sourceBucket(B)
                .sourceKey("from here/ü")
                .destinationBucket(B)
                .destinationKey("replaced")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("b", "2")));

    GetObjectResponse kept =
        s3.client().getObjectAsBytes(r -> r.bucket(other).key("to")).response();
    GetObjectResponse replaced =
        s3.client().getObjectAsBytes(r -> r.bucket(B).key("replaced")).response();
    assertThat(s3.get(other, "to")).isEqualTo("copied");
    assertThat(kept.metadata()).containsOnly(Map.entry("a", "1"));
    assertThat(kept.contentType()).isEqualTo("text/css");
    assertThat(kept.eTag()).isEqualTo(replaced.eTag());
    assertThat(replaced.metadata()).containsOnly(Map.entry("b", "2"));
  }

  @Test
  void copiesThatCannotBeAreRefused() {
    s3.put(B, "source", "1");

    refused(
        "InvalidRequest",
        () ->
            s3.client()
                .copyObject(r ->
                    r.sourceBucket(B)
                        .sourceKey("source")
                        .destinationBucket(B)
                        .destinationKey("source")));
    refused(
        "NoSuchKey",
        () ->
            s3.client()
                .copyObject(r ->
                    r.sourceBucket(B)
                        .sourceKey("nowhere")
                        .destinationBucket(B)
                        .destinationKey("x")));
    refused(
        "PreconditionFailed",
        () ->
            s3.client()
                .copyObject(r ->
                    r.sourceBucket(B)
                        .sourceKey("source")
                        .copySourceIfMatch("\"0\"")
                        .destinationBucket(B)
                        .destinationKey("x")));
  }

  @Test
  void aDeletedKeyIsGoneAndADeleteOfNothingIsNoCommit() {
    s3.put(B, "gone", "1");
    s3.client().deleteObject(r -> r.bucket(B).key("gone"));
    s3.put(B, "after", "1");
    String before = s3.client().headObject(r -> r.bucket(B).key("after")).versionId();

    s3.client().deleteObject(r -> r.bucket(B).key("gone"));

    assertThat(s3.client().headObject(r -> r.bucket(B).key("after")).versionId()).isEqualTo(before);
    assertThatThrownBy(() -> s3.get(B, "gone")).isInstanceOf(NoSuchKeyException.class);
    refused(
        "MethodNotAllowed",
        () -> s3.client().deleteObject(r -> r.bucket(B).key("after").versionId(before)));
  }

  @Test
  void manyKeysAreDeletedAtOnce() {
    s3.put(B, "many/1", "1");
    s3.put(B, "many/2", "1");

    DeleteObjectsResponse reply =
        s3.client()
            .deleteObjects(r ->
                r.bucket(B)
                    .delete(d ->
                        d.objects(
                            ObjectIdentifier.builder().key("many/1").build(),
                            ObjectIdentifier.builder().key("many/2").build(),
                            ObjectIdentifier.builder().key("many/3").build(),
                            ObjectIdentifier.builder().key("many/../x").build())));

    assertThat(reply.deleted()).hasSize(3);
    assertThat(reply.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.code()).isEqualTo("InvalidArgument"));
    assertThat(s3.client().listObjectsV2(r -> r.bucket(B).prefix("many/")).keyCount()).isZero();
    assertThat(reply.deleted().stream().map(d -> d.deleteMarkerVersionId()).distinct()).hasSize(1);
  }

  @Test
  void quietDeletesSayErrorsAlone() throws Exception {
    s3.put(B, "quiet", "1");
    String document =
        "<Delete><Quiet>true</Quiet><Object><Key>quiet</Key></Object>"
            + "<Object><Key>a//b</Key></Object></Delete>";

    HttpResponse<String> reply =
        s3.send("POST", "/" + B + "?delete", Map.of(), document.getBytes(StandardCharsets.UTF_8));

    assertThat(reply.body()).doesNotContain("Deleted").contains("<Key>a//b</Key>");
  }

  @Test
  void folderMarkersStayAndAreNoFiles() {
    s3.put(B, "folder/", "");

    assertThat(s3.client().headObject(r -> r.bucket(B).key("folder/")).contentLength()).isZero();
    assertThatThrownBy(() -> s3.client().headObject(r -> r.bucket(B).key("folder")))
        .isInstanceOf(NoSuchKeyException.class);
    s3.put(B, "folder/x", "1");
    s3.client().deleteObject(r -> r.bucket(B).key("folder/x"));
    assertThat(s3.client().listObjectsV2(r -> r.bucket(B).prefix("folder")).contents())
        .singleElement()
        .satisfies(object -> assertThat(object.key()).isEqualTo("folder/"));
    s3.client().deleteObject(r -> r.bucket(B).key("folder/"));
    assertThat(s3.client().listObjectsV2(r -> r.bucket(B).prefix("folder")).contents()).isEmpty();
    refused("InvalidArgument", () -> s3.put(B, "folder/", "bytes"));
  }

  @Test
  void aKeyBesideTheFolderOfAnotherIsAConflict() {
    s3.put(B, "clash/inner", "1");

    assertThatThrownBy(() -> s3.put(B, "clash", "2"))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(409);
              assertThat(e.getMessage()).contains("`/clash`").contains("`/clash/inner`");
            });
  }

  /// Without a setting of the branch, writes gather until a key `_SUCCESS` comes.
  @Test
  void aThousandPutsOfAJobAreOneCommit() throws Exception {
    String bucket = "master.spark";
    s3.client().createBucket(r -> r.bucket(bucket));
    String commits = "/api/v1/projects/default/repos/spark/commits";
    s3.put(bucket, "t/_temporary/0/task/part-0", "0");
    s3.client()
        .copyObject(r ->
            r.sourceBucket(bucket)
                .sourceKey("t/_temporary/0/task/part-0")
                .destinationBucket(bucket)
                .destinationKey("t/part-0"));
    assertThat(s3.get(bucket, "t/part-0")).as("read what was written").isEqualTo("0");
    s3.client().deleteObject(r -> r.bucket(bucket).key("t/_temporary/0/task/part-0"));
    assertThat(s3.server().get(commits).body()).contains("\"state\":\"open\"");
    s3.put(bucket, "t/_SUCCESS", "");

    assertThat(TestServer.json(s3.server().get(commits)).path("items"))
        .singleElement()
        .satisfies(commit -> assertThat(commit.path("state").stringValue()).isEqualTo("finished"));
  }
}
