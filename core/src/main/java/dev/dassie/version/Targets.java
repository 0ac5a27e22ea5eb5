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

  /// The same without the state of the journal.
  sealed interface Place {}

  /// An open commit.
  private record Journaled(CommitName name, Fileset base) implements Place {}

  /// A new commit behind `head`. `record` says what the commit record needs beside the commit.
  record Fresh(
      Project project,
      Repo repo,
      Optional<Ref.Branch> branch,
      Optional<CommitId> head,
      Optional<CommitId> built,
      List<Commit.Source> provenance,
      Fileset base)
      implements Target, Place {
    Fresh {
      provenance = List.copyOf(provenance);
    }

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
      return new Fresh(
          project, repo, Optional.of(moved), Optional.of(id), Optional.of(id), provenance, tree);
    }
  }

  /// An open commit.
  record Open(CommitName name, Fileset base, Journal.State state) implements Target {}

  /// For users.
  static Target find(Snapshot snapshot, BranchName name, Optional<CommitName> commit) {
    return find(snapshot, name, commit, Call.SYSTEM);
  }

  static Target find(Snapshot snapshot, BranchName name, Optional<CommitName> commit, Call call) {
    return switch (place(snapshot, name, commit, call)) {
      case Fresh fresh -> fresh;
      case Journaled(CommitName open, Fileset base) ->
          new Open(open, base, Journal.state(snapshot, open));
    };
  }

  /// Refuses what [#find] refuses, without a look at a journal.
  static void check(Snapshot snapshot, BranchName name, Call call) {
    Place _ = place(snapshot, name, Optional.empty(), call);
  }

  private static Place place(
      Snapshot snapshot, BranchName name, Optional<CommitName> commit, Call call) {
    if (commit.isPresent()) {
      return open(snapshot.needCommit(commit.get()), call);
    }
    Names.check("branch", name.branch());
    Repo repo = snapshot.needRepo(name.repo());
    snapshot.refuseOwned(name.repo());
    Project project = snapshot.needProject(name.repo().project());
    Optional<Ref> ref = snapshot.ref(name);
    if (ref.isEmpty()) {
      Production.refuseElsewhere(name, call);
      return new Fresh(
          project,
          repo,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Filesets.EMPTY);
    }
    if (!(ref.get() instanceof Ref.Branch branch)) {
      throw new Fault.Conflict(
              "`%s` is a tag; expected a branch to write to.".formatted(name), Optional.empty())
          .asException();
    }
    Optional<CommitRow> head =
        branch.head().map(id -> snapshot.needCommit(new CommitName(name.repo(), id)));
    boolean produced = Production.isOf(branch, call);
    if ((produced || !branch.isOutput()) && head.isPresent() && head.get().commit().isOpen()) {
      return open(head.get(), call);
    }
    Production.refuseUnwritable(branch, call);
    snapshot.refuseFollower(name);
    Optional<CommitRow> built = snapshot.finished(name);
    return new Fresh(
        project,
        repo,
        Optional.of(branch),
        branch.head(),
        built.map(row -> row.name().id()),
        produced ? Production.provenance(snapshot, branch) : List.of(),
        built.flatMap(row -> row.commit().finishedFiles()).orElse(Filesets.EMPTY));
  }

  static Open open(Snapshot snapshot, CommitRow row) {
    Journaled open = open(row, Call.SYSTEM);
    return new Open(open.name(), open.base(), Journal.state(snapshot, open.name()));
  }

  private static Journaled open(CommitRow row, Call call) {
    boolean produced = Production.isOf(row.commit(), call);
    if (row.output() && !produced) {
      throw new Fault.Conflict(
              "The commit `%s` is the output of a pipeline.".formatted(row.name()),
              Optional.of("Put the data into the pipeline's input, or stop the job."))
          .asException();
    }
    if (!produced) {
      Production.refuseElsewhere(new BranchName(row.name().repo(), row.commit().branch()), call);
    }
    if (!(row.commit().state() instanceof Commit.Open open)) {
      throw new Fault.Conflict(
              "The commit `%s` has ended; expected an open one.".formatted(row.name()),
              Optional.empty())
          .asException();
    }
    return new Journaled(row.name(), open.base());
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
            fresh.provenance(),
            call.principal(),
            call.message(),
            state.at(),
            Map.of(),
            state);
    return new CommitRecord.OfCommit(
        fresh.project(),
        fresh.repo(),
        branch,
        commit,
        fresh.built(),
        branch.isOutput(),
        Optional.empty(),
        0);
  }
}
