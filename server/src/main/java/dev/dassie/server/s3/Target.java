package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Encoding;
import java.util.List;
import java.util.Locale;
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
    String name = host.replaceFirst(":[0-9]{1,5}$", "");
    String lower = name.toLowerCase(Locale.ROOT);
    return domains.stream()
        .filter(domain -> lower.endsWith("." + domain))
        .map(domain -> name.substring(0, name.length() - domain.length() - 1))
        .findFirst();
  }

  /// As errors name it.
  String resource() {
    return bucket.map(name -> "/" + name + key.map(there -> "/" + there).orElse("")).orElse("/");
  }
}
