package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntPredicate;

/// What a credential is good for: `AKID/20261121/us-east-1/s3/aws4_request`. Any region is taken:
/// there is one.
record Scope(String accessKey, String date, String region) {
  private static final String END = "/s3/aws4_request";

  static Optional<Scope> parse(String credential) {
    int key = credential.indexOf('/');
    int date = credential.indexOf('/', key + 1);
    int region = credential.indexOf('/', date + 1);
    if (key < 0 || date < 0 || region < 0 || !credential.substring(region).equals(END)) {
      return Optional.empty();
    }
    Scope scope =
        new Scope(
            credential.substring(0, key),
            credential.substring(key + 1, date),
            credential.substring(date + 1, region));
    return scope.isFormed() ? Optional.of(scope) : Optional.empty();
  }

  private boolean isFormed() {
    return isOf(accessKey, 1, 128, c -> c >= '!' && c <= '~')
        && isOf(date, 8, 8, c -> c >= '0' && c <= '9')
        && isOf(
            region,
            1,
            64,
            c ->
                (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || c == '-');
  }

  private static boolean isOf(String text, int least, int most, IntPredicate allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return text.length() >= least && text.length() <= most;
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
