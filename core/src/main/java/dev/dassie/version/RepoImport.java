package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Takes what [RepoExport] told, within one transaction. Ids, authors and times stay. What is there
/// already and the same is left as it is, so a repeat changes nothing; what is there and differs is
/// refused. Used once; memory grows with the number of repos and branches, not of commits.
public final class RepoImport {
  private final Change change;
  private final Snapshot snapshot;
  private final BranchImport branches;
  private final Set<RepoName> named = new HashSet<>();
  private final Set<RepoName> made = new HashSet<>();
  private long commits;
  private long tags;

  public RepoImport(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
    this.branches = new BranchImport(change);
  }

  /// What was not there before.
  ///
  /// @param refs branches and tags that were made or moved
  public record Counts(long repos, long commits, long refs) {}

  /// Whether the item says something that is not known here.
  public static boolean isNew(Metadata.Reader rows, Portable item) {
    Snapshot snapshot = new Snapshot(rows);
    return switch (item) {
      case Portable.OfProject(Project project) -> snapshot.project(project.name()).isEmpty();
      case Portable.OfRepo(Project _, Repo repo) -> snapshot.repo(repo.name()).isEmpty();
      case Portable.OfBranch(Ref.Branch branch) -> snapshot.ref(branch.name()).isEmpty();
      case Portable.OfStub(Stub stub) -> isUnknown(snapshot, stub.commit().name());
      case Portable.OfRule(BranchName branch, KeepRule _) -> snapshot.rule(branch).isEmpty();
      case Portable.OfGathering(BranchName branch, GatherRule _) ->
          GatherRule.of(rows, branch).isEmpty();
      case Portable.OfRecord of ->
          switch (of.record()) {
            case CommitRecord.OfCommit found -> snapshot.commit(found.commit().name()).isEmpty();
            case CommitRecord.OfTag found -> snapshot.ref(found.tag().name()).isEmpty();
            case CommitRecord.OfRemoved found -> isUnknown(snapshot, found.stub().commit().name());
          };
    };
  }

  private static boolean isUnknown(Snapshot snapshot, CommitName name) {
    return snapshot.commit(name).isEmpty() && snapshot.stub(name).isEmpty();
  }

  /// Takes the next item, in the order of the archive. The chunks of its files must be durable. A
  /// name that stands for something else here is `Fault.Conflict`.
  public void take(Portable item) {
    switch (item) {
      case Portable.OfProject(Project project) -> project(project);
      case Portable.OfRepo(Project project, Repo repo) -> repo(project, repo);
      case Portable.OfBranch(Ref.Branch branch) -> {
        needNamed(branch.name().repo());
        branches.take(branch);
      }
      case Portable.OfStub(Stub stub) -> stub(stub);
      case Portable.OfRule(BranchName branch, KeepRule rule) -> {
        needNamed(branch.repo());
        branches.rule(branch, rule);
      }
      case Portable.OfGathering(BranchName branch, GatherRule rule) -> {
        needNamed(branch.repo());
        branches.rule(branch, rule);
      }
      case Portable.OfRecord of -> {
        switch (of.record()) {
          case CommitRecord.OfCommit found -> commit(found);
          case CommitRecord.OfTag found -> tag(found.tag());
          case CommitRecord.OfRemoved found -> {
            needNamed(found.stub().commit().name().repo());
            stub(found.stub());
          }
        }
      }
    }
  }

  /// Ends the import: branches that pipelines compute are wired, and those that are not made from
  /// the newest commits get a commit to come.
  ///
  /// @param pipelines the output repos of pipelines that are new, or newer by this import
  public Counts done(Set<RepoName> pipelines) {
    branches.done(pipelines);
    return new Counts(made.size(), commits, branches.count() + tags);
  }

  /// A project that nobody has used yet is as good as not there.
  private void project(Project project) {
    Names.check("project", project.name());
    Optional<Project> there = snapshot.project(project.name());
    boolean unused =
        there
            .filter(old -> old.metadata().isEmpty() && old.description().isEmpty())
            .filter(old -> snapshot.rows().scan(Tables.REPO, old.name() + "/", "", 1).isEmpty())
            .isPresent();
    if (there.isEmpty()) {
      Project _ = change.createProject(project.name(), project.description());
    }
    if (there.isEmpty() || unused) {
      change.put(Tables.project(project.name()), Tables.encode(project, Wire::writeProject));
    }
  }

  private void repo(Project project, Repo repo) {
    if (!project.name().equals(repo.name().project())) {
      throw damaged("the repo `" + repo.name() + "` is of another project");
    }
    named.add(repo.name());
    Optional<Repo> there = snapshot.repo(repo.name());
    if (there.isPresent()) {
      refuseOther(repo, there.get());
      return;
    }
    if (snapshot.project(project.name()).isEmpty()) {
      project(project);
    }
    Repo _ = change.createRepo(repo.name(), repo.description());
    change.put(Tables.repo(repo.name()), Tables.encode(repo, Wire::writeRepo));
    made.add(repo.name());
  }

  private static void refuseOther(Repo repo, Repo there) {
    if (there.created().equals(repo.created()) && there.author().equals(repo.author())) {
      return;
    }
    throw new Fault.Conflict(
            "The repo `%s` of the archive was created by `%s` on %s, the one here by `%s` on %s."
                .formatted(
                    repo.name(), repo.author(), repo.created(), there.author(), there.created()),
            Optional.of(
                "They are two repos of one name. `--as NAME` imports one repo under another."))
        .asException();
  }

  private void needNamed(RepoName repo) {
    if (!named.contains(repo)) {
      throw damaged("the repo `" + repo + "` comes too late");
    }
  }

  private void commit(CommitRecord.OfCommit found) {
    Commit commit = found.commit();
    needNamed(commit.name().repo());
    Names.check("branch", commit.branch());
    if (commit.isOpen()) {
      throw damaged("the commit `" + commit.name() + "` is open");
    }
    Optional<CommitRow> there = snapshot.commit(commit.name());
    if (there.isPresent()) {
      refuseOther(there.get().commit(), commit);
      return;
    }
    refuseDeleted(commit.name());
    for (Commit.Source source : commit.provenance()) {
      if (isUnknown(snapshot, source.commit())) {
        throw BranchImport.lacking(source.commit());
      }
    }
    Optional<CommitRow> parent = parent(found);
    Commit placed =
        new Commit(
            commit.name(),
            commit.branch(),
            parent.map(row -> row.name().id()),
            commit.provenance(),
            commit.author(),
            commit.message(),
            commit.started(),
            commit.metadata(),
            commit.state());
    boolean failed = placed.state() instanceof Commit.Failed;
    String kind = failed ? Event.COMMIT_FAILED : Event.COMMIT_FINISHED;
    long order = change.append(Event.of(kind, placed, change.call(), change.now()));
    CommitRow row = change.commits().place(placed, order, found.output(), parent);
    change
        .commits()
        .write(failed ? row.withNearest(new History(snapshot).pointerOfFailed(row)) : row);
    found.merged().ifPresent(other -> change.commits().merged(placed.name(), other));
    change.delete(Tables.stub(placed.name()));
    commits++;
  }

  /// What somebody took out of history here does not come back by the way.
  private void refuseDeleted(CommitName name) {
    if (made.contains(name.repo())) {
      return;
    }
    snapshot
        .stub(name)
        .filter(stub -> !stub.deletedBy().equals(Stub.ELSEWHERE))
        .ifPresent(stub -> {
          throw new Fault.Conflict(
                  "The commit `%s` of the archive was deleted here by `%s` on %s."
                      .formatted(name, stub.deletedBy(), stub.deletedAt()),
                  Optional.of("`--as NAME` imports the repo, with it, under another name."))
              .asException();
        });
  }

  /// The parent; where it was taken out of history, the nearest one before it.
  private Optional<CommitRow> parent(CommitRecord.OfCommit found) {
    RepoName repo = found.commit().name().repo();
    return found
        .commit()
        .parent()
        .flatMap(id -> snapshot.commit(new CommitName(repo, id)))
        .or(() -> found.built().flatMap(id -> snapshot.commit(new CommitName(repo, id))));
  }

  private static void refuseOther(Commit here, Commit theirs) {
    boolean same =
        here.finishedFiles().equals(theirs.finishedFiles())
            && here.provenance().equals(theirs.provenance())
            && here.author().equals(theirs.author())
            && here.started().equals(theirs.started())
            && here.state().getClass().equals(theirs.state().getClass());
    if (!same) {
      throw new Fault.Conflict(
              "The commit `%s` of the archive differs from the one here.".formatted(here.name()),
              Optional.of("The archive was not made from the same repo; nothing was imported."))
          .asException();
    }
  }

  private void stub(Stub stub) {
    CommitName name = stub.commit().name();
    if (isUnknown(snapshot, name)) {
      change.put(Tables.stub(name), Tables.encodeStub(stub));
    }
  }

  private void tag(Ref.Tag tag) {
    needNamed(tag.name().repo());
    Names.check("tag", tag.name().branch());
    CommitName commit = new CommitName(tag.name().repo(), tag.commit());
    Optional<Ref> there = snapshot.ref(tag.name());
    if (there.isPresent()) {
      boolean same = there.get() instanceof Ref.Tag old && old.commit().equals(tag.commit());
      if (!same) {
        throw BranchImport.taken(tag.name());
      }
      return;
    }
    CommitRow _ = snapshot.commit(commit).orElseThrow(() -> BranchImport.lacking(commit));
    change.put(Tables.ref(tag.name()), Tables.encodeRef(tag));
    change.put(Tables.headOf(commit, tag.name().branch()), Tables.NOTHING);
    long _ =
        change.append(
            Event.of(Event.TAG_CREATED, tag.name(), tag.head(), change.call(), change.now()));
    tags++;
  }

  static RuntimeException damaged(String what) {
    return new Fault.Invalid(
            "The archive", "inconsistent: " + what, "one that `dassie export` wrote")
        .asException();
  }
}
