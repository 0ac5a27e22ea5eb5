package dev.dassie.cli.version;

import dev.dassie.api.Problem;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// When a branch follows another. The names are those of `pachctl`, but for `--no-trigger`.
final class TriggerOptions {
  @Option(
      names = "--trigger",
      paramLabel = "BRANCH",
      description = "Follow this branch of the repo when one of the conditions below holds.")
  private Optional<String> branch = Optional.empty();

  @Option(
      names = "--trigger-size",
      paramLabel = "SIZE",
      description = "Condition: so much was added or rewritten (500, 1MB, 2GiB).")
  private Optional<String> size = Optional.empty();

  @Option(
      names = "--trigger-commits",
      paramLabel = "N",
      description = "Condition: so many commits came.")
  private Optional<Long> commits = Optional.empty();

  @Option(
      names = "--trigger-rate-limit",
      paramLabel = "SCHEDULE",
      description = "Condition: a tick of the schedule ('@hourly') came since it followed last.")
  private Optional<String> rateLimit = Optional.empty();

  @Option(
      names = "--trigger-cron",
      paramLabel = "SCHEDULE",
      description = "Follow at each tick of a schedule ('0 3 * * *'); stands alone.")
  private Optional<String> cron = Optional.empty();

  @Option(names = "--trigger-all", description = "All conditions must hold, instead of one.")
  private boolean all;

  @Option(names = "--no-trigger", description = "Follow no branch any more.")
  private boolean none;

  void into(ObjectNode body) {
    boolean more =
        size.isPresent() || commits.isPresent() || rateLimit.isPresent() || cron.isPresent() || all;
    if (none && (more || branch.isPresent())) {
      throw Problem.invalid(
              "`--no-trigger` takes the trigger away, expected it without other options of triggers.")
          .asException();
    }
    if (none) {
      body.putObject("trigger");
    }
    if (branch.isEmpty()) {
      if (more) {
        throw Problem.of(
                Problem.INVALID,
                "Conditions of a trigger were given, expected `--trigger BRANCH` beside them.",
                Optional.of("`--trigger staging` names the branch to follow."))
            .asException();
      }
      return;
    }
    ObjectNode trigger = body.putObject("trigger").put("branch", branch.get()).put("all", all);
    size.ifPresent(text -> trigger.put("size", text));
    commits.ifPresent(count -> trigger.put("commits", count));
    rateLimit.ifPresent(schedule -> trigger.put("rate_limit", schedule));
    cron.ifPresent(schedule -> trigger.put("cron", schedule));
  }
}
