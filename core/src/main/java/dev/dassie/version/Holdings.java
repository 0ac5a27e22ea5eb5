package dev.dassie.version;

import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Which trees and files the records of this room keep: those of commits, of the journals of open
/// ones, and of commits that were deleted a short time ago. Reads page by page: what changes
/// meanwhile may be seen as it was or as it is. Thread-safe.
public final class Holdings {
  private final Metadata metadata;

  public Holdings(Versions versions) {
    this.metadata = versions.metadata();
  }

  /// What a commit keeps: its files when it is finished, what it stands on while it is open.
  public record Kept(Commit commit, Fileset files) {}

  /// What a deleted commit had kept.
  public record Deleted(Commit commit, Fileset files, String by, Instant at) {
    /// Where it stands.
    private static Optional<Deleted> of(Stub stub) {
      return filesOf(stub.commit())
          .map(files -> new Deleted(stub.commit(), files, stub.deletedBy(), stub.deletedAt()));
    }
  }

  /// All edits in journals but those whose bytes stand in the journal itself. To be asked before
  /// [#commits]: an edit that is folded into its commit meanwhile is then seen there.
  public void journals(Consumer<Edit> action) {
    each(
        Tables.JOURNAL,
        row -> {
          Journal.Noted entry = Journal.entry(row.value());
          if (entry.chunk().isEmpty()) {
            action.accept(entry.edit());
          }
        });
  }

  /// All commits that keep files, repo by repo.
  public void commits(Consumer<Kept> action) {
    each(
        Tables.COMMIT,
        row -> {
          Commit commit = CommitRow.decode(row.value()).commit();
          filesOf(commit).ifPresent(files -> action.accept(new Kept(commit, files)));
        });
  }

  /// Those of them that branches and tags name.
  public void heads(Consumer<Kept> action) {
    each(
        Tables.REF,
        row -> {
          Ref ref = Tables.decodeRef(row.value());
          ref.head()
              .flatMap(id ->
                  metadata.read(
                      rows -> new Snapshot(rows).commit(new CommitName(ref.name().repo(), id))))
              .map(CommitRow::commit)
              .ifPresent(commit ->
                  filesOf(commit).ifPresent(files -> action.accept(new Kept(commit, files))));
        });
  }

  /// Commits that were deleted and not forgotten yet, oldest first.
  public void deleted(Consumer<Deleted> action) {
    each(Tables.DELETED, row -> Deleted.of(Tables.decodeStub(row.value())).ifPresent(action));
  }

  /// Forgets what was deleted before a time, and returns how many commits that were. The record of
  /// a commit that provenance names stays.
  public long forget(Instant before) {
    List<String> names = new ArrayList<>();
    each(
        Tables.DELETED,
        row -> {
          if (Tables.decodeStub(row.value()).deletedAt().isBefore(before)) {
            names.add(row.name());
          }
        });
    for (int from = 0; from < names.size(); from += Snapshot.BATCH) {
      List<String> some = names.subList(from, Math.min(names.size(), from + Snapshot.BATCH));
      boolean _ =
          metadata.write(rows -> {
            some.forEach(name -> rows.delete(new Metadata.Key(Tables.DELETED, name)));
            return true;
          });
    }
    return names.size();
  }

  /// Whether a tree chunk is the record of a commit or tag that is there, or of a commit that was
  /// taken out of a repo that is there (docs/format.md, "Commit records"). Nothing names these
  /// chunks.
  public boolean isLiveRecord(byte[] chunk) {
    if (!CommitRecord.isRecord(chunk)) {
      return false;
    }
    return switch (CommitRecord.decode(chunk)) {
      case CommitRecord.OfCommit found ->
          metadata.read(rows -> rows.get(Tables.commit(found.commit().name()))).isPresent();
      case CommitRecord.OfTag found ->
          metadata.read(rows -> rows.get(Tables.ref(found.tag().name()))).isPresent();
      // Another pack may still have the record of the commit itself.
      case CommitRecord.OfRemoved found ->
          metadata.read(rows -> rows.get(Tables.repo(found.repo().name()))).isPresent();
    };
  }

  private static Optional<Fileset> filesOf(Commit commit) {
    return switch (commit.state()) {
      case Commit.Open open -> Optional.of(open.base());
      case Commit.Finished finished -> Optional.of(finished.files());
      case Commit.Failed _ -> Optional.empty();
    };
  }

  private void each(String table, Consumer<Row> action) {
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch = metadata.read(rows -> rows.scan(table, "", from, Snapshot.BATCH));
      batch.forEach(action);
      if (batch.size() < Snapshot.BATCH) {
        return;
      }
      after = batch.getLast().name();
    }
  }
}
