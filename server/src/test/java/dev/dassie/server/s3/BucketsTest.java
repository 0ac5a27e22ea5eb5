package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Buckets are branches, tags and commits; what clients ask of them before they use them.
class BucketsTest {
  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server(home);
    s3.put(s3.bucket("master.images"), "a/b", "1");
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static String commit() {
    return s3.client().headObject(r -> r.bucket("master.images").key("a/b")).versionId();
  }

  @Test
  void aBucketIsARepoAndABranch() throws Exception {
    String bucket = s3.bucket("dev.films");

    assertThat(s3.server().get("/api/v1/projects/default/repos/films/branches/dev").statusCode())
        .isEqualTo(200);
    assertThat(s3.client().listBuckets().buckets().stream().map(Bucket::name))
        .contains("master.images", bucket);
    assertThat(s3.client().headBucket(r -> r.bucket(bucket)).bucketRegion()).isEqualTo("us-east-1");
    assertThatThrownBy(() -> s3.bucket(bucket))
        .isInstanceOf(BucketAlreadyOwnedByYouException.class);
    s3.client().deleteBucket(r -> r.bucket(bucket));
    assertThat(s3.server().get("/api/v1/projects/default/repos/films").statusCode()).isEqualTo(404);
  }

  @Test
  void theDefaultBranchOfARepoIsABucketFromTheFirst() throws Exception {
    assertThat(
            s3.server().post("/api/v1/projects/default/repos", "{\"name\":\"fresh\"}").statusCode())
        .isEqualTo(201);

    assertThat(s3.client().listObjectsV2(r -> r.bucket("master.fresh")).keyCount()).isZero();
    s3.put("master.fresh", "a", "1");

    assertThat(s3.client().listObjectsV2(r -> r.bucket("master.fresh")).keyCount()).isOne();
    assertThatThrownBy(() -> s3.client().headBucket(r -> r.bucket("dev.fresh")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(404));
  }

  @Test
  void bucketsAreListedInPages() {
    s3.bucket("one.pages");
    s3.bucket("two.pages");

    List<String> names =
        s3.client().listBucketsPaginator(r -> r.maxBuckets(1)).buckets().stream()
            .map(Bucket::name)
            .toList();

    assertThat(names).contains("one.pages", "two.pages", "master.images").doesNotHaveDuplicates();
  }

  @Test
  void aBucketWithKeysIsNotDeleted() {
    assertThatThrownBy(() -> s3.client().deleteBucket(r -> r.bucket("master.images")))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BucketNotEmpty"));
  }

  @Test
  void tagsAndCommitsAreReadAndNeverWritten() throws Exception {
    assertThat(
            s3.server()
                .put("/api/v1/projects/default/repos/images/tags/v1", "{\"head\":\"master\"}")
                .statusCode())
        .isLessThan(300);

    for (String bucket : List.of("v1.images", commit() + ".master.images")) {
      assertThat(s3.get(bucket, "a/b")).isEqualTo("1");
      assertThatThrownBy(() -> s3.put(bucket, "c", "2"))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images",
        "other.images",
        "master.nothing",
        "master.images.nowhere",
        "00000000000000000000000000000000.master.images",
        "a.b.c.d.e",
        "master..images",
        "master.im%20ages"
      })
  void aBucketThatIsNotThereIsSaidSo(String bucket) throws Exception {
    assertThat(s3.send("GET", "/" + bucket))
        .satisfies(reply -> assertThat(reply.statusCode()).isEqualTo(404))
        .satisfies(reply -> assertThat(reply.body()).contains("<Code>NoSuchBucket</Code>"));
  }

  @ParameterizedTest
  @CsvSource({
    "location, 200, LocationConstraint",
    "versioning, 200, <Status>Enabled</Status>",
    "acl, 200, FULL_CONTROL",
    "logging, 200, BucketLoggingStatus",
    "notification, 200, NotificationConfiguration",
    "requestPayment, 200, BucketOwner",
    "accelerate, 200, AccelerateConfiguration",
    "policyStatus, 200, <IsPublic>false</IsPublic>",
    "policy, 404, <Code>NoSuchBucketPolicy</Code>",
    "tagging, 404, <Code>NoSuchTagSet</Code>",
    "lifecycle, 404, <Code>NoSuchLifecycleConfiguration</Code>",
    "cors, 404, <Code>NoSuchCORSConfiguration</Code>",
    "encryption, 404, <Code>ServerSideEncryptionConfigurationNotFoundError</Code>",
    "object-lock, 404, <Code>ObjectLockConfigurationNotFoundError</Code>",
    "website, 404, <Code>NoSuchWebsiteConfiguration</Code>",
    "replication, 404, <Code>ReplicationConfigurationNotFoundError</Code>",
    "ownershipControls, 404, <Code>OwnershipControlsNotFoundError</Code>",
    "publicAccessBlock, 404, <Code>NoSuchPublicAccessBlockConfiguration</Code>",
    "inventory, 400, <Code>NotImplemented</Code>",
    "nonsense, 400, <Code>NotImplemented</Code>",
  })
  void whatClientsProbeForIsAnswered(String subResource, int status, String content)
      throws Exception {
    assertThat(s3.send("GET", "/master.images?" + subResource))
        .satisfies(reply -> assertThat(reply.statusCode()).isEqualTo(status))
        .satisfies(reply -> assertThat(reply.body()).contains(content));
  }

  @ParameterizedTest
  @CsvSource({
    "acl, 200, FULL_CONTROL",
    "tagging, 200, <TagSet></TagSet>",
    "retention, 404, <Code>NoSuchObjectLockConfiguration</Code>",
    "legal-hold, 404, <Code>NoSuchObjectLockConfiguration</Code>",
    "torrent, 400, <Code>NotImplemented</Code>",
  })
  void whatClientsProbeOfObjectsIsAnswered(String subResource, int status, String content)
      throws Exception {
    assertThat(s3.send("GET", "/master.images/a/b?" + subResource))
        .satisfies(reply -> assertThat(reply.statusCode()).isEqualTo(status))
        .satisfies(reply -> assertThat(reply.body()).contains(content));
  }

  /// s3cmd writes back what it read.
  @Test
  void anAccessListThatSaysWhatIsSoIsTaken() throws Exception {
    for (String path : List.of("/master.images?acl", "/master.images/a/b?acl")) {
      String own = s3.send("GET", path).body();
      String other =
          own.replaceFirst(
              "<ID>[0-9a-f]+</ID><DisplayName>dassie</DisplayName></Grantee>",
              "<ID>you</ID></Grantee>");

      assertThat(s3.send("PUT", path, Map.of(), Signing.utf8(own)).statusCode()).isEqualTo(200);
      assertThat(s3.send("PUT", path, Map.of("x-amz-acl", "private"), new byte[0]).statusCode())
          .isEqualTo(200);
      assertThat(s3.send("PUT", path, Map.of(), Signing.utf8(other)).body())
          .contains("<Code>AccessControlListNotSupported</Code>");
      assertThat(s3.send("PUT", path, Map.of("x-amz-acl", "public-read"), new byte[0]).body())
          .contains("<Code>AccessControlListNotSupported</Code>");
    }
  }

  @Test
  void aMethodThatIsNotServedIsSaidSo() throws Exception {
    for (String call : List.of("DELETE ?acl", "PUT ?versioning", "POST ", "DELETE ?policy")) {
      String[] parts = call.split(" ", 2);
      assertThat(s3.send(parts[0], "/master.images" + parts[1]))
          .satisfies(reply -> assertThat(reply.statusCode()).isEqualTo(405))
          .satisfies(reply -> assertThat(reply.body()).contains("<Code>MethodNotAllowed</Code>"));
    }
  }

  @Test
  void aBucketMayStandInTheHost() throws Exception {
    // The JDK's client sets no Host: sent by hand.
    String host = "master.images.localhost:" + s3.uri().getPort();
    Signing signing = new Signing(java.net.URI.create("http://" + host), "ann", "ann");
    Map<String, String> headers = signing.sign("GET", "/a/b", Map.of(), new byte[0]);

    assertThat(RawClient.send(s3.uri(), "GET /a/b HTTP/1.1", headers, new byte[0]))
        .startsWith("HTTP/1.1 200")
        .endsWith("\r\n\r\n1");
  }

  @Test
  void aBucketNameThatNoBranchCanHaveIsRefused() {
    for (String name : List.of("plain", "a.b.c.d", "0123456789abcdef0123456789abcdef.repo")) {
      assertThatThrownBy(() -> s3.bucket(name))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidBucketName"));
    }
  }
}
