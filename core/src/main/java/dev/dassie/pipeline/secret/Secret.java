package dev.dassie.pipeline.secret;

import java.time.Instant;
import java.util.List;

/// What anybody may know of a secret: never its values.
///
/// @param version how often it was written, from 1
/// @param id chosen at random for each version, so that no two secrets of any instance have the
///   same, whatever their names
/// @param type as Kubernetes names it: `Opaque` unless it was given
/// @param keys the names of its values, sorted
/// @param author who wrote this version
public record Secret(
    SecretName name,
    long version,
    String id,
    String type,
    List<String> keys,
    Instant created,
    Instant updated,
    String author) {
  public Secret {
    keys = List.copyOf(keys);
  }

  /// This version as the environment of a datum names it (docs/format.md, "Datum keys").
  public String fact() {
    return "secret %s version %d %s".formatted(name.name(), version, id);
  }
}
