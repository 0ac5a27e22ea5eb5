package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finishes open commits as part of a larger transaction. What they hold is stored before it, by
/// [#fold] and [#publish]; within it [#finish] is only rows. Costs as much as their journals, never
/// as their repos. For one thread; MUST be closed after the transaction, not before.
public final class Closing implements AutoCloseable {
  private final Versions versions;
  private final ChunkStore.Session session;
  private final Map<CommitName, Folded> folded = new LinkedHashMap<>();

  private record Read(Targets.Open from, List<Journal.Noted> entries) {}

  private record Folded(Targets.Open from, Sealed sealed) {}

  public Closing(Versions versions) {
    this.versions = versions;
    this.session = versions.chunks().session();
  }

  /// Stores the files of a commit with its record. One that is not there, or not open, is passed
  /// by: [#finish] says so.
  ///
  /// @param message replaces that of the commit; empty for none
  public void fold(CommitName name, String message) {
    Optional<Read> read = versions.ask(snapshot -> read(snapshot, name));
    if (read.isPresent()) {
      Targets.Open from = read.get().from();
      List<Edit> edits = Journal.edits(read.get().entries(), session);
      Fileset tree = versions.views().apply(from.base(), edits, session);
      folded.put(name, new Folded(from, versions.seal(session, name, tree, from.state(), message)));
    }
  }

  private static Optional<Read> read(Snapshot snapshot, CommitName name) {
    return snapshot
        .commit(name)
        .filter(row -> row.commit().isOpen() && !row.output())
        .map(row -> new Read(Targets.open(snapshot, row), Journal.entries(snapshot, name, 0)));
  }

  /// Says that the transaction will make a commit of files that were stored before, so that no
  /// collection takes them now.
  public void keep(Fileset files) {
    new Filesets(versions.chunks()).reuse(files, session);
  }

  /// Makes what was folded durable.
  public void publish() {
    if (!folded.isEmpty()) {
      session.publish();
    }
  }

  /// Finishes an open commit that users wrote to: one that was folded, or one that the transaction
  /// itself has started, without files of its own. Empty, with nothing changed, where it has been
  /// written to since it was folded. Refused as by [Files#finish].
  public Optional<Commit> finish(Change change, CommitName name) {
    Targets.Open now = Targets.open(change.snapshot(), change.snapshot().needCommit(name));
    if (name.id().equals(change.set())) {
      return Optional.of(change.finish(name, now.base()));
    }
    return Optional.ofNullable(folded.get(name))
        .filter(known -> known.from().equals(now))
        .map(known -> change.finish(known.sealed()));
  }

  /// Finishes an open commit in a rehearsal, where it does not matter with which files.
  public static Commit rehearse(Change change, CommitName name) {
    Targets.Open now = Targets.open(change.snapshot(), change.snapshot().needCommit(name));
    return change.finish(name, now.base());
  }

  /// Ends the hold on what was stored, and forgets the views of what was open.
  @Override
  public void close() {
    folded.keySet().forEach(versions.views()::forget);
    session.close();
  }
}
