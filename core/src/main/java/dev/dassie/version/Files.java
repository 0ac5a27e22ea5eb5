package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.Unchanged;
import java.util.List;
import java.util.Optional;

/// Writes files into branches and open commits. Thread-safe.
public final class Files {
  /// Writers that were let in lately.
  private static final int KEPT = 1000;

  private final Versions versions;
  private final Line line = new Line();
  private final Unchanged<Wish, Boolean> allowed;

  /// Who wants to write where: what is refused depends on nothing else of a call.
  private record Wish(BranchName branch, String principal) {}

  public Files(Versions versions) {
    this.versions = versions;
    this.allowed = new Unchanged<>(versions.metadata(), KEPT);
  }

  /// Starts to write files to a branch: into its open head if it has one when the writer commits,
  /// else as one atomic commit. A branch that is not there is made then. Refused on a branch that a
  /// pipeline writes, save to its own process, or that does not exist as a repo.
  public FileWriter write(Call call, BranchName branch) {
    // A repeat of a call gets its answer from the writer, whatever has become of the branch.
    if (versions.remembered(call, Reply.COMMIT).isEmpty()) {
      boolean _ =
          allowed.get(
              new Wish(branch, call.principal()),
              rows -> {
                Targets.check(new Snapshot(rows), branch, call);
                return true;
              });
    }
    return new FileWriter(versions, this, call, branch, Optional.empty());
  }

  /// Starts to write files into an open commit of a user.
  public FileWriter write(Call call, CommitName commit) {
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    Commit there = first.orElseGet(() -> versions.inspect(commit));
    BranchName branch = new BranchName(commit.repo(), there.branch());
    if (first.isEmpty()) {
      versions.ask(snapshot -> Targets.find(snapshot, branch, Optional.of(commit), call));
    }
    return new FileWriter(versions, this, call, branch, Optional.of(commit));
  }

  /// Finishes an open commit that users wrote to; what it holds is readable, and downstream may
  /// start, on return. A message in the call replaces that of the commit. Costs as much as the
  /// journal, never as the repo. Refused on the output of a pipeline.
  public Commit finish(Call call, CommitName commit) {
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    Commit there = first.orElseGet(() -> versions.inspect(commit));
    BranchName branch = new BranchName(commit.repo(), there.branch());
    try (FileWriter writer = new FileWriter(versions, this, call, branch, Optional.of(commit))) {
      return writer.finish();
    }
  }

  /// The files of an open commit of a user, published; the commit stays open. What is acknowledged
  /// before the call is in them. Costs as much as the journal.
  public Fileset folded(CommitName commit) {
    try (ChunkStore.Session session = versions.chunks().session()) {
      Folding now =
          versions.ask(snapshot -> {
            Targets.Open open = Targets.open(snapshot, snapshot.needCommit(commit));
            return new Folding(open.base(), Journal.entries(snapshot, commit, 0));
          });
      List<Edit> edits = Journal.edits(now.entries(), session);
      Fileset files = versions.views().apply(now.base(), edits, session);
      session.publish();
      return files;
    }
  }

  /// Whether all that was put into an open commit so far are markers of directories, at least one.
  public boolean holdsMarkersAlone(CommitName commit) {
    return versions.ask(snapshot -> {
      Journal.State state = Journal.state(snapshot, commit);
      // What was folded is more than a few rows of anything.
      return state.rows() > 0
          && state.rows() == state.next()
          && Journal.isOfMarkers(Journal.entries(snapshot, commit, 0));
    });
  }

  private record Folding(Fileset base, List<Journal.Noted> entries) {}

  /// Returns when the write has an outcome.
  void pass(Write write) {
    line.pass(write, group -> WriteGroup.run(versions, group));
  }

  /// Writes that wait for their turn on a branch, for tests.
  int waiting(BranchName branch) {
    return line.waiting(branch);
  }
}
