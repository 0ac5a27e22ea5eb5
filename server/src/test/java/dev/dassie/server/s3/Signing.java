package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Encoding;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signature version 4, written from Amazon's description apart from the server's own.
final class Signing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String host;
  private final String id;
  private final String secret;
  private final String time;
  private final String scope;
  private String signature = "";

  Signing(URI server, String id, String secret) {
    this(server, id, secret, Instant.now());
  }

  Signing(URI server, String id, String secret, Instant at) {
    this.host = server.getAuthority();
    this.id = id;
    this.secret = secret;
    this.time = TIME.format(at);
    this.scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
  }

  /// The headers with those of a signature; a digest of the body unless they have one. The path is
  /// taken as it is, its query must be sorted.
  Map<String, String> sign(
      String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
    TreeMap<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(java.util.Locale.ROOT), value));
    signed.putIfAbsent("x-amz-content-sha256", hex(sha256(body)));
    signed.put("x-amz-date", time);
    signed.put("host", host);
    int question = pathAndQuery.indexOf('?');
    String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
    String query = question < 0 ? "" : pathAndQuery.substring(question + 1);
    String sorted =
        query.isEmpty()
            ? ""
            : Arrays.stream(query.split("&"))
                .map(pair -> pair.contains("=") ? pair : pair + "=")
                .sorted()
                .collect(Collectors.joining("&"));
    String names = String.join(";", signed.keySet());
    String canonical =
        method
            + "\n"
            + path
            + "\n"
            + sorted
            + "\n"
            + signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + names
            + "\n"
            + signed.get("x-amz-content-sha256");
    signature =
        hmac("AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(sha256(utf8(canonical))));
    Map<String, String> all = new LinkedHashMap<>(signed);
    all.put(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(id, scope, names, signature));
    return all;
  }

  /// The same of any path and query, which are signed in the form that the server reads them in,
  /// where they have one.
  Map<String, String> canonical(
      String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
    int question = pathAndQuery.indexOf('?');
    String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
    String query = question < 0 ? "" : pathAndQuery.substring(question + 1);
    try {
      String plain = Encoding.encode(Encoding.decode(path, false), true);
      String sorted =
          Query.parse(query).parameters().stream()
              .map(one ->
                  Encoding.encode(one.name(), false) + "=" + Encoding.encode(one.value(), false))
              .collect(Collectors.joining("&"));
      return sign(method, sorted.isEmpty() ? plain : plain + "?" + sorted, headers, body);
    } catch (Refusal e) {
      return sign(method, pathAndQuery, headers, body);
    }
  }

  /// The signature of the next chunk of a body.
  String chunk(byte[] bytes) {
    signature =
        hmac(
            String.join(
                "\n",
                "AWS4-HMAC-SHA256-PAYLOAD",
                time,
                scope,
                signature,
                hex(sha256(new byte[0])),
                hex(sha256(bytes))));
    return signature;
  }

  /// The signature of the fields behind a body.
  String trailer(String fields) {
    return hmac(
        String.join(
            "\n", "AWS4-HMAC-SHA256-TRAILER", time, scope, signature, hex(sha256(utf8(fields)))));
  }

  private String hmac(String toSign) {
    byte[] key = utf8("AWS4" + secret);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return hex(hmac(key, toSign));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
