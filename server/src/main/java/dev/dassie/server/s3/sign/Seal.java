package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;

/// A signature that chunks continue: each covers its bytes and the signature before it.
public record Seal(byte[] key, String time, String scope, String signature) {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /// The seal of a chunk after this one, if the signature is right.
  ///
  /// @param digest SHA-256 of the chunk's bytes
  Seal chunk(String digest, String claimed) {
    return next(
        "AWS4-HMAC-SHA256-PAYLOAD\n%s\n%s\n%s\n%s\n%s"
            .formatted(time, scope, signature, EMPTY, digest),
        claimed);
  }

  /// Checks the signature of what follows the chunks.
  ///
  /// @param digest SHA-256 of the fields, each `name:value` and a line feed
  void trailer(String digest, String claimed) {
    Seal _ =
        next(
            "AWS4-HMAC-SHA256-TRAILER\n%s\n%s\n%s\n%s".formatted(time, scope, signature, digest),
            claimed);
  }

  private Seal next(String toSign, String claimed) {
    String expected = Hmac.hex(key, toSign);
    if (!Hmac.same(expected, claimed)) {
      throw new Refusal(
          Code.SIGNATURE_DOES_NOT_MATCH,
          "The signature of a chunk of the body does not match: the bytes are not those that were signed.");
    }
    return new Seal(key, time, scope, expected);
  }

  @Override
  public String toString() {
    return "Seal[" + time + "]"; // the key is nobody's to see
  }
}
