package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.util.List;
import java.util.Optional;

/// Deletes a repo in a transaction (design S9): nothing that is depended on, and never the record
/// of a commit that provenance names.
final class Removal {
  private final Change change;
  private final Snapshot snapshot;

  Removal(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
  }

  void deleteRepo(RepoName name) {
    snapshot.needRepo(name);
    String prefix = name.key() + "/";
    refuseWhileNeeded(name, prefix);
    for (Row row : snapshot.all(Tables.REF, prefix)) {
      if (Tables.decodeRef(row.value()) instanceof Ref.Branch branch) {
        branch
            .provenance()
            .forEach(source -> change.delete(Tables.subscriber(source, branch.name())));
        change.delete(Tables.finished(branch.name()));
        change.delete(Tables.rule(branch.name()));
        change.delete(Tables.quiet(branch.name()));
        new TriggerWork(change).forget(branch.name());
      }
      change.delete(new Metadata.Key(Tables.REF, row.name()));
    }
    change.refs().forgetBeside(prefix);
    while (true) {
      List<Row> batch = snapshot.rows().scan(Tables.COMMIT, prefix, "", Snapshot.BATCH);
      batch.forEach(row -> deleteCommit(CommitRow.decode(row.value()), Optional.empty()));
      if (batch.size() < Snapshot.BATCH) {
        break;
      }
    }
    change.delete(Tables.repo(name));
    change.append(Event.of(Event.REPO_DELETED, name, change.call(), change.now()));
  }

  private void refuseWhileNeeded(RepoName name, String prefix) {
    snapshot
        .owner(name)
        .ifPresent(pipeline -> {
          throw new Fault.Conflict(
                  "The repo `%s` belongs to the pipeline `%s`.".formatted(name, pipeline),
                  Optional.of("Delete the pipeline first."))
              .asException();
        });
    for (Ref ref : snapshot.refs(name)) {
      if (ref instanceof Ref.Branch branch && branch.isOutput()) {
        throw new Fault.Conflict(
                "The repo `%s` is written by the pipeline `%s`."
                    .formatted(name, branch.pipeline().orElse("")),
                Optional.of("Delete the pipeline first."))
            .asException();
      }
    }
    for (Row row : snapshot.all(Tables.SUBSCRIBER, prefix)) {
      String rest = row.name().substring(prefix.length());
      BranchName reader = Tables.branchName(rest.substring(rest.indexOf('/') + 1));
      if (!reader.repo().equals(name)) {
        throw new Fault.Conflict(
                "The repo `%s` is read by the branch `%s`.".formatted(name, reader),
                Optional.of("Delete the pipeline that writes `%s` first.".formatted(reader)))
            .asException();
      }
    }
  }

  /// Deletes a commit with its index rows; it leaves the stub that is given, or one where
  /// provenance names it.
  void deleteCommit(CommitRow row, Optional<Stub> left) {
    CommitName name = row.name();
    boolean named = !snapshot.rows().scan(Tables.DERIVED, name.key() + "/", "", 1).isEmpty();
    Stub stub =
        left.orElseGet(() -> new Stub(row.commit(), change.call().principal(), change.now()));
    change.put(Tables.deleted(stub), Tables.encodeStub(stub));
    if (named || left.isPresent()) {
      change.put(Tables.stub(name), Tables.encodeStub(stub));
    }
    if (!named) {
      // A stub is still derived from its own sources, whose records must then stay too.
      for (Commit.Source source : row.commit().provenance()) {
        change.delete(Tables.derived(source.commit(), row));
      }
    }
    change.delete(Tables.byRepo(row));
    change.delete(Tables.bySet(row));
    change.delete(Tables.merge(row));
    row.commit()
        .parent()
        .ifPresent(id -> change.delete(Tables.child(new CommitName(name.repo(), id), name.id())));
    deleteAll(Tables.HEAD_OF, name.key() + "/");
    deleteAll(Tables.JOURNAL, name.key() + "/");
    change.delete(Tables.journalState(name));
    change.delete(Tables.commit(name));
  }

  private void deleteAll(String table, String prefix) {
    snapshot.all(table, prefix).forEach(row -> change.delete(new Metadata.Key(table, row.name())));
  }
}
