package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// This room's records as one transaction sees them. Used by one thread, and never kept beyond the
/// transaction.
final class Snapshot {
  /// Rows that are fetched at once where a whole range is walked.
  static final int BATCH = 500;

  private final Metadata.Reader rows;

  Snapshot(Metadata.Reader rows) {
    this.rows = rows;
  }

  Metadata.Reader rows() {
    return rows;
  }

  Optional<Project> project(String name) {
    return rows.get(Tables.project(name))
        .map(bytes -> Tables.decode("A project record", bytes, Wire::readProject));
  }

  Project needProject(String name) {
    return project(name)
        .orElseThrow(() ->
            new Fault.NotFound("project", name, Nearest.hint(name, names(Tables.PROJECT, "")))
                .asException());
  }

  Optional<Repo> repo(RepoName name) {
    return rows.get(Tables.repo(name))
        .map(bytes -> Tables.decode("A repo record", bytes, Wire::readRepo));
  }

  /// The repo; one that is not there is refused with the nearest name.
  Repo needRepo(RepoName name) {
    return repo(name)
        .orElseThrow(() -> {
          needProject(name.project());
          List<String> others = names(Tables.REPO, name.project() + "/");
          return new Fault.NotFound("repo", name.toString(), Nearest.hint(name.local(), others))
              .asException();
        });
  }

  Optional<Ref> ref(BranchName name) {
    return rows.get(Tables.ref(name)).map(Tables::decodeRef);
  }

  Optional<Ref.Branch> branch(BranchName name) {
    return ref(name).filter(Ref.Branch.class::isInstance).map(Ref.Branch.class::cast);
  }

  Ref.Branch needBranch(BranchName name) {
    return branch(name).orElseThrow(() -> missingRef(name.repo(), name.branch()).asException());
  }

  /// The fault for a name in a repo that is no branch, tag or commit; the repo must be there.
  Fault missingRef(RepoName repo, String name) {
    needRepo(repo);
    List<String> others = names(Tables.REF, repo.key() + "/");
    return new Fault.NotFound(
        "branch, tag or commit", repo + "@" + name, Nearest.hint(name, others));
  }

  Optional<CommitRow> commit(CommitName name) {
    return rows.get(Tables.commit(name)).map(CommitRow::decode);
  }

  CommitRow needCommit(CommitName name) {
    return commit(name).orElseThrow(() -> missing(name).asException());
  }

  Optional<Stub> stub(CommitName name) {
    return rows.get(Tables.stub(name)).map(Tables::decodeStub);
  }

  /// The commit that this one merged, its second parent.
  Optional<CommitId> merged(CommitRow row) {
    return rows.get(Tables.merge(row)).map(bytes -> Merged.decode(bytes).other());
  }

  /// The fault for a commit that is not there: it says who deleted it, where that is known.
  Fault missing(CommitName name) {
    Optional<String> hint = stub(name).map(Stub::fate);
    if (hint.isEmpty()) {
      needRepo(name.repo());
    }
    return new Fault.NotFound("commit", name.toString(), hint);
  }

  /// The commit that a branch, tag or pinned commit names now.
  Optional<CommitName> head(BranchName name) {
    Optional<CommitId> id =
        name.isPinned() ? Optional.of(new CommitId(name.branch())) : ref(name).flatMap(Ref::head);
    return id.map(head -> new CommitName(name.repo(), head));
  }

  /// The newest finished commit in the history of a branch.
  Optional<CommitRow> finished(BranchName branch) {
    return rows.get(Tables.finished(branch))
        .map(bytes -> Tables.decode("A branch pointer", bytes, Wire::readId))
        .flatMap(id -> commit(new CommitName(branch.repo(), id)));
  }

  /// Which commits of a branch are kept; all without a rule.
  Optional<KeepRule> rule(BranchName branch) {
    return rows.get(Tables.rule(branch)).map(Tables::decodeRule);
  }

  /// What moves a branch that follows another; nothing of one that has no trigger.
  Optional<Follower> follower(BranchName branch) {
    return rows.get(Tables.trigger(branch)).map(bytes -> Follower.decode(branch, bytes));
  }

  /// Branches that follow a branch by a trigger.
  List<BranchName> followers(BranchName watched) {
    return all(Tables.FOLLOWER, watched.key() + "/").stream()
        .map(row -> new BranchName(watched.repo(), Tables.last(row.name())))
        .toList();
  }

  /// One of them.
  Optional<BranchName> anyFollower(BranchName watched) {
    return rows.scan(Tables.FOLLOWER, watched.key() + "/", "", 1).stream()
        .map(row -> new BranchName(watched.repo(), Tables.last(row.name())))
        .findFirst();
  }

  /// Refuses a branch that only its trigger moves.
  void refuseFollower(BranchName branch) {
    follower(branch)
        .ifPresent(follower -> {
          throw new Fault.Conflict(
                  "The branch `%s` follows `%s` by its trigger; expected one that users write to."
                      .formatted(branch, follower.watched()),
                  Optional.of(
                      "Put the data into `%s`, or take the trigger away: `dassie create branch %s --no-trigger`."
                          .formatted(follower.watched(), branch)))
              .asException();
        });
  }

  /// The pipeline that a repo belongs to, which no user may write to then.
  Optional<String> owner(RepoName repo) {
    return rows.get(Tables.owner(repo))
        .map(bytes -> Tables.decode("The owner of a repo", bytes, Decoder::string));
  }

  /// Refuses a repo that only Dassie writes to.
  void refuseOwned(RepoName repo) {
    owner(repo)
        .ifPresent(pipeline -> {
          throw new Fault.Conflict(
                  "The repo `%s` belongs to the pipeline `%s`; expected a repo of users' data."
                      .formatted(repo, pipeline),
                  Optional.of("`dassie run cron %s` makes a tick now.".formatted(pipeline)))
              .asException();
        });
  }

  /// Sources of a branch whose changes do not compute it anew.
  Set<BranchName> quiet(BranchName branch) {
    return rows.get(Tables.quiet(branch)).map(Tables::decodeQuiet).orElse(Set.of());
  }

  /// The commits of a set, in the order they were started.
  List<CommitRow> set(CommitId id) {
    List<CommitRow> commits = new ArrayList<>();
    for (Row row : all(Tables.BY_SET, id + "/")) {
      commit(Tables.commitName(text(row))).ifPresent(commits::add);
    }
    return commits;
  }

  /// Branches that have this one in their provenance.
  List<BranchName> subscribers(BranchName source) {
    String prefix = source.key() + "/";
    return all(Tables.SUBSCRIBER, prefix).stream()
        .map(row -> Tables.branchName(row.name().substring(prefix.length())))
        .toList();
  }

  /// All refs of a repo.
  List<Ref> refs(RepoName repo) {
    return all(Tables.REF, repo.key() + "/").stream()
        .map(row -> Tables.decodeRef(row.value()))
        .toList();
  }

  /// Every row beneath a prefix. Only for ranges that are as small as what the caller changes.
  List<Row> all(String table, String prefix) {
    List<Row> found = new ArrayList<>();
    String after = "";
    while (true) {
      List<Row> batch = rows.scan(table, prefix, after, BATCH);
      found.addAll(batch);
      if (batch.size() < BATCH) {
        return found;
      }
      after = batch.getLast().name();
    }
  }

  static String text(Row row) {
    return new String(row.value(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Names behind a prefix, for hints.
  private List<String> names(String table, String prefix) {
    return rows.scan(table, prefix, "", BATCH).stream()
        .map(row -> row.name().substring(prefix.length()))
        .toList();
  }
}
