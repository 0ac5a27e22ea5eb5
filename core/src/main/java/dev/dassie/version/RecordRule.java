package dev.dassie.version;

import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.RecordHole.Follows;
import dev.dassie.version.RecordHole.LostCommit;
import dev.dassie.version.RecordHole.LostProject;
import dev.dassie.version.RecordHole.LostRef;
import dev.dassie.version.RecordHole.LostRepo;
import dev.dassie.version.RecordHole.None;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What must be there where a row of a table is (docs/format.md, "Database records").
record RecordRule(String table, Look rule) {
  /// Finds what is missing. The row may be damaged: `Fault.Corrupt`.
  interface Look {
    List<RecordHole> at(Snapshot snapshot, Row row);
  }

  static final List<RecordRule> ALL =
      List.of(
          new RecordRule(Tables.REPO, RecordRule::repo),
          new RecordRule(Tables.REF, RecordRule::ref),
          new RecordRule(Tables.COMMIT, RecordRule::commit),
          new RecordRule(Tables.BY_REPO, RecordRule::byRepo),
          new RecordRule(Tables.BY_SET, RecordRule::bySet),
          new RecordRule(Tables.CHILD, RecordRule::child),
          new RecordRule(Tables.HEAD_OF, RecordRule::headOf),
          new RecordRule(Tables.FINISHED, RecordRule::finished),
          new RecordRule(Tables.JOURNAL_STATE, RecordRule::journal),
          new RecordRule(Tables.JOURNAL, RecordRule::journalRow),
          new RecordRule(Tables.TRIGGER, RecordRule::trigger));

  List<RecordHole> look(Snapshot snapshot, Row row) {
    return rule.at(snapshot, row);
  }

  private static List<RecordHole> repo(Snapshot snapshot, Row row) {
    RepoName name = Tables.decode("A repo record", row.value(), Wire::readRepo).name();
    return snapshot.project(name.project()).isPresent()
        ? List.of()
        : List.of(
            RecordHole.of(
                name,
                "The project `%s` of the repo has no record.".formatted(name.project()),
                new LostProject(name.project())));
  }

  private static List<RecordHole> ref(Snapshot snapshot, Row row) {
    Ref ref = Tables.decodeRef(row.value());
    RepoName repo = ref.name().repo();
    List<RecordHole> holes = new ArrayList<>(inRepo(snapshot, repo));
    Optional<CommitName> head = ref.head().map(id -> new CommitName(repo, id));
    head.ifPresent(commit -> {
      String subject = "It is the head of `%s`".formatted(ref.name());
      named(snapshot, commit, subject).ifPresent(holes::add);
      follows(snapshot, commit, Tables.headOf(commit, ref.name().branch()), Tables.NOTHING)
          .ifPresent(holes::add);
    });
    if (ref instanceof Ref.Branch branch) {
      for (BranchName source : branch.provenance()) {
        if (snapshot.rows().get(Tables.subscriber(source, branch.name())).isEmpty()) {
          holes.add(
              RecordHole.of(
                  repo,
                  "That `%s` is computed from `%s` is missing from the index."
                      .formatted(branch.name(), source),
                  new Follows(Tables.subscriber(source, branch.name()), Tables.NOTHING)));
        }
      }
      head.flatMap(snapshot::commit)
          .flatMap(row0 -> newest(snapshot, branch, row0))
          .ifPresent(holes::add);
    }
    return holes;
  }

  /// Whether the branch points to its newest finished commit.
  private static Optional<RecordHole> newest(Snapshot snapshot, Ref.Branch branch, CommitRow head) {
    Optional<CommitRow> finished =
        head.commit().finishedFiles().isPresent()
            ? Optional.of(head)
            : new History(snapshot).nearestFinished(head);
    Optional<CommitId> pointed =
        snapshot
            .rows()
            .get(Tables.finished(branch.name()))
            .map(bytes -> Tables.decode("A branch pointer", bytes, Wire::readId));
    Optional<CommitId> right = finished.map(row -> row.name().id());
    if (right.isEmpty() || pointed.equals(right)) {
      return Optional.empty();
    }
    return Optional.of(
        RecordHole.of(
            finished.get().name(),
            "It is the newest finished commit of `%s`, which does not say so."
                .formatted(branch.name()),
            new Follows(
                Tables.finished(branch.name()), Tables.encode(right.get(), Wire::writeId))));
  }

  private static List<RecordHole> commit(Snapshot snapshot, Row found) {
    CommitRow row = CommitRow.decode(found.value());
    CommitName name = row.name();
    List<RecordHole> holes = new ArrayList<>(inRepo(snapshot, name.repo()));
    follows(snapshot, name, Tables.byRepo(row), utf8(name.id().value())).ifPresent(holes::add);
    follows(snapshot, name, Tables.bySet(row), utf8(name.key())).ifPresent(holes::add);
    row.commit()
        .parent()
        .map(id -> new CommitName(name.repo(), id))
        .ifPresent(parent -> {
          named(snapshot, parent, "It is the parent of `%s`".formatted(name.id()))
              .ifPresent(holes::add);
          follows(snapshot, name, Tables.child(parent, name.id()), Tables.NOTHING)
              .ifPresent(holes::add);
        });
    for (Commit.Source source : row.commit().provenance()) {
      named(snapshot, source.commit(), "`%s` was made from it".formatted(name))
          .ifPresent(holes::add);
      follows(snapshot, name, Tables.derived(source.commit(), row), Tables.NOTHING)
          .ifPresent(holes::add);
    }
    return holes;
  }

  private static List<RecordHole> byRepo(Snapshot snapshot, Row row) {
    String repo = row.name().substring(0, row.name().lastIndexOf('/'));
    CommitName name = Tables.commitName(repo + "/" + Snapshot.text(row));
    return there(snapshot, name, "It is in the list of its repo");
  }

  private static List<RecordHole> bySet(Snapshot snapshot, Row row) {
    return there(snapshot, Tables.commitName(Snapshot.text(row)), "It is in the list of its set");
  }

  private static List<RecordHole> child(Snapshot snapshot, Row row) {
    CommitName parent = Tables.commitName(row.name().substring(0, row.name().lastIndexOf('/')));
    CommitName name = new CommitName(parent.repo(), new CommitId(Tables.last(row.name())));
    return there(snapshot, name, "It is a child of `%s`".formatted(parent.id()));
  }

  private static List<RecordHole> headOf(Snapshot snapshot, Row row) {
    CommitName commit = Tables.commitName(row.name().substring(0, row.name().lastIndexOf('/')));
    BranchName name = new BranchName(commit.repo(), Tables.last(row.name()));
    Optional<Ref> ref = snapshot.ref(name);
    if (ref.isEmpty()) {
      return List.of(
          RecordHole.of(
              commit,
              "It is the head of `%s`, which has no record.".formatted(name),
              new LostRef(name)));
    }
    return ref.get().head().equals(Optional.of(commit.id()))
        ? List.of()
        : List.of(
            RecordHole.of(
                commit,
                "It is noted as the head of `%s`, which has another.".formatted(name),
                new None()));
  }

  private static List<RecordHole> finished(Snapshot snapshot, Row row) {
    BranchName name = Tables.branchName(row.name());
    CommitId id = Tables.decode("A branch pointer", row.value(), Wire::readId);
    if (snapshot.ref(name).isEmpty()) {
      return List.of(
          RecordHole.of(
              new CommitName(name.repo(), id),
              "It is the newest finished commit of `%s`, which has no record.".formatted(name),
              new LostRef(name)));
    }
    return there(
        snapshot,
        new CommitName(name.repo(), id),
        "It is the newest finished commit of `%s`".formatted(name));
  }

  private static List<RecordHole> journal(Snapshot snapshot, Row row) {
    CommitName name = Tables.commitName(row.name());
    List<RecordHole> holes = new ArrayList<>(there(snapshot, name, "It has a journal"));
    long said = Journal.state(snapshot, name).rows();
    long found = snapshot.all(Tables.JOURNAL, name.key() + "/").size();
    if (found != said) {
      holes.add(
          RecordHole.of(
              name,
              "Its journal has %d rows, expected %d: what was put by others is lost."
                  .formatted(found, said),
              new None()));
    }
    return holes;
  }

  /// The first row of a journal asks for its state.
  private static List<RecordHole> journalRow(Snapshot snapshot, Row row) {
    CommitName name = Tables.commitName(row.name().substring(0, row.name().lastIndexOf('/')));
    return snapshot.rows().get(Tables.journalState(name)).isPresent()
        ? List.of()
        : List.of(
            RecordHole.of(
                name,
                "The row `%s` of its journal has no state and is not read."
                    .formatted(Tables.last(row.name())),
                new None()));
  }

  /// A branch that follows must be in the index of the branch that it follows.
  private static List<RecordHole> trigger(Snapshot snapshot, Row row) {
    Follower follower = Follower.decode(Tables.branchName(row.name()), row.value());
    BranchName watched = follower.watched();
    Metadata.Key index = Tables.watcher(watched, follower.name().branch());
    return snapshot.rows().get(index).isPresent()
        ? List.of()
        : List.of(
            RecordHole.of(
                watched.repo(),
                "That `%s` follows `%s` is missing from the index."
                    .formatted(follower.name(), watched),
                new Follows(index, Tables.NOTHING)));
  }

  private static List<RecordHole> inRepo(Snapshot snapshot, RepoName repo) {
    return snapshot.repo(repo).isPresent()
        ? List.of()
        : List.of(RecordHole.of(repo, "The repo has no record.", new LostRepo(repo)));
  }

  /// A commit that must be there.
  private static List<RecordHole> there(Snapshot snapshot, CommitName name, String subject) {
    return snapshot.commit(name).isPresent() ? List.of() : List.of(lost(name, subject));
  }

  /// A commit that must be there, or have left a stub.
  private static Optional<RecordHole> named(Snapshot snapshot, CommitName name, String subject) {
    return snapshot.commit(name).isPresent() || snapshot.stub(name).isPresent()
        ? Optional.empty()
        : Optional.of(lost(name, subject));
  }

  private static RecordHole lost(CommitName name, String subject) {
    return RecordHole.of(name, subject + " and has no record.", new LostCommit(name));
  }

  /// An index row of a commit.
  private static Optional<RecordHole> follows(
      Snapshot snapshot, CommitName commit, Metadata.Key key, byte[] value) {
    return snapshot.rows().get(key).isPresent()
        ? Optional.empty()
        : Optional.of(
            RecordHole.of(
                commit,
                "It is missing from the index `%s`.".formatted(key.table()),
                new Follows(key, value)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
