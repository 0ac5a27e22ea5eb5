package dev.dassie.server.spec;

import dev.dassie.version.BranchName;
import dev.dassie.version.Names;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads `trigger` of a files input.
final class TriggerFields {
  private final Problems problems;

  TriggerFields(Problems problems) {
    this.problems = problems;
  }

  Optional<Trigger> read(Checked trigger) {
    String followed = trigger.text("branch").orElse(BranchName.DEFAULT_BRANCH);
    Optional<String> branch = attempt(trigger, "branch", () -> Names.check("branch", followed));
    Optional<Long> size = given(trigger, "size", Trigger::size);
    Optional<Schedule> rateLimit = given(trigger, "rateLimitSpec", Schedule::parse);
    Optional<Schedule> cron = given(trigger, "cronSpec", Schedule::parse);
    // A count of 0 stands for none, as in Pachyderm.
    Optional<Long> commits =
        trigger.whole("commits").filter(count -> count != 0).map(Integer::longValue);
    boolean good =
        branch.isPresent()
            && size.isPresent() == trigger.text("size").isPresent()
            && rateLimit.isPresent() == trigger.text("rateLimitSpec").isPresent()
            && cron.isPresent() == trigger.text("cronSpec").isPresent()
            && trigger.told().isEmpty();
    if (!good) {
      return Optional.empty();
    }
    return SpecReader.attempt(
        problems,
        trigger.place(),
        trigger.path(),
        () -> new Trigger(branch.get(), size, commits, rateLimit, cron, trigger.flag("all")));
  }

  private <T> Optional<T> given(Checked trigger, String field, Function<String, T> reader) {
    return trigger.text(field).flatMap(text -> attempt(trigger, field, () -> reader.apply(text)));
  }

  private <T> Optional<T> attempt(Checked trigger, String field, Supplier<T> value) {
    return SpecReader.attempt(problems, trigger.placeOf(field), trigger.path(field), value);
  }
}
