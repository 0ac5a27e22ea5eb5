package dev.dassie.version.merge;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Reply;
import java.util.Optional;

/// What a merge or a revert did.
///
/// @param commit the head of the branch now
/// @param base the common ancestor; of a revert the commit that was undone
public record Outcome(Kind kind, Commit commit, Optional<CommitId> base) {
  /// The ways it can go.
  public enum Kind {
    /// There was nothing to do.
    UP_TO_DATE,
    /// The branch had nothing of its own: it moved to the commit.
    FAST_FORWARD,
    /// A new commit was made.
    COMMITTED;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// How an outcome is remembered under an idempotency key.
  static final Reply<Outcome> REPLY = Reply.of(Outcome::write, Outcome::read);

  private static void write(Encoder out, Outcome outcome) {
    out.string(outcome.kind().name()).bytes(Reply.COMMIT.write(outcome.commit()));
    out.optional(outcome.base(), (to, id) -> to.string(id.value()));
  }

  private static Outcome read(Decoder in) {
    return new Outcome(
        Kind.valueOf(in.string()),
        Reply.COMMIT.read(in.bytes()),
        in.optional(from -> new CommitId(from.string())));
  }
}
