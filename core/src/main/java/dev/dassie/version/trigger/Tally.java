package dev.dassie.version.trigger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What came since a trigger fired last.
///
/// @param bytes that were added or rewritten
/// @param fired when it did; empty before the first time
public record Tally(long bytes, long commits, Optional<Instant> fired) {
  /// Before anything came.
  public static final Tally NOTHING = new Tally(0, 0, Optional.empty());

  /// This and one more change.
  public Tally plus(long moreBytes, long moreCommits) {
    return new Tally(bytes + moreBytes, commits + moreCommits, fired);
  }

  /// Nothing, from a time on.
  public static Tally firedAt(Instant at) {
    return new Tally(0, 0, Optional.of(at));
  }

  /// Whether the trigger is to fire for what came; never by its schedule.
  public boolean fires(Trigger trigger, Instant now) {
    if (commits == 0 || trigger.cron().isPresent()) {
      return false;
    }
    int missing = missing(trigger, now).size();
    return trigger.all() ? missing == 0 : missing < conditions(trigger);
  }

  private static int conditions(Trigger trigger) {
    return (trigger.size().isPresent() ? 1 : 0)
        + (trigger.commits().isPresent() ? 1 : 0)
        + (trigger.rateLimit().isPresent() ? 1 : 0);
  }

  /// When a rate limit lets it fire again; empty where it does so at once.
  public Optional<Instant> opens(Trigger trigger) {
    return trigger.rateLimit().flatMap(limit -> fired.flatMap(limit::after));
  }

  /// The conditions that do not hold.
  public List<Missing> missing(Trigger trigger, Instant now) {
    List<Missing> missing = new ArrayList<>();
    trigger
        .size()
        .filter(size -> bytes < size)
        .ifPresent(size -> missing.add(new Missing.Size(bytes, size)));
    trigger
        .commits()
        .filter(count -> commits < count)
        .ifPresent(count -> missing.add(new Missing.Commits(commits, count)));
    trigger
        .rateLimit()
        .ifPresent(limit -> {
          // One that never ticks lets it fire once.
          Optional<Instant> opens = opens(trigger);
          boolean shut = fired.isPresent() && (opens.isEmpty() || opens.get().isAfter(now));
          if (shut || commits == 0) {
            missing.add(new Missing.RateLimit(shut ? opens : Optional.empty()));
          }
        });
    trigger.cron().ifPresent(schedule -> missing.add(new Missing.Cron(schedule.after(now))));
    return missing;
  }
}
