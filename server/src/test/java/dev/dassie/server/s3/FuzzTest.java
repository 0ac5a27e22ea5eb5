package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever comes, the answer is none of 5xx, and there is one. Requests are made of good and bad
/// pieces with right signatures, so that they reach the operations, or are good requests whose
/// bytes were damaged on the way.
class FuzzTest {
  private static final long SEED = Long.getLong("dassie.seed", 20261121);
  private static final int SIGNED = Integer.getInteger("dassie.fuzz", 600);
  private static final int DAMAGED = SIGNED / 2;

  private static final List<String> METHODS =
      List.of("GET", "GET", "HEAD", "PUT", "PUT", "POST", "DELETE", "PATCH", "TRACE", "get", "X");
  private static final List<String> PATHS =
      List.of(
          "/",
          "/master.fuzz",
          "/master.fuzz/",
          "/master.fuzz/a",
          "/master.fuzz/a/b",
          "/master.fuzz/d/",
          "/master.fuzz/%00",
          "/master.fuzz/%FF",
          "/master.fuzz/..",
          "/master.fuzz/a/%2e%2e/b",
          "/master.fuzz//",
          "/%",
          "/%2",
          "/master.fuzz/%zz",
          "/v1.fuzz/a",
          "/nothing",
          "/a.b.c.d.e",
          "/master.fuzz/" + "k".repeat(2000),
          "//",
          "/master.fuzz/%C3%BC",
          "/master.fuzz/a b",
          "*",
          "");
  private static final List<String> NAMES =
      List.of(
          "list-type",
          "prefix",
          "delimiter",
          "marker",
          "start-after",
          "continuation-token",
          "max-keys",
          "encoding-type",
          "versions",
          "uploads",
          "uploadId",
          "partNumber",
          "versionId",
          "delete",
          "acl",
          "policy",
          "tagging",
          "location",
          "attributes",
          "key-marker",
          "version-id-marker",
          "upload-id-marker",
          "max-parts",
          "part-number-marker",
          "max-uploads",
          "response-content-type",
          "fetch-owner",
          "cors",
          "lifecycle",
          "torrent",
          "nonsense",
          "max-buckets",
          "restore",
          "X-Amz-Expires",
          "select");
  private static final List<String> VALUES =
      List.of(
          "",
          "2",
          "1",
          "0",
          "-1",
          "99999999999999999999",
          "a",
          "/",
          "a/",
          "%2F",
          "%00",
          "%FF",
          "url",
          "null",
          "true",
          "00000000000000000000000000000000",
          "%0D%0A",
          "%F0%9F%90%98",
          "AQA",
          "..",
          "x".repeat(500));
  private static final List<String> HEADERS =
      List.of(
          "Range",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          "Content-MD5",
          "Content-Type",
          "Content-Encoding",
          "x-amz-copy-source",
          "x-amz-copy-source-range",
          "x-amz-copy-source-if-match",
          "x-amz-metadata-directive",
          "x-amz-meta-a",
          "x-amz-checksum-crc32",
          "x-amz-checksum-sha256",
          "x-amz-trailer",
          "x-amz-decoded-content-length",
          "x-amz-acl",
          "x-amz-storage-class",
          "x-amz-tagging",
          "x-amz-object-attributes",
          "x-amz-checksum-algorithm",
          "x-amz-checksum-type",
          "x-amz-checksum-mode",
          "x-amz-content-sha256",
          "Expires",
          "Cache-Control");
  private static final List<String> CONTENTS =
      List.of(
          "",
          "*",
          "bytes=0-0",
          "bytes=5-1",
          "bytes=-0",
          "bytes=9999999999999999999999-",
          "\"abc\"",
          "Sat, 21 Nov 2026 22:56:22 GMT",
          "nonsense",
          "AAAA",
          "AAAAAA==",
          "0",
          "-1",
          "3",
          "99999999999999999999",
          "/master.fuzz/a",
          "master.fuzz/a?versionId=x",
          "/",
          "//",
          "%",
          "/master.fuzz/%FF",
          "UNSIGNED-PAYLOAD",
          "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
          "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "x-amz-checksum-crc32",
          "REPLACE",
          "CRC32",
          "FULL_OBJECT",
          "COMPOSITE",
          "aws-chunked",
          "ETag,ObjectSize",
          "\u00ff\u00fe",
          "y".repeat(3000));
  private static final List<String> BODIES =
      List.of(
          "",
          "a",
          "<",
          "<a/>",
          "<Delete/>",
          "<Delete><Object><Key>a</Key></Object></Delete>",
          "<Delete><Object></Object></Delete>",
          "<CompleteMultipartUpload/>",
          "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
          "<CompleteMultipartUpload><Part><PartNumber>-1</PartNumber></Part></CompleteMultipartUpload>",
          "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Delete>&b;</Delete>",
          "<CreateBucketConfiguration/>",
          "3\r\nabc\r\n0\r\n\r\n",
          "FFFFFFFFFFFFFFFFF\r\n",
          "-1\r\n",
          "3;chunk-signature=0\r\nabc\r\n0;chunk-signature=0\r\n\r\n",
          "\u0000\u00ff");

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() throws Exception {
    s3 = new S3Server(home);
    s3.put(s3.bucket("master.fuzz"), "a/b", "bytes");
    s3.put("master.fuzz", "c", "bytes");
    assertThat(
            s3.server()
                .put("/api/v1/projects/default/repos/fuzz/tags/v1", "{\"head\":\"master\"}")
                .statusCode())
        .isLessThan(300);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static void answered(String what, String reply) {
    assertThat(reply).as(what).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 5");
  }

  private static String line(Random random) {
    StringBuilder path = new StringBuilder(one(random, PATHS));
    int parameters = random.nextInt(4);
    for (int i = 0; i < parameters; i++) {
      path.append(i == 0 ? '?' : '&').append(one(random, NAMES));
      path.append(random.nextBoolean() ? "=" + one(random, VALUES) : "");
    }
    return path.toString();
  }

  @Test
  void whatIsSignedAndWrongIsAnsweredAndNoFailure() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < SIGNED; round++) {
      String method = one(random, METHODS);
      String path = line(random);
      Map<String, String> headers = new TreeMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        headers.put(one(random, HEADERS), one(random, CONTENTS));
      }
      byte[] body = one(random, BODIES).getBytes(StandardCharsets.ISO_8859_1);
      Map<String, String> signed =
          new Signing(s3.uri(), S3Server.KEY, S3Server.KEY).canonical(method, path, headers, body);

      String what = "seed %d round %d: %s %s %s".formatted(SEED, round, method, path, headers);
      answered(what, RawClient.send(s3.uri(), method + " " + path + " HTTP/1.1", signed, body));
    }
    assertThat(s3.get("master.fuzz", "a/b")).isNotNull();
  }

  @Test
  void whatIsDamagedOnTheWayIsAnsweredOrEnded() throws Exception {
    Random random = new Random(SEED + 1);
    for (int round = 0; round < DAMAGED; round++) {
      byte[] good = good();
      int damages = 1 + random.nextInt(4);
      for (int i = 0; i < damages; i++) {
        good = damaged(random, good);
      }

      String reply = RawClient.send(s3.uri(), good);

      // A connection that ends without a word is an answer to what is no HTTP.
      assertThat(reply)
          .as("seed %d round %d", SEED + 1, round)
          .doesNotStartWith("HTTP/1.1 5")
          .doesNotContain("\nHTTP/1.1 5");
    }
  }

  private static byte[] good() {
    byte[] body = Signing.utf8("bytes of the body");
    Map<String, String> headers =
        new Signing(s3.uri(), S3Server.KEY, S3Server.KEY)
            .sign("PUT", "/master.fuzz/a/b", Map.of("x-amz-meta-a", "b"), body);
    StringBuilder head = new StringBuilder("PUT /master.fuzz/a/b HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Signing.utf8(head.toString()));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static byte[] damaged(Random random, byte[] bytes) {
    int at = random.nextInt(bytes.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(bytes, 0, at);
    switch (random.nextInt(4)) {
      case 0 -> all.write(random.nextInt(256));
      case 1 -> all.writeBytes(new byte[] {'\r', '\n'});
      case 2 -> all.writeBytes("A".repeat(random.nextInt(40_000)).getBytes(StandardCharsets.UTF_8));
      default -> {}
    }
    int rest = Math.min(bytes.length, at + random.nextInt(30));
    all.write(bytes, rest, bytes.length - rest);
    return all.size() == 0 ? new byte[] {'\n'} : all.toByteArray();
  }
}
