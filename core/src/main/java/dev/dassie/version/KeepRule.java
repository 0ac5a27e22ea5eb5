package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which commits of a branch are kept: each of the two keeps what it names, and at least one is
/// there (docs/format.md, "Database records").
///
/// @param last the newest finished commits, at least 1
/// @param age commits that ended within this time, whole seconds, at least 1
public record KeepRule(Optional<Integer> last, Optional<Duration> age) {
  /// The most that either may say.
  public static final int MAX_LAST = 1_000_000;

  public static final Duration MAX_AGE = Duration.ofDays(20_000);

  public KeepRule {
    if (last.isEmpty() && age.isEmpty()) {
      throw new Fault.Invalid("The rule", "", "a number of commits or a time").asException();
    }
    last.filter(count -> count < 1 || count > MAX_LAST)
        .ifPresent(count -> {
          throw new Fault.Invalid(
                  "The number of commits to keep", count.toString(), "1 to " + MAX_LAST)
              .asException();
        });
    age.filter(time -> time.toSeconds() < 1 || time.compareTo(MAX_AGE) > 0)
        .ifPresent(time -> {
          throw new Fault.Invalid(
                  "The time to keep commits for", time.toSeconds() + "s", "1 second to 20,000 days")
              .asException();
        });
    age = age.map(time -> Duration.ofSeconds(time.toSeconds()));
  }

  void write(Encoder out) {
    out.optional(last.map(Integer::longValue), Encoder::varint);
    out.optional(age.map(Duration::toSeconds), Encoder::varint);
  }

  static KeepRule read(Decoder in) {
    return new KeepRule(
        in.optional(some -> some.length(MAX_LAST)),
        in.optional(some -> Duration.ofSeconds(some.length((int) MAX_AGE.toSeconds()))));
  }

  /// In words: `the newest 5 and 30d`.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    last.ifPresent(count -> parts.add("the newest " + count));
    age.ifPresent(time -> parts.add("those of the last " + text(time)));
    return String.join(" and ", parts);
  }

  private static String text(Duration time) {
    StringBuilder text = new StringBuilder();
    part(text, time.toDays(), "d");
    part(text, time.toHoursPart(), "h");
    part(text, time.toMinutesPart(), "m");
    part(text, time.toSecondsPart(), "s");
    return text.toString();
  }

  private static void part(StringBuilder text, long number, String unit) {
    text.append(number > 0 ? number + unit : "");
  }
}
