package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What a tree pack says of a finished commit or of a tag, so that the database can be built again
/// from packs (docs/format.md, "Commit records").
sealed interface CommitRecord {
  /// The first bytes of every record; no node of a tree begins with them.
  byte[] MAGIC = "dassie record\0".getBytes(StandardCharsets.US_ASCII);

  int VERSION = 1;

  /// The version of records that have what version 1 lacks; others are written as before.
  int EXTENDED = 2;

  /// The version of records of commits that were open for users to write to.
  int COUNTED = 3;

  int COMMIT = 1;
  int TAG = 2;
  int REMOVED = 3;

  Project project();

  Repo repo();

  /// A finished commit, with the branch as it stood. `built` is the nearest finished ancestor,
  /// `merged` the commit that it merged, if one. `written` counts what had changed its files while
  /// it was open: of two records of one commit the one that counts more was written later, whatever
  /// the clocks said.
  record OfCommit(
      Project project,
      Repo repo,
      Ref.Branch branch,
      Commit commit,
      Optional<CommitId> built,
      boolean output,
      Optional<CommitId> merged,
      long written)
      implements CommitRecord {
    OfCommit merging(Optional<CommitId> other) {
      return new OfCommit(project, repo, branch, commit, built, output, other, written);
    }

    /// The same of a commit whose journal was read up to there.
    OfCommit upTo(Journal.State read) {
      return new OfCommit(project, repo, branch, commit, built, output, merged, read.next());
    }

    /// Whether this is a later try at the same commit than the other.
    boolean isLaterThan(OfCommit other) {
      return written == other.written ? ended().isAfter(other.ended()) : written > other.written;
    }

    private Instant ended() {
      return commit.state() instanceof Commit.Finished finished ? finished.at() : commit.started();
    }
  }

  record OfTag(Project project, Repo repo, Ref.Tag tag) implements CommitRecord {}

  /// A commit that was taken out of history.
  record OfRemoved(Project project, Repo repo, Stub stub) implements CommitRecord {}

  default byte[] encode() {
    Encoder out = new Encoder().raw(MAGIC).u8(version());
    out.u8(
        switch (this) {
          case OfCommit _ -> COMMIT;
          case OfTag _ -> TAG;
          case OfRemoved _ -> REMOVED;
        });
    Wire.writeProject(out, project());
    Wire.writeRepo(out, repo());
    switch (this) {
      case OfTag tag -> Wire.writeTag(out, tag.tag());
      case OfRemoved removed -> Wire.writeStub(out, removed.stub());
      case OfCommit commit -> {
        Wire.writeBranch(out, commit.branch());
        Wire.writeCommit(out, commit.commit());
        out.optional(commit.built(), Wire::writeId).bool(commit.output());
        if (version() == COUNTED) {
          out.optional(commit.merged(), Wire::writeId).varint(commit.written());
        } else {
          commit.merged().ifPresent(other -> Wire.writeId(out, other));
        }
      }
    }
    return out.toBytes();
  }

  private int version() {
    return switch (this) {
      case OfCommit commit when commit.written() > 0 -> COUNTED;
      case OfCommit commit -> commit.merged().isPresent() ? EXTENDED : VERSION;
      case OfTag _ -> VERSION;
      case OfRemoved _ -> EXTENDED;
    };
  }

  /// Puts the record among the tree chunks of a session.
  default void write(ChunkStore.Session session) {
    byte[] bytes = encode();
    session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
  }

  /// Whether a chunk is one of these.
  static boolean isRecord(byte[] chunk) {
    return chunk.length > MAGIC.length
        && Arrays.equals(chunk, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static CommitRecord decode(byte[] chunk) {
    byte[] body = Arrays.copyOfRange(chunk, MAGIC.length, chunk.length);
    int version = body[0] == EXTENDED || body[0] == COUNTED ? body[0] : VERSION;
    Decoder in = Wire.open("A commit record in a pack", version, body);
    int kind = in.u8();
    Project project = Wire.readProject(in);
    Repo repo = Wire.readRepo(in);
    if (kind == TAG) {
      return new OfTag(project, repo, Wire.readTag(in));
    }
    if (kind == REMOVED) {
      return new OfRemoved(project, repo, Wire.readStub(in));
    }
    return new OfCommit(
        project,
        repo,
        Wire.readBranch(in),
        Wire.readCommit(in),
        in.optional(Wire::readId),
        in.bool(),
        switch (version) {
          case COUNTED -> in.optional(Wire::readId);
          case EXTENDED -> Optional.of(Wire.readId(in));
          default -> Optional.empty();
        },
        version == COUNTED ? in.varint() : 0);
  }

  /// The record of a commit that is there, in the state given and with the message, if there is
  /// one.
  static OfCommit of(Snapshot snapshot, CommitRow row, Commit.Finished state, String message) {
    RepoName repo = row.name().repo();
    BranchName branch = new BranchName(repo, row.commit().branch());
    return new OfCommit(
        snapshot.needProject(repo.project()),
        snapshot.needRepo(repo),
        snapshot.branch(branch).orElseGet(() -> gone(branch, row.commit())),
        CommitRow.ended(row.commit(), state, message),
        new History(snapshot).nearestFinished(row).map(ancestor -> ancestor.name().id()),
        row.output(),
        snapshot.merged(row),
        0);
  }

  /// The record of a commit that was taken out of a repo that is there.
  static Optional<CommitRecord> removed(Snapshot snapshot, Stub stub) {
    return snapshot
        .repo(stub.commit().name().repo())
        .map(repo -> new OfRemoved(snapshot.needProject(repo.name().project()), repo, stub));
  }

  /// A branch that was deleted while its commit was open.
  static Ref.Branch gone(BranchName name, Commit commit) {
    return new Ref.Branch(
        name,
        Optional.empty(),
        java.util.List.of(),
        Optional.empty(),
        commit.author(),
        commit.started(),
        java.util.Map.of());
  }
}
