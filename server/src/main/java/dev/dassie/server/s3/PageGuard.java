package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Keeps web pages of strangers from signing with a key that anybody may make up: such a page sends
/// an `Origin`, or, where its name was made to point here, a foreign `Host`.
final class PageGuard {
  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");

  void check(String host, @Nullable String origin) {
    String name = Target.withoutPort(host).toLowerCase(Locale.ROOT);
    boolean own =
        name.equals("localhost")
            || name.endsWith(".localhost")
            || name.equals("[::1]")
            || LOOPBACK.matcher(name).matches();
    if (!own || origin != null) {
      throw new Refusal(
          Code.ACCESS_DENIED,
          "A key whose id is its secret is taken from programs of this machine alone, under a name of it; expected one of `dassie create access-key`.");
    }
  }
}
