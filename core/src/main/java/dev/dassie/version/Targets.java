package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a writer's files go, as one snapshot sees it.
final class Targets {
  private Targets() {}

  /// What a writer stands on.
  sealed interface Target {}

  /// A new commit behind `head`. `record` says what the commit record needs beside the commit.
  record Fresh(
      Project project,
      Repo repo,
      Optional<Ref.Branch> branch,
      Optional<CommitId> head,
      Optional<CommitId> built,
      Fileset base)
      implements Target {
    /// The same behind a commit that was made on it.
    Fresh after(CommitRecord.OfCommit made, CommitId id, Fileset tree) {
      Ref.Branch was = made.branch();
      Ref.Branch moved =
          new Ref.Branch(
              was.name(),
              Optional.of(id),
              was.provenance(),
              was.pipeline(),
              was.author(),
              was.created(),
              was.metadata());
      return new Fresh(project, repo, Optional.of(moved), Optional.of(id), Optional.of(id), tree);
    }
  }

  /// An open commit.
  record Open(CommitName name, Fileset base, Journal.State state) implements Target {}

  static Target find(Snapshot snapshot, BranchName name, Optional<CommitName> commit) {
    if (commit.isPresent()) {
      return open(snapshot, snapshot.needCommit(commit.get()));
    }
    Names.check("branch", name.branch());
    Repo repo = snapshot.needRepo(name.repo());
    snapshot.refuseOwned(name.repo());
    Project project = snapshot.needProject(name.repo().project());
    Optional<Ref> ref = snapshot.ref(name);
    if (ref.isEmpty()) {
      return new Fresh(
          project, repo, Optional.empty(), Optional.empty(), Optional.empty(), Filesets.EMPTY);
    }
    if (!(ref.get() instanceof Ref.Branch branch)) {
      throw new Fault.Conflict(
              "`%s` is a tag; expected a branch to write to.".formatted(name), Optional.empty())
          .asException();
    }
    Optional<CommitRow> head =
        branch.head().map(id -> snapshot.needCommit(new CommitName(name.repo(), id)));
    if (!branch.isOutput() && head.isPresent() && head.get().commit().isOpen()) {
      return open(snapshot, head.get());
    }
    RefWork.refuseDerived(branch);
    Optional<CommitRow> built = snapshot.finished(name);
    return new Fresh(
        project,
        repo,
        Optional.of(branch),
        branch.head(),
        built.map(row -> row.name().id()),
        built.flatMap(row -> row.commit().finishedFiles()).orElse(Filesets.EMPTY));
  }

  static Open open(Snapshot snapshot, CommitRow row) {
    if (row.output()) {
      throw new Fault.Conflict(
              "The commit `%s` is the output of a pipeline.".formatted(row.name()),
              Optional.of("Put the data into the pipeline's input, or stop the job."))
          .asException();
    }
    if (!(row.commit().state() instanceof Commit.Open open)) {
      throw OpenViews.ended(row.name());
    }
    return new Open(row.name(), open.base(), Journal.state(snapshot, row.name()));
  }

  /// The record of the commit that a writer is about to make.
  static CommitRecord.OfCommit record(
      Fresh fresh, BranchName name, CommitId id, Call call, Commit.Finished state) {
    Ref.Branch branch =
        fresh
            .branch()
            .orElseGet(() ->
                new Ref.Branch(
                    name,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    call.principal(),
                    state.at(),
                    Map.of()));
    Commit commit =
        new Commit(
            new CommitName(name.repo(), id),
            name.branch(),
            fresh.head(),
            List.of(),
            call.principal(),
            call.message(),
            state.at(),
            Map.of(),
            state);
    return new CommitRecord.OfCommit(
        fresh.project(), fresh.repo(), branch, commit, fresh.built(), false, Optional.empty(), 0);
  }
}
