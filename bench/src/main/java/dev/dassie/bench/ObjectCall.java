package dev.dassie.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The head of an S3 request with an unsigned payload, signed beforehand (AWS Signature Version 4),
/// so that a benchmark measures the server and not its own hashing.
///
/// @param head request line and headers, with the empty line
record ObjectCall(byte[] head) {
  private static final String REGION = "us-east-1";
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /// @param target path and query, encoded, the parameters in order
  /// @param key both the id and the secret
  static ObjectCall of(String method, String host, String target, long length, String key) {
    String stamp = STAMP.format(Instant.now());
    String day = stamp.substring(0, 8);
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    String canonical =
        "%s\n%s\n%s\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n\nhost;x-amz-content-sha256;x-amz-date\n%s"
            .formatted(method, path, query, host, UNSIGNED, stamp, UNSIGNED);
    String scope = day + "/" + REGION + "/s3/aws4_request";
    String text = "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(stamp, scope, hex(sha256(canonical)));
    byte[] signing = hmac(("AWS4" + key).getBytes(StandardCharsets.UTF_8), day);
    for (String step : new String[] {REGION, "s3", "aws4_request"}) {
      signing = hmac(signing, step);
    }
    String head =
        """
        %s %s HTTP/1.1
        Host: %s
        x-amz-date: %s
        x-amz-content-sha256: %s
        Content-Length: %d
        Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=%s

        """
            .formatted(
                method,
                target,
                host,
                stamp,
                UNSIGNED,
                length,
                key,
                scope,
                hex(hmac(signing, text)));
    return new ObjectCall(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
