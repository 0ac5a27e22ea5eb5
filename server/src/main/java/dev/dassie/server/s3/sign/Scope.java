package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a credential is good for: `AKID/20261121/us-east-1/s3/aws4_request`. Any region is taken:
/// there is one.
record Scope(String accessKey, String date, String region) {
  private static final Pattern CREDENTIAL =
      Pattern.compile("([!-.0-~]{1,128})/([0-9]{8})/([A-Za-z0-9-]{1,64})/s3/aws4_request");

  static Optional<Scope> parse(String credential) {
    Matcher parts = CREDENTIAL.matcher(credential);
    return parts.matches()
        ? Optional.of(new Scope(parts.group(1), parts.group(2), parts.group(3)))
        : Optional.empty();
  }

  static Refusal malformed(Code code, String credential) {
    return new Refusal(
        code,
        "The credential is `%s`, expected `KEY/YYYYMMDD/REGION/s3/aws4_request`."
            .formatted(Refusal.shortened(credential)));
  }

  /// Without the key.
  String text() {
    return date + "/" + region + "/s3/aws4_request";
  }

  /// The key that signs under this scope.
  byte[] signingKey(String secret) {
    byte[] key = Hmac.of(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
    return Hmac.of(Hmac.of(Hmac.of(key, region), "s3"), "aws4_request");
  }
}
