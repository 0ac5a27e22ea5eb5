package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// GetObject, HeadObject and GetObjectAttributes.
class ReadsTest {
  private static final String B = "master.reads";
  private static final String MD5 = "781e5e245d69b566979b86e28d23f2c7";

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() throws Exception {
    s3 = new S3Server(home);
    s3.bucket(B);
    s3.put(B, "digits", "0123456789");
    assertThat(
            s3.server()
                .put("/api/v1/projects/default/repos/reads/commits/master/file?path=/cli", "x")
                .statusCode())
        .isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void requestsAreCountedByOperationAndStatus() throws Exception {
    s3.send("GET", "/" + B + "/digits", Map.of(), new byte[0]);
    s3.send("HEAD", "/" + B + "/nothing", Map.of(), new byte[0]);

    assertThat(s3.server().get("/metrics").body())
        .contains("dassie_s3_requests_seconds_count{operation=\"GetObject\",status=\"200\"}")
        .contains("dassie_s3_requests_seconds_count{operation=\"HeadObject\",status=\"404\"}")
        .contains("dassie_s3_received_bytes_total")
        .contains("dassie_s3_sent_bytes_total");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 206, 0, bytes 0-0/10",
    "bytes=2-4, 206, 234, bytes 2-4/10",
    "bytes=7-, 206, 789, bytes 7-9/10",
    "bytes=-3, 206, 789, bytes 7-9/10",
    "bytes=-100, 206, 0123456789, bytes 0-9/10",
    "bytes=5-99999999999999999999999, 206, 56789, bytes 5-9/10",
    "bytes=4-2, 200, 0123456789,",
    "'bytes=0-1,3-4', 200, 0123456789,",
    "bytes=, 200, 0123456789,",
    "lines=1-2, 200, 0123456789,",
    "bytes=10-, 416, , bytes */10",
    "bytes=-0, 416, , bytes */10",
    "bytes=99999999999999999999999-, 416, , bytes */10",
  })
  void rangesAreAsAmazonHasThem(String range, int status, String body, String contentRange)
      throws Exception {
    HttpResponse<String> reply =
        s3.send("GET", "/" + B + "/digits", Map.of("Range", range), new byte[0]);

    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Range").orElse(null)).isEqualTo(contentRange);
    if (status == 416) {
      assertThat(reply.body()).contains("<Code>InvalidRange</Code>");
    } else {
      assertThat(reply.body()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SAME, , , , 200",
    "OTHER, , , , 412",
    "*, , , , 200",
    "'OTHER, SAME', , , , 200",
    ", SAME, , , 304",
    ", OTHER, , , 200",
    ", *, , , 304",
    ", , AFTER, , 304",
    ", , BEFORE, , 200",
    ", , nonsense, , 200",
    ", , , AFTER, 200",
    ", , , BEFORE, 412",
    "SAME, , , BEFORE, 200",
    ", OTHER, AFTER, , 200",
    "OTHER, SAME, , , 412",
  })
  void conditionsHaveTheirOrder(
      String match, String noneMatch, String modified, String unmodified, int status)
      throws Exception {
    Map<String, String> headers = new java.util.TreeMap<>();
    put(headers, "If-Match", match);
    put(headers, "If-None-Match", noneMatch);
    put(headers, "If-Modified-Since", modified);
    put(headers, "If-Unmodified-Since", unmodified);

    assertThat(s3.send("GET", "/" + B + "/digits", headers, new byte[0]).statusCode())
        .isEqualTo(status);
  }

  private static void put(Map<String, String> headers, String name, String value) {
    if (value != null) {
      String text =
          value
              .replace("SAME", "\"" + MD5 + "\"")
              .replace("OTHER", "\"" + "0".repeat(32) + "\"")
              .replace("AFTER", Exchange.HTTP_DATE.format(Instant.now().plus(Duration.ofDays(1))))
              .replace(
                  "BEFORE", Exchange.HTTP_DATE.format(Instant.now().minus(Duration.ofDays(1))));
      headers.put(name, text);
    }
  }

  @Test
  void headSaysWhatGetSays() throws Exception {
    HeadObjectResponse head = s3.client().headObject(r -> r.bucket(B).key("digits"));

    assertThat(head.eTag()).isEqualTo("\"" + MD5 + "\"");
    assertThat(head.contentLength()).isEqualTo(10);
    assertThat(head.acceptRanges()).isEqualTo("bytes");
    assertThat(head.lastModified()).isBefore(Instant.now().plusSeconds(1));
    HttpResponse<String> missing = s3.send("HEAD", "/" + B + "/nothing");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
    assertThatThrownBy(() -> s3.get(B, "nothing")).isInstanceOf(NoSuchKeyException.class);
  }

  @Test
  void aFileFromElsewhereHasATagThatIsNoMd5() {
    HeadObjectResponse head = s3.client().headObject(r -> r.bucket(B).key("cli"));

    assertThat(head.eTag()).isEqualTo("\"2d711642b726b04401627ca9fbac32f5-1\"");
    assertThat(head.contentType()).isEqualTo("application/octet-stream");
  }

  @Test
  void headersOfTheReplyCanBeChosen() {
    GetObjectResponse reply =
        s3.client()
            .getObjectAsBytes(r ->
                r.bucket(B)
                    .key("digits")
                    .responseContentType("text/csv")
                    .responseContentDisposition("attachment; filename=x.csv")
                    .responseCacheControl("no-cache"))
            .response();

    assertThat(reply.contentType()).isEqualTo("text/csv");
    assertThat(reply.contentDisposition()).isEqualTo("attachment; filename=x.csv");
    assertThat(reply.cacheControl()).isEqualTo("no-cache");
  }

  @Test
  void aHeaderThatWouldBreakTheReplyIsRefused() throws Exception {
    assertThat(s3.send("GET", "/" + B + "/digits?response-content-type=a%0D%0Ab%3A%20c").body())
        .contains("<Code>InvalidArgument</Code>");
  }

  @Test
  void aVersionIsACommitAndIsRead() {
    String bucket = s3.bucket("versions.reads");
    s3.put(bucket, "f", "one");
    String first = s3.client().headObject(r -> r.bucket(bucket).key("f")).versionId();
    s3.put(bucket, "f", "two");

    ResponseBytes<GetObjectResponse> old =
        s3.client().getObjectAsBytes(r -> r.bucket(bucket).key("f").versionId(first));

    assertThat(old.asString(StandardCharsets.UTF_8)).isEqualTo("one");
    assertThat(old.response().versionId()).isEqualTo(first);
    assertThat(s3.get(bucket, "f")).isEqualTo("two");
    assertThatThrownBy(
            () -> s3.client().headObject(r -> r.bucket(bucket).key("f").versionId("nonsense")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
    assertThatThrownBy(() ->
            s3.client().getObjectAsBytes(r -> r.bucket(bucket).key("f").versionId("0".repeat(32))))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchVersion"));
  }

  @Test
  void attributesAreTold() {
    GetObjectAttributesResponse known =
        s3.client()
            .getObjectAttributes(r ->
                r.bucket(B)
                    .key("digits")
                    .objectAttributes(
                        ObjectAttributes.E_TAG,
                        ObjectAttributes.OBJECT_SIZE,
                        ObjectAttributes.STORAGE_CLASS,
                        ObjectAttributes.CHECKSUM));

    assertThat(known.objectSize()).isEqualTo(10);
    assertThat(known.eTag()).isEqualTo(MD5);
    assertThat(known.checksum().checksumCRC32()).isNotEmpty();
  }

  @Test
  void aPartOfAnObjectThatHasNoneIsAllOfIt() {
    GetObjectResponse first =
        s3.client().getObjectAsBytes(r -> r.bucket(B).key("digits").partNumber(1)).response();

    assertThat(first.contentRange()).isEqualTo("bytes 0-9/10");
    assertThatThrownBy(
            () -> s3.client().getObjectAsBytes(r -> r.bucket(B).key("digits").partNumber(2)))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidPartNumber"));
  }
}
