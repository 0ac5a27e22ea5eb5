package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import java.util.List;
import java.util.Optional;

/// Records, after a transaction, what it finished.
final class Recording {
  private final Versions versions;

  Recording(Versions versions) {
    this.versions = versions;
  }

  /// Puts the records of what a transaction finished into a tree pack. The transaction has
  /// happened: trouble here is no refusal of it, only a rebuild would miss what was not recorded.
  void record(Change change) {
    List<CommitName> commits = change.unrecorded();
    List<Ref.Tag> tags = change.newTags();
    if (commits.isEmpty() && tags.isEmpty() && change.removed().isEmpty()) {
      return;
    }
    try (ChunkStore.Session session = versions.chunks().session()) {
      for (CommitName name : commits) {
        versions
            .ask(snapshot -> snapshot.commit(name).flatMap(row -> finishedRecord(snapshot, row)))
            .ifPresent(found -> found.write(session));
      }
      for (Ref.Tag tag : tags) {
        versions.ask(snapshot -> tagRecord(snapshot, tag)).ifPresent(found -> found.write(session));
      }
      for (Stub stub : change.removed()) {
        versions
            .ask(snapshot -> CommitRecord.removed(snapshot, stub))
            .ifPresent(r -> r.write(session));
      }
      session.publish();
    } catch (DassieException e) {
      System.getLogger("dassie.version")
          .log(
              System.Logger.Level.WARNING,
              "The records of {0} and {1} are not in a pack: {2}",
              commits,
              tags,
              e.getMessage());
    }
  }

  private static Optional<CommitRecord> finishedRecord(Snapshot snapshot, CommitRow row) {
    return row.commit().state() instanceof Commit.Finished finished
        ? Optional.of(CommitRecord.of(snapshot, row, finished, ""))
        : Optional.empty();
  }

  private static Optional<CommitRecord> tagRecord(Snapshot snapshot, Ref.Tag tag) {
    RepoName repo = tag.name().repo();
    return snapshot
        .repo(repo)
        .map(there -> new CommitRecord.OfTag(snapshot.needProject(repo.project()), there, tag));
  }
}
