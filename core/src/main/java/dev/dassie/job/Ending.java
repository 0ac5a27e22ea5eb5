package dev.dassie.job;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of one datum.
public sealed interface Ending {
  /// Every try, first to last; at least one.
  List<Try> tries();

  /// The code ended well. `output` holds what it left in `/pfs/out`.
  record Succeeded(Fileset output, List<Try> tries) implements Ending {
    public Succeeded {
      tries = List.copyOf(tries);
    }
  }

  /// All tries failed. `reason` is one sentence.
  record Failed(String reason, List<Try> tries) implements Ending {
    public Failed {
      tries = List.copyOf(tries);
    }
  }

  /// All tries failed and `errCmd` ended well: no output, and no failure of the job.
  record Recovered(String reason, List<Try> tries) implements Ending {
    public Recovered {
      tries = List.copyOf(tries);
    }
  }

  /// One run of the code. `exitCode` is 128 + the signal where a signal ended it; `problem` says in
  /// a sentence why the try failed; `log` is standard output and error as they came.
  record Try(
      int exitCode,
      Optional<String> problem,
      Body log,
      Instant started,
      long wallMicros,
      long userMicros,
      long systemMicros,
      long maxRssKib) {}
}
