package dev.dassie.version;

import java.time.Instant;
import java.util.Map;

/// A repo as it stands. `metadata` is free text by key.
public record Repo(
    RepoName name,
    String description,
    String author,
    Instant created,
    Map<String, String> metadata) {
  public Repo {
    metadata = Map.copyOf(metadata);
  }
}
