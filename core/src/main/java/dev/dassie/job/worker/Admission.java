package dev.dassie.job.worker;

import dev.dassie.content.Digest;
import dev.dassie.content.PackExchange;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Ending;
import java.util.Optional;

/// Makes what results name part of the instance, before they count: packs are taken in, chunks of
/// others kept, and what is named must be there. Thread-safe.
record Admission(PackExchange packs) {
  void of(Lease lease, Results results) {
    packs.adopt(results.packs());
    for (Digest chunk : results.borrowed()) {
      if (!lease.hold().reuse(chunk)) {
        throw missing(chunk);
      }
    }
    for (Results.One one : results.ended()) {
      if (one.ending() instanceof Ending.Succeeded succeeded) {
        check(succeeded.output().content());
        succeeded.output().attributes().ifPresent(this::check);
      }
      one.ending().tries().forEach(attempt -> check(attempt.log()));
    }
  }

  private void check(Body log) {
    switch (log) {
      case Body.Inline _, Body.Reference _ -> {}
      case Body.Single single -> check(single.chunk());
      case Body.Recipe recipe -> check(recipe.root());
    }
  }

  private void check(Digest chunk) {
    if (!chunk.equals(Filesets.EMPTY.content()) && !packs.contains(chunk)) {
      throw missing(chunk);
    }
  }

  private static RuntimeException missing(Digest chunk) {
    return new Fault.Conflict(
            "What was reported names the chunk `%s`, which no pack of the store holds."
                .formatted(chunk),
            Optional.of("Run the datum again."))
        .asException();
  }
}
