package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Query;
import java.util.List;
import java.util.Optional;

/// What of a request a signature covers.
///
/// @param path of the URL, decoded
public record Asked(String method, String path, Query query, Headers headers) {
  /// The headers, by name in any case.
  public interface Headers {
    /// All values of a header in their order; empty where it is not there.
    List<String> values(String name);

    /// The first of them.
    default Optional<String> first(String name) {
      List<String> values = values(name);
      return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// All names in lower case.
    List<String> names();
  }

  /// The first value of a header; empty where it is not there.
  String header(String name) {
    return headers.first(name).orElse("");
  }
}
