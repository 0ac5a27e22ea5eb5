package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Keeps web pages of strangers from signing with a key that anybody may make up: such a page sends
/// an `Origin`, or, where its name was made to point here, a foreign `Host`.
final class PageGuard {
  void check(String host, @Nullable String origin) {
    String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    boolean own =
        name.equals("localhost")
            || name.endsWith(".localhost")
            || name.equals("[::1]")
            || name.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    if (!own || origin != null) {
      throw new Refusal(
          Code.ACCESS_DENIED,
          "A key whose id is its secret is taken from programs of this machine alone, under a name of it; expected one of `dassie create access-key`.");
    }
  }
}
