package dev.dassie.pipeline.transaction;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.version.CommitId;
import dev.dassie.version.Reply;
import java.time.Instant;

/// A transaction that is not finished.
///
/// @param id of the commit set that all its commits will have
/// @param author who started it
/// @param message for commits of steps that have none of their own; may be empty
/// @param changed when its newest step was added, or when it was started
/// @param steps their number
/// @param bytes of their stored forms
public record Transaction(
    CommitId id,
    String author,
    String message,
    Instant started,
    Instant changed,
    int steps,
    long bytes) {
  static final Reply<Transaction> REPLY =
      Reply.of(
          (out, one) -> one.write(out.string(one.id().value())),
          in -> read(new CommitId(in.string()), in));

  /// All but the id, which is the name of the row.
  void write(Encoder out) {
    out.string(author).string(message);
    StepCodec.time(out, started);
    StepCodec.time(out, changed);
    out.varint(steps).varint(bytes);
  }

  static Transaction read(CommitId id, Decoder in) {
    return new Transaction(
        id,
        in.string(),
        in.string(),
        StepCodec.time(in),
        StepCodec.time(in),
        in.length(Integer.MAX_VALUE),
        in.varint());
  }

  Transaction with(Added step, int size) {
    return new Transaction(id, author, message, started, step.at(), steps + 1, bytes + size);
  }
}
