package dev.dassie.version;

import java.time.Instant;
import java.util.Map;

/// A project as it stands: a space of names for repos and pipelines. `metadata` is free text by
/// key.
public record Project(
    String name, String description, String author, Instant created, Map<String, String> metadata) {
  public Project {
    Names.check("project", name);
    metadata = Map.copyOf(metadata);
  }
}
