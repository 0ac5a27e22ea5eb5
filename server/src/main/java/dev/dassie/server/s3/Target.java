package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Encoding;
import java.util.List;
import java.util.Optional;

/// What a URL names: the service, a bucket, or a key of a bucket.
///
/// @param path decoded, as it was signed
record Target(String path, Optional<String> bucket, Optional<String> key) {
  /// Reads the path, and the host where the bucket stands before one of the names of this server.
  ///
  /// @param domains names of the server, in lower case
  static Target read(String rawPath, String host, List<String> domains) {
    String path = Encoding.decode(rawPath, false);
    String rest = path.startsWith("/") ? path.substring(1) : path;
    Optional<String> inHost = bucketOf(host, domains);
    if (inHost.isPresent()) {
      return new Target(path, inHost, text(rest));
    }
    int slash = rest.indexOf('/');
    if (slash < 0) {
      return new Target(path, text(rest), Optional.empty());
    }
    return new Target(path, Optional.of(rest.substring(0, slash)), text(rest.substring(slash + 1)));
  }

  private static Optional<String> text(String value) {
    return Optional.of(value).filter(there -> !there.isEmpty());
  }

  private static Optional<String> bucketOf(String host, List<String> domains) {
    String name = withoutPort(host);
    for (String domain : domains) {
      int dot = name.length() - domain.length() - 1;
      if (dot >= 0
          && name.charAt(dot) == '.'
          && name.regionMatches(true, dot + 1, domain, 0, domain.length())) {
        return Optional.of(name.substring(0, dot));
      }
    }
    return Optional.empty();
  }

  /// A host without the port of up to five digits that may stand behind it.
  static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    int digits = host.length() - colon - 1;
    if (colon < 0 || digits < 1 || digits > 5) {
      return host;
    }
    for (int i = colon + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return host;
      }
    }
    return host.substring(0, colon);
  }

  /// As errors name it.
  String resource() {
    return bucket.map(name -> "/" + name + key.map(there -> "/" + there).orElse("")).orElse("/");
  }
}
