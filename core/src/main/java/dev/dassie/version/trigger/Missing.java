package dev.dassie.version.trigger;

import java.time.Instant;
import java.util.Optional;

/// A condition of a trigger that does not hold yet.
public sealed interface Missing {
  /// What it is called: `size`, `commits`, `rate_limit` or `cron`.
  String condition();

  /// In one sentence.
  String sentence();

  record Size(long have, long want) implements Missing {
    @Override
    public String condition() {
      return "size";
    }

    @Override
    public String sentence() {
      return "%,d of %,d bytes were added or rewritten.".formatted(have, want);
    }
  }

  record Commits(long have, long want) implements Missing {
    @Override
    public String condition() {
      return "commits";
    }

    @Override
    public String sentence() {
      return "%,d of %,d commits came.".formatted(have, want);
    }
  }

  /// @param opens when it fires for what comes; empty where nothing has come
  record RateLimit(Optional<Instant> opens) implements Missing {
    @Override
    public String condition() {
      return "rate_limit";
    }

    @Override
    public String sentence() {
      return opens.map("The rate limit opens at %s."::formatted).orElse("No commit has come.");
    }
  }

  /// @param next the next tick; empty where there is none
  record Cron(Optional<Instant> next) implements Missing {
    @Override
    public String condition() {
      return "cron";
    }

    @Override
    public String sentence() {
      return next.map("The clock ticks at %s."::formatted).orElse("The clock never ticks.");
    }
  }
}
