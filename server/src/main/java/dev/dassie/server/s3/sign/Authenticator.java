package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Says who makes a request, or refuses it. Thread-safe.
public final class Authenticator {
  /// How far the clocks of client and server may be apart, as at Amazon's.
  public static final Duration SKEW = Duration.ofMinutes(15);

  private static final String DIGEST = "x-amz-content-sha256";
  private static final Pattern DIGESTED = Pattern.compile("[0-9a-f]{64}");

  private final AccessKeys keys;
  private final InstantSource clock;
  private final SigningKeys signingKeys = new SigningKeys();

  public Authenticator(AccessKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /// Who asks, and how the body is vouched for.
  public record Identity(AccessKeys.AccessKey key, Payload payload) {}

  /// Checks the signature of a request, and that it is of now.
  public Identity check(Asked asked) {
    Claim claim = Claim.read(asked);
    checkTime(claim);
    AccessKeys.AccessKey key =
        keys.find(claim.scope().accessKey())
            .orElseThrow(() ->
                new Refusal(
                        Code.INVALID_ACCESS_KEY_ID,
                        "No access key is named `%s`; `dassie create access-key` makes one."
                            .formatted(Refusal.shortened(claim.scope().accessKey())))
                    .with("AWSAccessKeyId", Refusal.shortened(claim.scope().accessKey())));
    checkCovered(claim, asked);
    String word = word(claim, asked);
    String leftOut = claim.isPresigned() ? "X-Amz-Signature" : "";
    String canonical = Canonical.request(asked, claim.headers(), leftOut, word);
    String toSign = Canonical.toSign(claim.time(), claim.scope(), canonical);
    byte[] signingKey = signingKeys.of(claim.scope(), key.secret());
    if (!Hmac.same(Hmac.hex(signingKey, toSign), claim.signature())) {
      throw new Refusal(
              Code.SIGNATURE_DOES_NOT_MATCH,
              "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
          .with("AWSAccessKeyId", claim.scope().accessKey())
          .with("StringToSign", toSign)
          .with("SignatureProvided", Refusal.shortened(claim.signature()))
          .with("CanonicalRequest", canonical);
    }
    Seal seal = new Seal(signingKey, claim.time(), claim.scope().text(), claim.signature());
    return new Identity(key, payload(word, seal));
  }

  private void checkTime(Claim claim) {
    Instant now = clock.instant();
    if (claim.isPresigned()) {
      if (now.plus(SKEW).isBefore(claim.at())) {
        throw new Refusal(Code.ACCESS_DENIED, "Request is not valid yet");
      }
      Instant end = claim.at().plusSeconds(claim.expires().orElse(0L));
      if (now.isAfter(end)) {
        throw new Refusal(Code.ACCESS_DENIED, "Request has expired")
            .with("Expires", end.toString())
            .with("ServerTime", now.toString());
      }
    } else if (Duration.between(claim.at(), now).abs().compareTo(SKEW) > 0) {
      throw new Refusal(
              Code.REQUEST_TIME_TOO_SKEWED,
              "The difference between the request time and the current time is too large.")
          .with("RequestTime", claim.time())
          .with("ServerTime", now.toString())
          .with("MaxAllowedSkewMilliseconds", Long.toString(SKEW.toMillis()));
    }
  }

  /// What S3 itself looks at must be covered: else somebody on the way could change it.
  private static void checkCovered(Claim claim, Asked asked) {
    List<String> missing = new ArrayList<>();
    for (String name : asked.headers().names()) {
      boolean unsigned = name.startsWith("x-amz-") && !claim.headers().contains(name);
      if (unsigned && !(claim.isPresigned() && name.equals(DIGEST))) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new Refusal(
              Code.ACCESS_DENIED, "There were headers present in the request which were not signed")
          .with("HeadersNotSigned", Refusal.shortened(String.join(", ", missing)));
    }
  }

  private static String word(Claim claim, Asked asked) {
    String digest = asked.header(DIGEST);
    if (claim.isPresigned()) {
      return asked
          .query()
          .text("X-Amz-Content-Sha256")
          .orElse(digest.isEmpty() ? "UNSIGNED-PAYLOAD" : digest);
    }
    if (digest.isEmpty()) {
      throw new Refusal(
          Code.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256");
    }
    return digest;
  }

  private static Payload payload(String word, Seal seal) {
    return switch (word) {
      case "UNSIGNED-PAYLOAD" -> new Payload.Unsigned();
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Payload.Chunked(seal, false);
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Payload.Chunked(seal, true);
      case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Payload.UnsignedChunks();
      default -> {
        if (!DIGESTED.matcher(word).matches()) {
          throw new Refusal(
              Code.INVALID_ARGUMENT,
              "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER], STREAMING-UNSIGNED-PAYLOAD-TRAILER, or a valid sha256 value.");
        }
        yield new Payload.Digested(word);
      }
    };
  }
}
