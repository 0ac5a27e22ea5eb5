package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// The stored form of this room's values (docs/format.md, "Database records"). The version byte of
/// a record is written by [Tables]; what stands here is inside.
final class Wire {
  private static final int OPEN = 0;
  private static final int FINISHED = 1;
  private static final int FAILED = 2;

  private Wire() {}

  /// A decoder behind the version byte; another version is refused in a sentence.
  static Decoder open(String object, int version, byte[] bytes) {
    Decoder in = new Decoder(object, bytes);
    int found = in.u8();
    if (found != version) {
      throw new Fault.Corrupt(object, "record version " + version, "version " + found)
          .asException();
    }
    return in;
  }

  static void writeTime(Encoder out, Instant at) {
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  static Instant readTime(Decoder in) {
    long seconds = in.fixed64();
    try {
      return Instant.ofEpochSecond(seconds, in.length(999_999_999));
    } catch (DateTimeException e) {
      throw new dev.dassie.fault.DassieException(
          new Fault.Corrupt("A time", "seconds since 1970", Long.toString(seconds)), e);
    }
  }

  static void writeStub(Encoder out, Stub stub) {
    writeCommit(out, stub.commit());
    writeTime(out.string(stub.deletedBy()), stub.deletedAt());
  }

  static Stub readStub(Decoder in) {
    return new Stub(readCommit(in), in.string(), readTime(in));
  }

  /// By key, so that equal maps have equal bytes.
  static void writeMap(Encoder out, Map<String, String> map) {
    out.varint(map.size());
    new TreeMap<>(map).forEach((key, value) -> out.string(key).string(value));
  }

  static Map<String, String> readMap(Decoder in) {
    int count = in.length(in.remaining());
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      map.put(in.string(), in.string());
    }
    return Map.copyOf(map);
  }

  static void writeId(Encoder out, CommitId id) {
    out.fixed64(Long.parseUnsignedLong(id.value(), 0, 16, 16));
    out.fixed64(Long.parseUnsignedLong(id.value(), 16, 32, 16));
  }

  static CommitId readId(Decoder in) {
    return new CommitId("%016x%016x".formatted(in.fixed64(), in.fixed64()));
  }

  static void writeRepoName(Encoder out, RepoName repo) {
    out.string(repo.project()).string(repo.name()).u8(repo.type() == RepoName.Type.SPEC ? 1 : 0);
  }

  static RepoName readRepoName(Decoder in) {
    return new RepoName(
        in.string(), in.string(), in.bool() ? RepoName.Type.SPEC : RepoName.Type.USER);
  }

  static void writeCommitName(Encoder out, CommitName name) {
    writeRepoName(out, name.repo());
    writeId(out, name.id());
  }

  static CommitName readCommitName(Decoder in) {
    return new CommitName(readRepoName(in), readId(in));
  }

  static void writeBranchName(Encoder out, BranchName name) {
    writeRepoName(out, name.repo());
    out.string(name.branch());
  }

  static BranchName readBranchName(Decoder in) {
    return new BranchName(readRepoName(in), in.string());
  }

  static void writeProject(Encoder out, Project project) {
    out.string(project.name()).string(project.description()).string(project.author());
    writeTime(out, project.created());
    writeMap(out, project.metadata());
  }

  static Project readProject(Decoder in) {
    return new Project(in.string(), in.string(), in.string(), readTime(in), readMap(in));
  }

  static void writeRepo(Encoder out, Repo repo) {
    writeRepoName(out, repo.name());
    out.string(repo.description()).string(repo.author());
    writeTime(out, repo.created());
    writeMap(out, repo.metadata());
  }

  static Repo readRepo(Decoder in) {
    return new Repo(readRepoName(in), in.string(), in.string(), readTime(in), readMap(in));
  }

  static void writeBranch(Encoder out, Ref.Branch branch) {
    writeBranchName(out, branch.name());
    out.optional(branch.head(), Wire::writeId).list(branch.provenance(), Wire::writeBranchName);
    out.optional(branch.pipeline(), Encoder::string).string(branch.author());
    writeTime(out, branch.created());
    writeMap(out, branch.metadata());
  }

  static Ref.Branch readBranch(Decoder in) {
    return new Ref.Branch(
        readBranchName(in),
        in.optional(Wire::readId),
        in.list(Wire::readBranchName),
        in.optional(Decoder::string),
        in.string(),
        readTime(in),
        readMap(in));
  }

  static void writeTag(Encoder out, Ref.Tag tag) {
    writeBranchName(out, tag.name());
    writeId(out, tag.commit());
    out.string(tag.author());
    writeTime(out, tag.created());
  }

  static Ref.Tag readTag(Decoder in) {
    return new Ref.Tag(readBranchName(in), readId(in), in.string(), readTime(in));
  }

  static void writeCommit(Encoder out, Commit commit) {
    writeCommitName(out, commit.name());
    out.string(commit.branch()).optional(commit.parent(), Wire::writeId);
    out.list(commit.provenance(), Wire::writeSource);
    out.string(commit.author()).string(commit.message());
    writeTime(out, commit.started());
    writeMap(out, commit.metadata());
    switch (commit.state()) {
      case Commit.Open open -> open.base().write(out.u8(OPEN));
      case Commit.Finished finished -> {
        finished.files().write(out.u8(FINISHED));
        writeTime(out, finished.at());
      }
      case Commit.Failed failed -> {
        out.u8(FAILED).string(failed.reason());
        writeTime(out, failed.at());
      }
    }
  }

  static Commit readCommit(Decoder in) {
    return new Commit(
        readCommitName(in),
        in.string(),
        in.optional(Wire::readId),
        in.list(Wire::readSource),
        in.string(),
        in.string(),
        readTime(in),
        readMap(in),
        readState(in));
  }

  private static Commit.State readState(Decoder in) {
    int state = in.u8();
    return switch (state) {
      case OPEN -> new Commit.Open(Fileset.read(in));
      case FINISHED -> new Commit.Finished(Fileset.read(in), readTime(in));
      case FAILED -> new Commit.Failed(in.string(), readTime(in));
      default ->
          throw new Fault.Corrupt("A commit", "state 0, 1 or 2", Integer.toString(state))
              .asException();
    };
  }

  private static void writeSource(Encoder out, Commit.Source source) {
    writeCommitName(out, source.commit());
    out.string(source.branch());
  }

  private static Commit.Source readSource(Decoder in) {
    return new Commit.Source(readCommitName(in), in.string());
  }
}
