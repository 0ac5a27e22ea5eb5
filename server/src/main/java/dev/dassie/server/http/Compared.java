package dev.dassie.server.http;

import dev.dassie.content.ChunkReader;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.Iterator;
import java.util.Optional;

/// Two commits that a request compares, and a reader over both.
///
/// @param before the older one, if there is one
public record Compared(Fileset old, Fileset now, Filesets reader, Optional<CommitName> before) {
  /// `?with=`
  static final Route.Parameter WITH =
      new Route.Parameter(
          "with",
          Route.Type.TEXT,
          "The other commit: a place in the repo or `repo@place`; the parent unless given.");

  /// The commit that is shown and the one that `with` names, or else what it was built on.
  public static Compared with(Exchange exchange, Versions versions, Shown now) {
    Optional<ReadView> old = old(exchange, versions, now.view().commit());
    Filesets reader =
        new Filesets(
            old.<ChunkReader>map(view -> either(now.view().chunks(), view.chunks()))
                .orElse(now.view().chunks()));
    return new Compared(
        old.map(ReadView::files).orElse(Filesets.EMPTY),
        now.files(),
        reader,
        old.map(view -> view.commit().name()));
  }

  public Iterator<Difference> differences(FilePath path) {
    return reader.diff(old, now, path);
  }

  private static Optional<ReadView> old(Exchange exchange, Versions versions, Commit now) {
    Optional<String> with = exchange.text("with");
    if (with.isEmpty()) {
      return versions.nearestFinished(now.name()).map(commit -> versions.read(commit.name()));
    }
    RepoName repo = now.name().repo();
    return Optional.of(
        with.get().contains("@")
            ? versions.read(repo.project(), with.get())
            : versions.read(repo, with.get()));
  }

  /// Nodes of an open commit are in its own view alone, so each side may hold what the other lacks.
  private static ChunkReader either(ChunkReader first, ChunkReader second) {
    return id -> {
      try {
        return first.read(id);
      } catch (DassieException e) {
        if (e.fault() instanceof Fault.Corrupt) {
          return second.read(id);
        }
        throw e;
      }
    };
  }
}
