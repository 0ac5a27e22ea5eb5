package dev.dassie.version.trigger;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a branch follows another of its repo (design S10): its head goes to the newest finished
/// commit of that branch as soon as a condition holds, or all of them do. `cron` stands alone.
///
/// @param branch the branch that is followed; it need not be there yet
/// @param size bytes that were added or rewritten since it fired last
/// @param commits commits since then
/// @param rateLimit it fires once between two ticks; what came too early is followed at the tick
/// @param cron it fires at each tick, whatever came
/// @param all whether every condition must hold, instead of one
public record Trigger(
    String branch,
    Optional<Long> size,
    Optional<Long> commits,
    Optional<Schedule> rateLimit,
    Optional<Schedule> cron,
    boolean all) {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kmgtp]?)(i?)b?");
  private static final Map<String, Integer> POWERS =
      Map.of("", 0, "k", 1, "m", 2, "g", 3, "t", 4, "p", 5);

  /// Refuses one that would never fire, or that a schedule and more would fire.
  public Trigger {
    positive("The size of the trigger", size);
    positive("The number of commits of the trigger", commits);
    if (size.isEmpty() && commits.isEmpty() && rateLimit.isEmpty() && cron.isEmpty()) {
      throw new Fault.Invalid(
              "The trigger on the branch",
              branch,
              "a size, a number of commits, a rate limit or a schedule beside it")
          .asException();
    }
    if (cron.isPresent() && (size.isPresent() || commits.isPresent() || rateLimit.isPresent())) {
      throw new Fault.Invalid(
              "The schedule of the trigger", cron.get().text(), "no other condition beside it")
          .asException();
    }
  }

  private static void positive(String what, Optional<Long> number) {
    number
        .filter(value -> value < 1)
        .ifPresent(value -> {
          throw new Fault.Invalid(what, value.toString(), "1 or more").asException();
        });
  }

  /// Reads a size as people write it: `500`, `1MB` (10^6), `1.5 GiB` (2^30).
  public static long size(String text) {
    Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!size.matches() || (size.group(2).isEmpty() && !size.group(3).isEmpty())) {
      throw badSize(text);
    }
    BigDecimal unit = BigDecimal.valueOf(size.group(3).isEmpty() ? 1000 : 1024);
    BigDecimal bytes =
        new BigDecimal(size.group(1)).multiply(unit.pow(POWERS.getOrDefault(size.group(2), 0)));
    if (bytes.signum() < 1 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw badSize(text);
    }
    return bytes.longValue();
  }

  private static RuntimeException badSize(String text) {
    return new Fault.Invalid("The size of the trigger", text, "one like `1MB`, more than 0")
        .asException();
  }

  /// In words: `staging on 3 commits or 1000000 bytes`.
  public String told() {
    List<String> conditions = new ArrayList<>();
    size.ifPresent(bytes -> conditions.add(bytes + " bytes"));
    commits.ifPresent(count -> conditions.add(count + (count == 1 ? " commit" : " commits")));
    rateLimit.ifPresent(limit -> conditions.add("at most once in `%s`".formatted(limit)));
    cron.ifPresent(schedule -> conditions.add("the clock, `%s`".formatted(schedule)));
    return branch + " on " + String.join(all ? " and " : " or ", conditions);
  }

  public void write(Encoder out) {
    out.string(branch)
        .optional(size, Encoder::varint)
        .optional(commits, Encoder::varint)
        .optional(rateLimit.map(Schedule::text), Encoder::string)
        .optional(cron.map(Schedule::text), Encoder::string)
        .bool(all);
  }

  /// Reads what [#write] wrote.
  public static Trigger read(Decoder in) {
    return new Trigger(
        in.string(),
        in.optional(Decoder::varint),
        in.optional(Decoder::varint),
        in.optional(Decoder::string).map(Schedule::parse),
        in.optional(Decoder::string).map(Schedule::parse),
        in.bool());
  }
}
