package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes commits in a transaction.
final class CommitWork {
  private final Change change;
  private final Snapshot snapshot;
  private final History history;

  CommitWork(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
    this.history = new History(snapshot);
  }

  Commit start(BranchName name) {
    Ref.Branch branch = writable(name);
    return insert(branch, produced(branch), new Commit.Open(base(branch))).commit();
  }

  Commit putFinished(BranchName name, Fileset files) {
    return put(writable(name), files);
  }

  Commit putOwned(BranchName name, Fileset files) {
    return put(unowned(name), files);
  }

  private Commit put(Ref.Branch branch, Fileset files) {
    CommitRow row = insert(branch, produced(branch), new Commit.Finished(files, change.now()));
    emit(Event.COMMIT_FINISHED, row.commit());
    return row.commit();
  }

  /// The open commit of a branch that is computed.
  CommitRow derive(Ref.Branch branch, List<Commit.Source> provenance) {
    return insert(branch, provenance, new Commit.Open(base(branch)));
  }

  /// A branch that users write to and whose head is not open, made if missing.
  private Ref.Branch writable(BranchName name) {
    snapshot.refuseOwned(name.repo());
    return unowned(name);
  }

  private Ref.Branch unowned(BranchName name) {
    snapshot.needRepo(name.repo());
    Optional<Ref> ref = snapshot.ref(name);
    if (ref.isEmpty()) {
      Production.refuseElsewhere(name, change.call());
      return change.refs().make(name);
    }
    if (!(ref.get() instanceof Ref.Branch branch)) {
      throw new Fault.Conflict(
              "`%s` is a tag; expected a branch to write to.".formatted(name), Optional.empty())
          .asException();
    }
    Production.refuseUnwritable(branch, change.call());
    snapshot.refuseFollower(name);
    head(branch)
        .filter(row -> row.commit().isOpen())
        .ifPresent(row -> {
          throw new Fault.Conflict(
                  "The branch `%s` has the open commit `%s`.".formatted(name, row.name().id()),
                  Optional.of("Finish it first."))
              .asException();
        });
    return branch;
  }

  private List<Commit.Source> produced(Ref.Branch branch) {
    return Production.isOf(branch, change.call())
        ? Production.provenance(snapshot, branch)
        : List.of();
  }

  private Optional<CommitRow> head(Ref.Branch branch) {
    return branch.head().map(id -> snapshot.needCommit(new CommitName(branch.name().repo(), id)));
  }

  /// What a new commit on the branch starts from: failed commits are passed by.
  private Fileset base(Ref.Branch branch) {
    return snapshot
        .finished(branch.name())
        .flatMap(row -> row.commit().finishedFiles())
        .orElse(Filesets.EMPTY);
  }

  private CommitRow insert(Ref.Branch branch, List<Commit.Source> provenance, Commit.State state) {
    CommitName name = new CommitName(branch.name().repo(), change.set());
    if (snapshot.commit(name).isPresent()) {
      throw new Fault.Conflict(
              "One transaction would make two commits in the repo `%s`.".formatted(name.repo()),
              Optional.of("Use one transaction for each branch."))
          .asException();
    }
    Commit commit =
        new Commit(
            name,
            branch.name().branch(),
            branch.head(),
            provenance,
            change.call().principal(),
            change.call().message(),
            change.now(),
            Map.of(),
            state);
    long order = emit(Event.COMMIT_STARTED, commit);
    CommitRow row = place(commit, order, branch.isOutput(), head(branch));
    write(row);
    change.refs().setHead(branch, row);
    return row;
  }

  /// Gives a commit its place behind its parent.
  CommitRow place(Commit commit, long order, boolean output, Optional<CommitRow> parent) {
    Optional<CommitRow> jump = parent.map(history::jumpFrom);
    return new CommitRow(
        commit,
        order,
        parent.map(CommitRow::depth).orElse(0L) + 1,
        jump.map(target -> target.name().id()),
        jump.map(CommitRow::depth).orElse(0L),
        Optional.empty(),
        output);
  }

  /// Writes a new commit with its index rows.
  void write(CommitRow row) {
    CommitName name = row.name();
    change.put(Tables.commit(name), row.encode());
    change.put(Tables.byRepo(row), utf8(name.id().value()));
    change.put(Tables.bySet(row), utf8(name.key()));
    row.commit()
        .parent()
        .ifPresent(parent ->
            change.put(
                Tables.child(new CommitName(name.repo(), parent), name.id()), Tables.NOTHING));
    for (Commit.Source source : row.commit().provenance()) {
      change.put(Tables.derived(source.commit(), row), Tables.NOTHING);
    }
  }

  /// Notes the second parent of a commit that was made here.
  void merged(CommitName name, CommitId other) {
    CommitRow row = snapshot.needCommit(name);
    change.put(Tables.merge(row), new Merged(name.id(), other).encode());
  }

  Commit finish(CommitName name, Fileset files, Instant at) {
    CommitRow row = needOpen(name);
    for (Commit.Source source : row.commit().provenance()) {
      snapshot
          .commit(source.commit())
          .filter(made -> made.commit().isOpen())
          .ifPresent(made -> {
            throw new Fault.Conflict(
                    "The commit `%s` was made from `%s`, which is open."
                        .formatted(name, made.name()),
                    Optional.empty())
                .asException();
          });
    }
    CommitRow finished = end(row, new Commit.Finished(files, at));
    emit(Event.COMMIT_FINISHED, finished.commit());
    pointBranches(finished);
    return finished.commit();
  }

  Commit fail(CommitName name, String reason) {
    CommitRow row = needOpen(name);
    CommitRow failed = row.withNearest(history.pointerOfFailed(row));
    Commit commit = end(failed, new Commit.Failed(reason, change.now())).commit();
    change.append(
        Event.of(Event.COMMIT_FAILED, commit, change.call(), change.now()).with("reason", reason));
    return commit;
  }

  Commit edit(CommitName name, MetadataEdit edit) {
    CommitRow row = snapshot.needCommit(name);
    Commit old = row.commit();
    Commit changed =
        new Commit(
            name,
            old.branch(),
            old.parent(),
            old.provenance(),
            old.author(),
            old.message(),
            old.started(),
            edit.apply(old.metadata()),
            old.state());
    change.put(Tables.commit(name), row.with(changed).encode());
    emit(Event.COMMIT_CHANGED, changed);
    return changed;
  }

  CommitRow needOpen(CommitName name) {
    CommitRow row = snapshot.needCommit(name);
    if (!row.commit().isOpen()) {
      String state = row.commit().state() instanceof Commit.Failed ? "failed" : "finished";
      throw new Fault.Conflict(
              "The commit `%s` is %s; expected an open one.".formatted(name, state),
              Optional.empty())
          .asException();
    }
    return row;
  }

  /// Replaces what an open commit stands on.
  void rebase(CommitRow row, Fileset base) {
    Commit commit = CommitRow.ended(row.commit(), new Commit.Open(base), "");
    change.put(Tables.commit(row.name()), row.with(commit).encode());
  }

  private CommitRow end(CommitRow row, Commit.State state) {
    String message = row.output() ? "" : change.call().message();
    CommitRow ended = row.with(CommitRow.ended(row.commit(), state, message));
    change.put(Tables.commit(row.name()), ended.encode());
    clearJournal(row.name());
    change.delete(Tables.journalState(row.name()));
    return ended;
  }

  void clearJournal(CommitName name) {
    for (Row edit : snapshot.all(Tables.JOURNAL, name.key() + "/")) {
      change.delete(new Metadata.Key(Tables.JOURNAL, edit.name()));
    }
  }

  /// Moves the pointers to the newest finished commit of the branches that have this one in their
  /// history. A commit that finishes late does not take the place of a newer one.
  private void pointBranches(CommitRow row) {
    Set<String> names = new LinkedHashSet<>();
    names.add(row.commit().branch());
    snapshot
        .all(Tables.HEAD_OF, row.name().key() + "/")
        .forEach(ref -> names.add(Tables.last(ref.name())));
    for (String name : names) {
      Optional<Ref.Branch> branch = snapshot.branch(new BranchName(row.name().repo(), name));
      Optional<CommitRow> head = branch.flatMap(this::head);
      if (head.filter(now -> history.contains(now, row)).isPresent()) {
        BranchName target = branch.orElseThrow().name();
        long depth = snapshot.finished(target).map(CommitRow::depth).orElse(0L);
        if (row.depth() > depth) {
          change.refs().pointFinished(target, row);
        }
      }
    }
  }

  private long emit(String kind, Commit commit) {
    return change.append(Event.of(kind, commit, change.call(), change.now()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
