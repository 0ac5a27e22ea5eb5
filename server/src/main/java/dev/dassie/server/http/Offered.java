package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The SHA-256 that a client says its body has, in `Content-Digest` (RFC 9530), and the body that
/// is measured against it. For one request.
final class Offered {
  private static final String HEADER = "Content-Digest";
  private static final Pattern SHA_256 = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");

  private final Optional<String> stated;
  private final MessageDigest digest = dev.dassie.content.Digest.sha256();

  Offered(Exchange exchange) {
    this.stated = exchange.header(HEADER);
    stated
        .filter(value -> !SHA_256.matcher(value).matches())
        .ifPresent(value -> {
          throw new Fault.Invalid(
                  "The header `" + HEADER + "`", value, "`sha-256=:BASE64:` of the body")
              .asException();
        });
  }

  InputStream measured(InputStream body) {
    return stated.isPresent() ? new DigestInputStream(body, digest) : body;
  }

  /// Refuses a body that had another digest; all of it must have been read.
  void check() {
    stated.ifPresent(value -> {
      Matcher matcher = SHA_256.matcher(value);
      String actual = Base64.getEncoder().encodeToString(digest.digest());
      if (!matcher.matches() || !matcher.group(1).equals(actual)) {
        throw new Fault.Invalid(
                "The header `" + HEADER + "`",
                value,
                "`sha-256=:" + actual + ":`, the digest of the body that came")
            .asException();
      }
    });
  }
}
