package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Uploads in parts.
class MultipartTest {
  private static final String B = "master.parts";
  private static final int MIB5 = 5 << 20;
  private static final byte[] BYTES = new byte[MIB5 + 1000];

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server(home);
    s3.bucket(B);
    new Random(1).nextBytes(BYTES);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static String begin(String key) {
    return s3.client().createMultipartUpload(r -> r.bucket(B).key(key)).uploadId();
  }

  private static CompletedPart part(String key, String id, int number, byte[] bytes) {
    UploadPartResponse reply =
        s3.client()
            .uploadPart(
                r -> r.bucket(B).key(key).uploadId(id).partNumber(number),
                RequestBody.fromBytes(bytes));
    return CompletedPart.builder().partNumber(number).eTag(reply.eTag()).build();
  }

  private static CompleteMultipartUploadResponse complete(
      String key, String id, List<CompletedPart> parts) {
    return s3.client()
        .completeMultipartUpload(
            r -> r.bucket(B).key(key).uploadId(id).multipartUpload(u -> u.parts(parts)));
  }

  private static void refused(String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void partsBecomeOneObject() {
    String id =
        s3.client()
            .createMultipartUpload(
                r -> r.bucket(B).key("whole").contentType("text/x").metadata(Map.of("a", "b")))
            .uploadId();
    byte[] first = Arrays.copyOf(BYTES, MIB5);
    byte[] second = Arrays.copyOfRange(BYTES, MIB5, BYTES.length);
    List<CompletedPart> parts = List.of(part("whole", id, 1, first), part("whole", id, 7, second));

    CompleteMultipartUploadResponse done = complete("whole", id, parts);

    GetObjectResponse got =
        s3.client().getObjectAsBytes(r -> r.bucket(B).key("whole").partNumber(2)).response();
    assertThat(done.eTag()).matches("\"[0-9a-f]{32}-2\"");
    assertThat(s3.client().getObjectAsBytes(r -> r.bucket(B).key("whole")).asByteArray())
        .isEqualTo(BYTES);
    assertThat(got.contentRange()).isEqualTo("bytes 5242880-5243879/5243880");
    assertThat(got.partsCount()).isEqualTo(2);
    assertThat(got.contentType()).isEqualTo("text/x");
    assertThat(got.metadata()).containsEntry("a", "b");
    assertThat(got.eTag()).isEqualTo(done.eTag());
    assertThat(complete("whole", id, parts).eTag()).as("a repeat").isEqualTo(done.eTag());
  }

  @Test
  void aPartCanBeOfAnotherObject() {
    s3.client().putObject(r -> r.bucket(B).key("source"), RequestBody.fromBytes(BYTES));
    String id = begin("joined");
    CompletedPart first = part("joined", id, 1, BYTES);
    String tag =
        s3.client()
            .uploadPartCopy(r ->
                r.sourceBucket(B)
                    .sourceKey("source")
                    .copySourceRange("bytes=10-19")
                    .destinationBucket(B)
                    .destinationKey("joined")
                    .uploadId(id)
                    .partNumber(2))
            .copyPartResult()
            .eTag();

    complete("joined", id, List.of(first, CompletedPart.builder().partNumber(2).eTag(tag).build()));

    byte[] joined = s3.client().getObjectAsBytes(r -> r.bucket(B).key("joined")).asByteArray();
    assertThat(joined)
        .hasSize(BYTES.length + 10)
        .startsWith(BYTES)
        .endsWith(Arrays.copyOfRange(BYTES, 10, 20));
  }

  @ParameterizedTest
  @CsvSource({"bytes=0-99999999999", "bytes=-5", "bytes=5-", "5-6", "bytes=7-3"})
  void aRangeOfASourceMustBeOne(String range) throws Exception {
    s3.put(B, "short", "0123456789");
    String id = begin("ranged");

    HttpResponse<String> reply =
        s3.send(
            "PUT",
            "/" + B + "/ranged?partNumber=1&uploadId=" + id,
            Map.of("x-amz-copy-source", "/" + B + "/short", "x-amz-copy-source-range", range),
            new byte[0]);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("<Code>InvalidArgument</Code>");
  }

  @Test
  void anAbortedUploadIsGone() {
    String id = begin("aborted");
    CompletedPart part = part("aborted", id, 1, new byte[10]);

    s3.client().abortMultipartUpload(r -> r.bucket(B).key("aborted").uploadId(id));

    assertThatThrownBy(() -> complete("aborted", id, List.of(part)))
        .isInstanceOf(NoSuchUploadException.class);
    assertThatThrownBy(() -> part("aborted", id, 2, new byte[10]))
        .isInstanceOf(NoSuchUploadException.class);
    assertThatThrownBy(
            () -> s3.client().abortMultipartUpload(r -> r.bucket(B).key("aborted").uploadId(id)))
        .isInstanceOf(NoSuchUploadException.class);
  }

  @Test
  void aListOfPartsThatCannotBeIsRefused() throws Exception {
    String id = begin("wrong");
    CompletedPart small = part("wrong", id, 1, new byte[10]);
    CompletedPart last = part("wrong", id, 2, new byte[10]);

    refused("EntityTooSmall", () -> complete("wrong", id, List.of(small, last)));
    refused("InvalidPartOrder", () -> complete("wrong", id, List.of(last, small)));
    refused(
        "InvalidPart",
        () ->
            complete("wrong", id, List.of(small.copy(b -> b.eTag("\"" + "0".repeat(32) + "\"")))));
    refused("InvalidPart", () -> complete("wrong", id, List.of(small.copy(b -> b.partNumber(9)))));
    refused("MalformedXML", () -> complete("wrong", id, List.of()));
    assertThatThrownBy(() -> part("other key", id, 1, new byte[1]))
        .isInstanceOf(NoSuchUploadException.class);
    for (String number : List.of("0", "10001", "x", "")) {
      assertThat(s3.send("PUT", "/" + B + "/wrong?partNumber=" + number + "&uploadId=" + id).body())
          .contains("<Code>InvalidArgument</Code>");
    }
    assertThat(complete("wrong", id, List.of(small)).eTag()).endsWith("-1\"");
  }

  @Test
  void anObjectIsCompletedOnlyWhereItsKeyIsFree() {
    s3.put(B, "taken", "1");
    String id = begin("taken");
    CompletedPart part = part("taken", id, 1, new byte[10]);

    refused(
        "PreconditionFailed",
        () ->
            s3.client()
                .completeMultipartUpload(r ->
                    r.bucket(B)
                        .key("taken")
                        .uploadId(id)
                        .ifNoneMatch("*")
                        .multipartUpload(u -> u.parts(part))));
    assertThat(s3.get(B, "taken")).isEqualTo("1");
  }

  @Test
  void uploadsAndPartsAreListedInPages() {
    String bucket = s3.bucket("lists.parts");
    List<String> ids = new ArrayList<>();
    for (String key : List.of("a", "a", "d/x", "d/y", "z")) {
      ids.add(s3.client().createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId());
    }
    for (int number : new int[] {3, 1, 2}) {
      s3.client()
          .uploadPart(
              r -> r.bucket(bucket).key("z").uploadId(ids.get(4)).partNumber(number),
              RequestBody.fromString("part " + number));
    }

    List<String> paged =
        s3
            .client()
            .listMultipartUploadsPaginator(r -> r.bucket(bucket).maxUploads(1))
            .uploads()
            .stream()
            .map(MultipartUpload::uploadId)
            .toList();
    ListPartsResponse parts =
        s3.client()
            .listParts(r ->
                r.bucket(bucket).key("z").uploadId(ids.get(4)).partNumberMarker(1).maxParts(1));

    assertThat(paged).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(
            s3.client().listMultipartUploads(r -> r.bucket(bucket).delimiter("/")).commonPrefixes())
        .singleElement()
        .satisfies(folder -> assertThat(folder.prefix()).isEqualTo("d/"));
    assertThat(parts.parts())
        .singleElement()
        .satisfies(part -> assertThat(part.partNumber()).isEqualTo(2));
    assertThat(parts.isTruncated()).isTrue();
    assertThat(parts.nextPartNumberMarker()).isEqualTo(2);
  }

  /// The checksum of a whole comes from those of its parts, without the bytes.
  @ParameterizedTest
  @CsvSource({"CRC32, FULL_OBJECT", "CRC32, COMPOSITE", "SHA256, COMPOSITE"})
  void checksumsOfPartsBecomeOne(ChecksumAlgorithm algorithm, ChecksumType type) {
    String key = algorithm + "-" + type;
    String id =
        s3.client()
            .createMultipartUpload(
                r -> r.bucket(B).key(key).checksumAlgorithm(algorithm).checksumType(type))
            .uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    byte[][] pieces = {Arrays.copyOf(BYTES, MIB5), Arrays.copyOfRange(BYTES, MIB5, BYTES.length)};
    for (int i = 0; i < pieces.length; i++) {
      int number = i + 1;
      UploadPartResponse reply =
          s3.client()
              .uploadPart(
                  r ->
                      r.bucket(B)
                          .key(key)
                          .uploadId(id)
                          .partNumber(number)
                          .checksumAlgorithm(algorithm),
                  RequestBody.fromBytes(pieces[i]));
      parts.add(
          CompletedPart.builder()
              .partNumber(number)
              .eTag(reply.eTag())
              .checksumCRC32(reply.checksumCRC32())
              .checksumSHA256(reply.checksumSHA256())
              .build());
    }
    s3.client()
        .completeMultipartUpload(r ->
            r.bucket(B)
                .key(key)
                .uploadId(id)
                .checksumType(type)
                .multipartUpload(u -> u.parts(parts)));

    GetObjectResponse got =
        s3.client()
            .getObjectAsBytes(r -> r.bucket(B).key(key).checksumMode(ChecksumMode.ENABLED))
            .response();

    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(BYTES);
    String whole =
        Base64.getEncoder()
            .encodeToString(java.nio.ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    if (type == ChecksumType.FULL_OBJECT) {
      assertThat(got.checksumCRC32()).isEqualTo(whole);
    } else {
      String value =
          algorithm == ChecksumAlgorithm.CRC32 ? got.checksumCRC32() : got.checksumSHA256();
      assertThat(value).endsWith("-2");
    }
    assertThat(got.checksumType()).isEqualTo(type);
  }

  @Test
  void aMarkerHasNoParts() {
    refused("InvalidArgument", () -> begin("folder/"));
  }
}
