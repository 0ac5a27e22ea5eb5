package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.version.trigger.Tally;
import dev.dassie.version.trigger.Trigger;
import java.util.Optional;

/// A branch that follows another by its trigger, and how far it has looked.
///
/// @param seen the newest finished commit of the other branch that the tally counts
record Follower(BranchName name, Trigger trigger, Optional<CommitId> seen, Tally tally) {
  BranchName watched() {
    return new BranchName(name.repo(), trigger.branch());
  }

  byte[] encode() {
    return Tables.encode(this, Follower::write);
  }

  private static void write(Encoder out, Follower follower) {
    follower.trigger().write(out);
    out.optional(follower.seen(), Wire::writeId)
        .varint(follower.tally().bytes())
        .varint(follower.tally().commits())
        .optional(follower.tally().fired(), Wire::writeTime);
  }

  static Follower decode(BranchName name, byte[] bytes) {
    return Tables.decode("A trigger record", bytes, in -> read(name, in));
  }

  private static Follower read(BranchName name, Decoder in) {
    return new Follower(
        name,
        Trigger.read(in),
        in.optional(Wire::readId),
        new Tally(in.varint(), in.varint(), in.optional(Wire::readTime)));
  }
}
