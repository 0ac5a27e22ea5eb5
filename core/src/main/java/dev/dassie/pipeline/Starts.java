package dev.dassie.pipeline;

import dev.dassie.version.trigger.Trigger;
import java.util.Optional;

/// What makes an input start jobs.
///
/// @param never a change of its branch starts none (`propagationSpec.never`); the next job that
///   something else starts reads the newest head
/// @param trigger what moves its branch, which follows another
/// @param cron the clock that makes the commits of its branch, in a cron input
public record Starts(boolean never, Optional<Trigger> trigger, Optional<Cron> cron) {
  /// Every change of the branch starts a job.
  public static final Starts ALWAYS = new Starts(false, Optional.empty(), Optional.empty());

  /// No change does.
  public static final Starts NEVER = new Starts(true, Optional.empty(), Optional.empty());

  /// The ticks of a clock do.
  public static Starts ticking(Cron cron) {
    return new Starts(false, Optional.empty(), Optional.of(cron));
  }
}
