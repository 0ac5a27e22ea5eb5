package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import java.util.Optional;

/// A commit as the database keeps it: with its place in history, so that any ancestor is found in
/// steps that grow with the logarithm of the distance (jump pointers: E. W. Myers, "An applicative
/// random-access stack", 1983).
///
/// @param order the feed position at which it was started; newer commits have greater ones
/// @param depth 1 for a commit without parent, else one more than the parent's
/// @param jump an ancestor at `jumpDepth`, where there is a parent
/// @param nearest of a failed commit: the nearest finished ancestor, where every commit between had
///   failed by then
/// @param output whether a pipeline writes it
record CommitRow(
    Commit commit,
    long order,
    long depth,
    Optional<CommitId> jump,
    long jumpDepth,
    Optional<CommitId> nearest,
    boolean output) {
  private static final int VERSION = 1;

  CommitName name() {
    return commit.name();
  }

  CommitRow with(Commit changed) {
    return new CommitRow(changed, order, depth, jump, jumpDepth, nearest, output);
  }

  CommitRow withNearest(Optional<CommitId> ancestor) {
    return new CommitRow(commit, order, depth, jump, jumpDepth, ancestor, output);
  }

  byte[] encode() {
    Encoder out = new Encoder().u8(VERSION);
    Wire.writeCommit(out, commit);
    out.varint(order).varint(depth).optional(jump, Wire::writeId).varint(jumpDepth);
    return out.optional(nearest, Wire::writeId).bool(output).toBytes();
  }

  static CommitRow decode(byte[] bytes) {
    Decoder in = Wire.open("A commit record", VERSION, bytes);
    return new CommitRow(
        Wire.readCommit(in),
        in.varint(),
        in.varint(),
        in.optional(Wire::readId),
        in.varint(),
        in.optional(Wire::readId),
        in.bool());
  }

  /// The same commit in another state.
  static Commit ended(Commit commit, Commit.State state, String message) {
    return new Commit(
        commit.name(),
        commit.branch(),
        commit.parent(),
        commit.provenance(),
        commit.author(),
        message.isEmpty() ? commit.message() : message,
        commit.started(),
        commit.metadata(),
        state);
  }
}
