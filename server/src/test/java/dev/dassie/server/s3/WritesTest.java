package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// PutObject.
class WritesTest {
  private static final String B = "master.writes";

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

  private static String path(String key) {
    return "/" + B + "/" + key;
  }

  @Test
  void whatIsSaidOfAnObjectIsKept() {
    PutObjectResponse put =
        s3.client()
            .putObject(
                r ->
                    r.bucket(B)
                        .key("described")
                        .contentType("text/csv; charset=utf-8")
                        .cacheControl("max-age=5")
                        .contentDisposition("inline")
                        .contentEncoding("gzip")
                        .contentLanguage("de")
                        .metadata(Map.of("colour", "blue", "more-words", "a  b")),
                RequestBody.fromString("a,b"));

    GetObjectResponse got =
        s3.client().getObjectAsBytes(r -> r.bucket(B).key("described")).response();

    assertThat(put.eTag()).isEqualTo("\"b345e1dc09f20fdefdea469f09167892\"");
    assertThat(got.eTag()).isEqualTo(put.eTag());
    assertThat(got.contentType()).isEqualTo("text/csv; charset=utf-8");
    assertThat(got.cacheControl()).isEqualTo("max-age=5");
    assertThat(got.contentDisposition()).isEqualTo("inline");
    assertThat(got.contentEncoding()).isEqualTo("gzip");
    assertThat(got.contentLanguage()).isEqualTo("de");
    assertThat(got.metadata()).containsEntry("colour", "blue").containsEntry("more-words", "a  b");
    assertThat(got.versionId()).isEqualTo(put.versionId());
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "SHA1", "SHA256"})
  void checksumsAreVerifiedAndComeBack(ChecksumAlgorithm algorithm) {
    String key = "sum-" + algorithm;

    PutObjectResponse put =
        s3.client()
            .putObject(
                r -> r.bucket(B).key(key).checksumAlgorithm(algorithm),
                RequestBody.fromString("bytes"));

    GetObjectResponse got =
        s3.client()
            .getObjectAsBytes(r -> r.bucket(B).key(key).checksumMode(ChecksumMode.ENABLED))
            .response();
    List<String> sums =
        java.util.Arrays.asList(got.checksumCRC32(), got.checksumSHA1(), got.checksumSHA256());
    assertThat(sums)
        .filteredOn(java.util.Objects::nonNull)
        .singleElement()
        .isIn(put.checksumCRC32(), put.checksumSHA1(), put.checksumSHA256());
  }

  /// Of the text `123456789`, and wrong ones.
  @ParameterizedTest
  @CsvSource({
    "Content-MD5, JfnnlDI7RTiF9RgfG2JNCw==, 200, ''",
    "Content-MD5, AAAAAAAAAAAAAAAAAAAAAA==, 400, BadDigest",
    "Content-MD5, nonsense, 400, InvalidDigest",
    "x-amz-checksum-crc32, y/Q5Jg==, 200, ''",
    "x-amz-checksum-crc32, AAAAAA==, 400, BadDigest",
    "x-amz-checksum-crc32, AAAA, 400, InvalidRequest",
    "x-amz-checksum-crc32c, 4waSgw==, 200, ''",
    "x-amz-checksum-crc32c, AAAAAA==, 400, BadDigest",
    "x-amz-checksum-crc64nvme, rosUhgp5mIg=, 200, ''",
    "x-amz-checksum-crc64nvme, AAAAAAAAAAA=, 400, BadDigest",
    "x-amz-checksum-sha1, 98O8HYCOBHMq32eZZczDTKeuNEE=, 200, ''",
    "x-amz-checksum-sha256, FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSyJUF=, 400, BadDigest",
    "x-amz-content-sha256, 0000000000000000000000000000000000000000000000000000000000000000, 400, XAmzContentSHA256Mismatch",
    "x-amz-content-sha256, nonsense, 400, InvalidArgument",
  })
  void digestsOfEveryKindAreChecked(String header, String value, int status, String code)
      throws Exception {
    String key = "digest-" + Integer.toHexString((header + value).hashCode());

    HttpResponse<String> reply =
        s3.send(
            "PUT", path(key), Map.of(header, value), "123456789".getBytes(StandardCharsets.UTF_8));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains(code);
    int read = s3.send("HEAD", path(key)).statusCode();
    assertThat(read).isEqualTo(status == 200 ? 200 : 404);
  }

  @Test
  void twoChecksumsOfOneBodyAreRefused() throws Exception {
    assertThat(
            s3.send(
                    "PUT",
                    path("two"),
                    Map.of("x-amz-checksum-crc32", "y/Q5Jg==", "x-amz-checksum-crc32c", "4waSgw=="),
                    new byte[0])
                .body())
        .contains("<Code>InvalidRequest</Code>");
  }

  @Test
  void aKeyIsCreatedOnceHoweverManyTry() throws Exception {
    List<Callable<Integer>> calls =
        java.util.stream.IntStream.range(0, 12)
            .<Callable<Integer>>mapToObj(i ->
                () ->
                    s3.send(
                            "PUT",
                            path("once"),
                            Map.of("If-None-Match", "*"),
                            new byte[] {(byte) i})
                        .statusCode())
            .toList();
    List<Integer> statuses = new java.util.ArrayList<>();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> one : all.invokeAll(calls)) {
        statuses.add(one.get());
      }
    }

    assertThat(statuses).containsOnlyOnce(200).filteredOn(s -> s != 200).containsOnly(412);
  }

  @Test
  void aKeyIsReplacedOnlyWhereItIsWhatWasExpected() {
    s3.put(B, "swapped", "1");
    String tag = s3.client().headObject(r -> r.bucket(B).key("swapped")).eTag();
    s3.client()
        .putObject(r -> r.bucket(B).key("swapped").ifMatch(tag), RequestBody.fromString("2"));

    refused(
        "PreconditionFailed",
        () ->
            s3.client()
                .putObject(
                    r -> r.bucket(B).key("swapped").ifMatch(tag), RequestBody.fromString("3")));
    refused(
        "NoSuchKey",
        () ->
            s3.client()
                .putObject(
                    r -> r.bucket(B).key("not-there").ifMatch(tag), RequestBody.fromString("3")));
    assertThat(s3.get(B, "swapped")).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource({
    "a/../b, InvalidArgument",
    "./b, InvalidArgument",
    "a//b, InvalidArgument",
    "a%00b, InvalidRequest",
    "%FF, InvalidURI",
    "a%C0%AFb, InvalidURI",
    "%2e%2e/b, InvalidArgument",
  })
  void keysThatNoFileCanHaveAreRefused(String key, String code) throws Exception {
    Signing signing = new Signing(s3.uri(), S3Server.KEY, S3Server.KEY);
    Map<String, String> headers = signing.sign("PUT", path(key), Map.of(), new byte[0]);

    String reply = RawClient.send(s3.uri(), "PUT " + path(key) + " HTTP/1.1", headers, new byte[0]);

    assertThat(reply).startsWith("HTTP/1.1 4");
    assertThat(reply)
        .containsAnyOf("<Code>" + code + "</Code>", "<Code>SignatureDoesNotMatch</Code>");
    assertThat(reply).doesNotContain("HTTP/1.1 2");
  }

  @Test
  void limitsOfAmazonAreLimitsHere() {
    refused("KeyTooLongError", () -> s3.put(B, "k".repeat(1025), "1"));
    s3.put(B, "k".repeat(1024), "1");
    refused(
        "MetadataTooLarge",
        () ->
            s3.client()
                .putObject(
                    r -> r.bucket(B).key("meta").metadata(Map.of("a", "b".repeat(2048))),
                    RequestBody.fromString("")));
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-server-side-encryption, AES256, NotImplemented",
    "x-amz-acl, public-read, AccessControlListNotSupported",
    "x-amz-grant-read, id=x, AccessControlListNotSupported",
    "x-amz-storage-class, GLACIER, InvalidStorageClass",
    "x-amz-tagging, a=b, NotImplemented",
    "x-amz-object-lock-mode, GOVERNANCE, NotImplemented",
    "If-None-Match, abc, NotImplemented",
  })
  void whatWouldBePromisedInVainIsRefused(String header, String value, String code)
      throws Exception {
    HttpResponse<String> reply = s3.send("PUT", path("vain"), Map.of(header, value), new byte[0]);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("<Code>" + code + "</Code>");
  }

  @Test
  void aPrivateObjectOfTheStandardClassIsOrdinary() throws Exception {
    assertThat(
            s3.send(
                    "PUT",
                    path("ordinary"),
                    Map.of("x-amz-acl", "private", "x-amz-storage-class", "STANDARD"),
                    new byte[0])
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aBodyWithoutALengthIsRefused() throws Exception {
    Signing signing = new Signing(s3.uri(), S3Server.KEY, S3Server.KEY);
    Map<String, String> headers =
        signing.sign(
            "PUT",
            path("endless"),
            Map.of("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
            new byte[0]);
    StringBuilder request = new StringBuilder("PUT " + path("endless") + " HTTP/1.1\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    request.append("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n");

    assertThat(RawClient.send(s3.uri(), request.toString().getBytes(StandardCharsets.UTF_8)))
        .startsWith("HTTP/1.1 411")
        .contains("<Code>MissingContentLength</Code>");
  }

  @Test
  void bytesComeBackAsTheyWere() {
    byte[] bytes = new byte[3_000_001];
    new java.util.Random(7).nextBytes(bytes);

    s3.client().putObject(r -> r.bucket(B).key("bytes"), RequestBody.fromBytes(bytes));

    assertThat(s3.client().getObjectAsBytes(r -> r.bucket(B).key("bytes")).asByteArray())
        .isEqualTo(bytes);
    assertThat(Base64.getEncoder().encodeToString(Signing.sha256(bytes))).isNotEmpty();
  }
}
