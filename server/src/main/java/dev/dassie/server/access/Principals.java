package dev.dassie.server.access;

import dev.dassie.fault.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who makes a request. While access control is off nobody proves it: the client claims
/// `local:<name>`, and that is what is recorded.
public final class Principals {
  /// What is recorded of a client that claims nothing.
  public static final String UNKNOWN = "local:unknown";

  private static final Pattern CLAIM = Pattern.compile("local:[\\p{L}\\p{N}._@+\\\\-]{1,100}");

  private Principals() {}

  /// The principal that the header `Dassie-Principal` claims.
  public static String claimed(Optional<String> header) {
    if (header.isEmpty()) {
      return UNKNOWN;
    }
    if (!CLAIM.matcher(header.get()).matches()) {
      throw new Fault.Invalid(
              "The header `Dassie-Principal`",
              header.get(),
              "`local:` and a user name of at most 100 characters")
          .asException();
    }
    return header.get();
  }
}
