package dev.dassie.pipeline.transaction;

import dev.dassie.version.CommitId;
import dev.dassie.version.Reply;
import java.time.Instant;

/// A transaction that happened.
///
/// @param id of the commit set that it made, if it made commits
/// @param steps their number
/// @param at when all of it happened
public record Finished(CommitId id, int steps, Instant at) {
  static final Reply<Finished> REPLY =
      Reply.of(
          (out, one) -> StepCodec.time(out.string(one.id().value()).varint(one.steps()), one.at()),
          in ->
              new Finished(
                  new CommitId(in.string()), in.length(Integer.MAX_VALUE), StepCodec.time(in)));
}
