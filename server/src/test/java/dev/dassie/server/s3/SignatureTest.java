package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.job.bucket.Grant;
import dev.dassie.job.bucket.Grants;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import tools.jackson.databind.JsonNode;

/// Who may ask: signatures in headers, in URLs and in bodies.
class SignatureTest {
  private static final String B = "master.signed";
  private static final byte[] NONE = {};

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server(home);
    s3.bucket(B);
    s3.put(B, "f", "bytes");
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static void refused(HttpResponse<String> reply, int status, String code) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body())
        .contains("<Code>" + code + "</Code>")
        .contains("<RequestId>")
        .contains("<Resource>");
  }

  @Test
  void nobodyIsNobody() throws Exception {
    refused(s3.plain("GET", "/", Map.of(), NONE), 403, "AccessDenied");
    refused(s3.plain("GET", "/" + B + "/f", Map.of(), NONE), 403, "AccessDenied");
    refused(s3.plain("OPTIONS", "/" + B + "/f", Map.of(), NONE), 403, "AccessForbidden");
  }

  @Test
  void anAccessKeyThatWasMadeSignsUntilItIsDeleted() throws Exception {
    JsonNode key = dev.dassie.api.Json.parse(s3.server().post("/api/v1/access-keys", "").body());
    String id = key.path("id").stringValue();

    try (S3Client client = s3.client(id, key.path("secret").stringValue())) {
      assertThat(client.getObjectAsBytes(r -> r.bucket(B).key("f")).asUtf8String())
          .isEqualTo("bytes");
    }
    // A key that was made is none that anybody may make up.
    refused(
        s3.plain(
            "GET",
            "/" + B,
            new Signing(s3.uri(), id, id).sign("GET", "/" + B, Map.of(), NONE),
            NONE),
        403,
        "SignatureDoesNotMatch");
    assertThat(s3.server().delete("/api/v1/access-keys/" + id).statusCode()).isEqualTo(204);
    assertThat(s3.server().get("/api/v1/access-keys").body()).doesNotContain(id);
  }

  @Test
  void pairsThatAnybodyMayMakeUpAreForTheServersMachineAlone() {
    dev.dassie.version.World world = new dev.dassie.version.World(home);
    dev.dassie.pipeline.AccessKeys none =
        new dev.dassie.pipeline.AccessKeys(world.versions, home.resolve("no.key"));
    Grants grants = new Grants(world.versions);
    grants.serve(s3.uri());
    dev.dassie.server.s3.sign.AccessKeys open = new Keys(none, grants, true);
    dev.dassie.server.s3.sign.AccessKeys closed = new Keys(none, grants, false);

    assertThat(open.find("ann").orElseThrow().principal()).isEqualTo("local:ann");
    assertThat(closed.find("ann")).isEmpty();
    Grant grant = grants.open("job:a", Map.of(), false);
    assertThat(closed.find(grant.id()).orElseThrow().grant()).contains(grant);
    grant.close();
    // Nor is the id of a job that has ended a pair that anybody may make up.
    assertThat(open.find(grant.id())).isEmpty();
  }

  /// A page of a stranger can sign with a pair that it made up; browsers say where it is from.
  @Test
  void aPageOfAStrangerIsRefused() throws Exception {
    Map<String, String> headers =
        new TreeMap<>(
            new Signing(s3.uri(), "ann", "ann").sign("GET", "/" + B + "/f", Map.of(), NONE));
    headers.put("Origin", "http://evil.example");

    refused(s3.plain("GET", "/" + B + "/f", headers, NONE), 403, "AccessDenied");

    Signing rebound = new Signing(URI.create("http://evil.example:7341"), "ann", "ann");
    assertThat(
            RawClient.send(
                s3.uri(),
                "GET /" + B + "/f HTTP/1.1",
                rebound.sign("GET", "/" + B + "/f", Map.of(), NONE),
                NONE))
        .startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "-16, 403, RequestTimeTooSkewed",
    "16, 403, RequestTimeTooSkewed",
    "-14, 200, ''",
    "14, 200, ''"
  })
  void clocksMayBeAQuarterOfAnHourApart(int minutes, int status, String code) throws Exception {
    Signing signing =
        new Signing(s3.uri(), "ann", "ann", Instant.now().plus(Duration.ofMinutes(minutes)));

    HttpResponse<String> reply =
        s3.plain("GET", "/" + B, signing.sign("GET", "/" + B, Map.of(), NONE), NONE);

    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(reply.body()).contains(code);
  }

  @Test
  void whatIsNotWhatWasSignedIsRefused() throws Exception {
    Signing signing = new Signing(s3.uri(), "ann", "ann");
    Map<String, String> headers = signing.sign("GET", "/" + B + "/f", Map.of(), NONE);

    refused(s3.plain("GET", "/" + B + "/g", headers, NONE), 403, "SignatureDoesNotMatch");
    refused(s3.plain("DELETE", "/" + B + "/f", headers, NONE), 403, "SignatureDoesNotMatch");
    refused(s3.plain("GET", "/" + B + "/f?acl", headers, NONE), 403, "SignatureDoesNotMatch");
    Map<String, String> more = new TreeMap<>(headers);
    more.put("x-amz-meta-a", "1");
    refused(s3.plain("GET", "/" + B + "/f", more, NONE), 403, "AccessDenied");
    refused(
        s3.plain(
            "GET",
            "/" + B,
            new Signing(s3.uri(), "ann", "bob").sign("GET", "/" + B, Map.of(), NONE),
            NONE),
        403,
        "SignatureDoesNotMatch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/20200101/r/ec2/aws4_request, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/1/r/s3/aws4_request, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
        "AWS ann:signature",
        "Bearer token",
        "Basic YTpi",
      })
  void whatIsNoSignatureIsSaidSo(String authorization) throws Exception {
    HttpResponse<String> reply =
        s3.plain("GET", "/" + B, Map.of("Authorization", authorization), NONE);

    assertThat(reply.statusCode()).isBetween(400, 403);
    assertThat(reply.body()).contains("<Code>");
  }

  @Test
  void aUrlCanBeSigned() throws Exception {
    try (S3Presigner presigner = s3.presigner()) {
      URI get =
          presigner
              .presignGetObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .getObjectRequest(r -> r.bucket(B).key("f")))
              .url()
              .toURI();
      URI put =
          presigner
              .presignPutObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .putObjectRequest(r -> r.bucket(B).key("by url")))
              .url()
              .toURI();
      try (HttpClient http = HttpClient.newHttpClient()) {
        assertThat(body(http, HttpRequest.newBuilder(get).build()).body()).isEqualTo("bytes");
        HttpRequest.BodyPublisher bytes = HttpRequest.BodyPublishers.ofString("sent");
        assertThat(body(http, HttpRequest.newBuilder(put).PUT(bytes).build()).statusCode())
            .isEqualTo(200);
        URI other = URI.create(get.toString().replace("/f?", "/by%20url?"));
        refused(body(http, HttpRequest.newBuilder(other).build()), 403, "SignatureDoesNotMatch");
        URI longer = URI.create(get.toString().replace("X-Amz-Expires=300", "X-Amz-Expires=900"));
        refused(body(http, HttpRequest.newBuilder(longer).build()), 403, "SignatureDoesNotMatch");
        URI never = URI.create(get.toString().replace("X-Amz-Expires=300", "X-Amz-Expires=999999"));
        refused(
            body(http, HttpRequest.newBuilder(never).build()),
            400,
            "AuthorizationQueryParametersError");
      }
    }
    assertThat(s3.get(B, "by url")).isEqualTo("sent");
  }

  private static HttpResponse<String> body(HttpClient http, HttpRequest request) throws Exception {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  // Bodies in chunks.

  /// A body in chunks, as Amazon describes it.
  private static byte[] chunks(Signing signing, byte[][] parts, Optional<String> trailer) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      chunk(body, part, signing.chunk(part));
    }
    String last = signing.chunk(NONE);
    body.writeBytes(Signing.utf8("0;chunk-signature=" + last + "\r\n"));
    trailer.ifPresent(field -> {
      body.writeBytes(Signing.utf8(field + "\r\n"));
      String signature = signing.trailer(field + "\n");
      body.writeBytes(Signing.utf8("x-amz-trailer-signature:" + signature + "\r\n"));
    });
    body.writeBytes(Signing.utf8("\r\n"));
    return body.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream body, byte[] bytes, String signature) {
    String head = Integer.toHexString(bytes.length) + ";chunk-signature=" + signature + "\r\n";
    body.writeBytes(Signing.utf8(head));
    body.writeBytes(bytes);
    body.writeBytes(Signing.utf8("\r\n"));
  }

  private static Map<String, String> chunked(String word, long length) {
    return new TreeMap<>(
        Map.of(
            "x-amz-content-sha256",
            word,
            "content-encoding",
            "aws-chunked",
            "x-amz-decoded-content-length",
            Long.toString(length)));
  }

  private static final byte[][] PARTS = {
    "a".repeat(10_000).getBytes(StandardCharsets.UTF_8), "end".getBytes(StandardCharsets.UTF_8)
  };

  @Test
  void aBodyCanBeSignedInChunks() throws Exception {
    Signing signing = new Signing(s3.uri(), "ann", "ann");
    Map<String, String> headers =
        signing.sign(
            "PUT", "/" + B + "/c", chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 10_003), NONE);

    HttpResponse<String> reply =
        s3.plain("PUT", "/" + B + "/c", headers, chunks(signing, PARTS, Optional.empty()));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(s3.get(B, "c")).isEqualTo("a".repeat(10_000) + "end");
    assertThat(s3.client().headObject(r -> r.bucket(B).key("c")).contentEncoding()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"uXfELg==, 200, ''", "AAAAAA==, 400, BadDigest"})
  void aSignedTrailerIsChecked(String crc, int status, String code) throws Exception {
    java.util.zip.CRC32 right = new java.util.zip.CRC32();
    for (byte[] part : PARTS) {
      right.update(part);
    }
    String value =
        status == 200
            ? java.util.Base64.getEncoder()
                .encodeToString(
                    java.nio.ByteBuffer.allocate(4).putInt((int) right.getValue()).array())
            : crc;
    Signing signing = new Signing(s3.uri(), "ann", "ann");
    Map<String, String> said = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 10_003);
    said.put("x-amz-trailer", "x-amz-checksum-crc32");
    Map<String, String> headers = signing.sign("PUT", "/" + B + "/t", said, NONE);
    byte[] body = chunks(signing, PARTS, Optional.of("x-amz-checksum-crc32:" + value));

    HttpResponse<String> reply = s3.plain("PUT", "/" + B + "/t", headers, body);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains(code);
  }

  @ParameterizedTest
  @CsvSource({
    "byte, 403, SignatureDoesNotMatch",
    "cut, 400, IncompleteBody",
    "more, 400, InvalidRequest",
    "size, 400, InvalidRequest",
    "short, 400, IncompleteBody",
    "small, 403, InvalidChunkSizeError",
    "word, 400, InvalidRequest",
  })
  void chunksThatWereTamperedWithAreRefused(String how, int status, String code) throws Exception {
    long announced = how.equals("short") ? 10_004 : how.equals("more") ? 10_002 : 10_003;
    Signing signing = new Signing(s3.uri(), "ann", "ann");
    Map<String, String> headers =
        signing.sign(
            "PUT", "/" + B + "/x", chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", announced), NONE);
    byte[][] parts = how.equals("small") ? new byte[][] {PARTS[1], PARTS[0]} : PARTS;
    String body = new String(chunks(signing, parts, Optional.empty()), StandardCharsets.ISO_8859_1);
    String sent =
        switch (how) {
          case "byte" -> body.replace("end", "END");
          case "cut" -> body.substring(0, 9000);
          case "size" -> body.replaceFirst("2710;", "FFFFFFFFFFFFFFFF;");
          case "word" -> body.replaceFirst("2710;", "zz;");
          default -> body;
        };

    HttpResponse<String> reply =
        s3.plain("PUT", "/" + B + "/x", headers, sent.getBytes(StandardCharsets.ISO_8859_1));

    refused(reply, status, code);
    assertThat(s3.send("HEAD", "/" + B + "/x").statusCode()).isEqualTo(404);
  }

  @Test
  void aTrailerThatDoesNotComeIsMissed() throws Exception {
    Map<String, String> said = chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 3);
    said.put("x-amz-trailer", "x-amz-checksum-crc32");

    refused(
        s3.send("PUT", "/" + B + "/u", said, Signing.utf8("3\r\nabc\r\n0\r\n\r\n")),
        400,
        "MalformedTrailerError");
    assertThat(
            s3.send(
                    "PUT",
                    "/" + B + "/u",
                    said,
                    Signing.utf8("3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n"))
                .statusCode())
        .isEqualTo(200);
    assertThat(s3.get(B, "u")).isEqualTo("abc");
  }
}
