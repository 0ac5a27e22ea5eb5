package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One fact of an archive about repos, in its stored form (docs/format.md, "Archives"): what
/// [RepoExport] gives and [RepoImport] takes. A decoded item is sound in its form; whether it fits
/// is found out by the import.
public sealed interface Portable {
  int REPO = 1;
  int BRANCH = 2;
  int STUB = 3;
  int PROJECT = 4;
  int RULE = 5;
  int GATHERING = 6;

  /// What stands in the archive.
  default byte[] encode() {
    return switch (this) {
      case OfRepo(Project project, Repo repo) -> {
        Encoder out = new Encoder().u8(REPO);
        Wire.writeProject(out, project);
        Wire.writeRepo(out, repo);
        yield out.toBytes();
      }
      case OfBranch(Ref.Branch branch) -> {
        Encoder out = new Encoder().u8(BRANCH);
        Wire.writeBranch(out, branch);
        yield out.toBytes();
      }
      case OfStub(Stub stub) -> {
        Encoder out = new Encoder().u8(STUB);
        Wire.writeStub(out, stub);
        yield out.toBytes();
      }
      case OfProject(Project project) -> {
        Encoder out = new Encoder().u8(PROJECT);
        Wire.writeProject(out, project);
        yield out.toBytes();
      }
      case OfRule(BranchName branch, KeepRule rule) -> {
        Encoder out = new Encoder().u8(RULE);
        Wire.writeBranchName(out, branch);
        rule.write(out);
        yield out.toBytes();
      }
      case OfGathering(BranchName branch, GatherRule rule) -> {
        Encoder out = new Encoder().u8(GATHERING);
        Wire.writeBranchName(out, branch);
        rule.write(out);
        yield out.toBytes();
      }
      case OfRecord of -> of.record().encode();
    };
  }

  /// The files of a commit, whose chunks the archive must have.
  default Optional<Fileset> files() {
    return this instanceof OfRecord of && of.record() instanceof CommitRecord.OfCommit commit
        ? commit.commit().finishedFiles()
        : Optional.empty();
  }

  /// The repo that the item brings, if it does.
  default Optional<RepoName> repoName() {
    return this instanceof OfRepo(Project _, Repo repo)
        ? Optional.of(repo.name())
        : Optional.empty();
  }

  /// The item with another name for each repo of its own. Provenance keeps the names it has.
  default Portable renamed(UnaryOperator<RepoName> names) {
    return switch (this) {
      case OfRepo(Project project, Repo repo) -> {
        Repo other = Renaming.repo(repo, names);
        yield new OfRepo(Renaming.project(project, other.name()), other);
      }
      case OfBranch(Ref.Branch branch) -> new OfBranch(Renaming.branch(branch, names));
      case OfRecord of -> new OfRecord(Renaming.record(of.record(), names));
      case OfRule(BranchName branch, KeepRule rule) -> new OfRule(renamed(branch, names), rule);
      case OfGathering(BranchName branch, GatherRule rule) ->
          new OfGathering(renamed(branch, names), rule);
      case OfStub _, OfProject _ -> this;
    };
  }

  private static BranchName renamed(BranchName branch, UnaryOperator<RepoName> names) {
    return new BranchName(names.apply(branch.repo()), branch.branch());
  }

  /// Puts the item among the chunks of trees where the database could be rebuilt from it.
  default void keep(ChunkStore.Session session) {
    if (this instanceof OfRecord of) {
      boolean failed = of.record() instanceof CommitRecord.OfCommit && files().isEmpty();
      if (!failed) {
        of.record().write(session);
      }
    }
  }

  /// A project, which may have no repos.
  record OfProject(Project project) implements Portable {}

  /// A repo and its project.
  record OfRepo(Project project, Repo repo) implements Portable {}

  /// A branch with the commit that is its head.
  record OfBranch(Ref.Branch branch) implements Portable {}

  /// Which commits of a branch are kept.
  record OfRule(BranchName branch, KeepRule rule) implements Portable {}

  /// How writes through S3 become commits of a branch.
  record OfGathering(BranchName branch, GatherRule rule) implements Portable {}

  /// A commit that is not in the archive, and that provenance of one that is names; or one of a
  /// repo that was deleted.
  record OfStub(Stub stub) implements Portable {}

  /// A finished or failed commit, a commit that was taken out of history, or a tag, as its commit
  /// record.
  final class OfRecord implements Portable {
    private final CommitRecord record;

    OfRecord(CommitRecord record) {
      this.record = record;
    }

    CommitRecord record() {
      return record;
    }
  }

  /// Reads the stored form. What breaks it is a fault.
  static Portable decode(byte[] bytes) {
    if (CommitRecord.isRecord(bytes)) {
      if (bytes.length > ChunkStore.MAX_CHUNK) {
        throw broken("at most 1 MiB for a commit", bytes.length + " bytes").asException();
      }
      return new OfRecord(CommitRecord.decode(bytes));
    }
    Decoder in = new Decoder("An item of an archive", bytes);
    int kind = in.u8();
    Portable item =
        switch (kind) {
          case REPO -> new OfRepo(Wire.readProject(in), Wire.readRepo(in));
          case BRANCH -> new OfBranch(Wire.readBranch(in));
          case STUB -> new OfStub(Wire.readStub(in));
          case PROJECT -> new OfProject(Wire.readProject(in));
          case RULE -> new OfRule(Wire.readBranchName(in), KeepRule.read(in));
          case GATHERING -> new OfGathering(Wire.readBranchName(in), GatherRule.read(in));
          default -> throw broken("kind 1 to 6", "kind " + kind).asException();
        };
    if (in.remaining() > 0) {
      throw broken("its end", in.remaining() + " more bytes").asException();
    }
    return item;
  }

  private static Fault broken(String expected, String found) {
    return new Fault.Corrupt("An item of an archive", expected, found);
  }

  /// Copies of records with other repo names.
  final class Renaming {
    private Renaming() {}

    private static Project project(Project old, RepoName repo) {
      return new Project(
          repo.project(), old.description(), old.author(), old.created(), old.metadata());
    }

    private static Repo repo(Repo old, UnaryOperator<RepoName> names) {
      return new Repo(
          names.apply(old.name()), old.description(), old.author(), old.created(), old.metadata());
    }

    private static Ref.Branch branch(Ref.Branch old, UnaryOperator<RepoName> names) {
      return new Ref.Branch(
          new BranchName(names.apply(old.name().repo()), old.name().branch()),
          old.head(),
          List.copyOf(old.provenance()),
          old.pipeline(),
          old.author(),
          old.created(),
          old.metadata());
    }

    private static Commit commit(Commit old, UnaryOperator<RepoName> names) {
      return new Commit(
          new CommitName(names.apply(old.name().repo()), old.name().id()),
          old.branch(),
          old.parent(),
          old.provenance(),
          old.author(),
          old.message(),
          old.started(),
          old.metadata(),
          old.state());
    }

    private static CommitRecord record(CommitRecord old, UnaryOperator<RepoName> names) {
      Repo repo = repo(old.repo(), names);
      Project project = project(old.project(), repo.name());
      return switch (old) {
        case CommitRecord.OfCommit of ->
            new CommitRecord.OfCommit(
                project,
                repo,
                branch(of.branch(), names),
                commit(of.commit(), names),
                of.built(),
                of.output(),
                of.merged(),
                of.written());
        case CommitRecord.OfTag of ->
            new CommitRecord.OfTag(
                project,
                repo,
                new Ref.Tag(
                    new BranchName(repo.name(), of.tag().name().branch()),
                    of.tag().commit(),
                    of.tag().author(),
                    of.tag().created()));
        case CommitRecord.OfRemoved of ->
            new CommitRecord.OfRemoved(
                project,
                repo,
                new Stub(
                    commit(of.stub().commit(), names),
                    of.stub().deletedBy(),
                    of.stub().deletedAt()));
      };
    }
  }
}
