package dev.dassie.server.access;

import dev.dassie.fault.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Keeps web pages of strangers away from a server that trusts its machine: a page whose name was
/// made to point here (DNS rebinding) sends a foreign `Host`, one that posts across origins a
/// foreign `Origin`. Immutable.
public final class BrowserGuard {
  private final String bind;
  private final boolean loopback;

  public BrowserGuard(String bind) {
    this.bind = bind.toLowerCase(Locale.ROOT);
    this.loopback = isLoopback(bind);
  }

  /// Refuses a request that a stranger's page may have made.
  ///
  /// @param host the header `Host`, as sent
  /// @param origin the header `Origin`, which browsers send with writes and programs do not
  public void check(String method, Optional<String> host, Optional<String> origin) {
    String name = hostName(host.orElse(""));
    if (loopback && !name.equals(bind) && !isLoopbackName(name)) {
      throw new Fault.Denied("Host: " + host.orElse(""), "be served by a server on " + bind)
          .asException();
    }
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (!reads && origin.isPresent() && !isOwn(origin.get(), host.orElse(""))) {
      throw new Fault.Denied("Origin: " + origin.get(), "change data from a page elsewhere")
          .asException();
    }
  }

  private static boolean isOwn(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  /// `[::1]:7340` → `::1`, `localhost:7340` → `localhost`.
  private static String hostName(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.startsWith("[")) {
      int end = lower.indexOf(']');
      return end < 0 ? lower : lower.substring(1, end);
    }
    int colon = lower.indexOf(':');
    return colon < 0 ? lower : lower.substring(0, colon);
  }

  private static boolean isLoopbackName(String name) {
    return name.equals("localhost")
        || name.equals("::1")
        || name.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
