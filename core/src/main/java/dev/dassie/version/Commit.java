package dev.dassie.version;

import dev.dassie.fileset.Fileset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One version of a repo. `provenance` names the commits it was made from, directly, with the
/// branch through which each was read; it never changes.
public record Commit(
    CommitName name,
    String branch,
    Optional<CommitId> parent,
    List<Source> provenance,
    String author,
    String message,
    Instant started,
    Map<String, String> metadata,
    State state) {
  public Commit {
    provenance = List.copyOf(provenance);
    metadata = Map.copyOf(metadata);
  }

  /// One commit that another was made from.
  public record Source(CommitName commit, String branch) {}

  /// Open, then exactly one of the other two, for good.
  public sealed interface State {}

  /// Taking writes. `base` is what it started from with the folded part of its journal.
  public record Open(Fileset base) implements State {}

  public record Finished(Fileset files, Instant at) implements State {}

  public record Failed(String reason, Instant at) implements State {}

  public boolean isOpen() {
    return state instanceof Open;
  }

  public Optional<Fileset> finishedFiles() {
    return state instanceof Finished finished ? Optional.of(finished.files()) : Optional.empty();
  }
}
