package dev.dassie.version.trigger;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When something is to happen again and again: five fields of `crontab(5)` (minute, hour, day of
/// the month, month, day of the week; where both days are given, either one counts), one of
/// `@yearly`, `@monthly`, `@weekly`, `@daily` and `@hourly`, `@every 90s`, or `@never`. Times are
/// UTC unless `CRON_TZ=ZONE` stands before. In whole seconds. Equal where the text is. Thread-safe.
public final class Schedule {
  private static final int LONGEST = 200;
  private static final Duration LONGEST_EVERY = Duration.ofDays(3660);
  private static final String EXPECTED =
      "five fields like `0 3 * * 1`, `@hourly`, `@daily`, `@every 10s` or `@never`";
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final Map<String, Long> SECONDS = Map.of("h", 3600L, "m", 60L, "s", 1L);
  private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(h|m|s)");
  private static final Pattern ZONED = Pattern.compile("(?:CRON_)?TZ=(\\S+)\\s+(.*)");
  private static final Pattern FIELDS = Pattern.compile("[0-9A-Za-z*/,-]+( [0-9A-Za-z*/,-]+){4}");

  private final String text;
  private final Rule rule;

  private Schedule(String text, Rule rule) {
    this.text = text;
    this.rule = rule;
  }

  /// How ticks follow each other.
  private sealed interface Rule {}

  private record Never() implements Rule {}

  private record Every(Duration time) implements Rule {}

  private record Fields(ExecutionTime times, ZoneId zone) implements Rule {}

  /// Ticks that are owed.
  ///
  /// @param ticks oldest first
  /// @param more whether there were older ones, which are left out
  public record Missed(List<Instant> ticks, boolean more) {
    public Missed {
      ticks = List.copyOf(ticks);
    }
  }

  /// Reads a schedule; anything else, and fields that no date ever matches, are `Fault.Invalid`.
  public static Schedule parse(String text) {
    if (text.length() > LONGEST) {
      throw invalid(text.substring(0, LONGEST) + "…", "at most 200 characters");
    }
    String trimmed = text.strip();
    if (trimmed.equals("@never")) {
      return new Schedule(trimmed, new Never());
    }
    if (trimmed.startsWith("@every ")) {
      return new Schedule(trimmed, every(text, trimmed.substring("@every ".length()).strip()));
    }
    Matcher zoned = ZONED.matcher(trimmed);
    boolean named = zoned.matches();
    String rest = named ? zoned.group(2) : trimmed;
    ZoneId zone = named ? zone(text, zoned.group(1)) : ZoneOffset.UTC;
    String fields = NICKNAMES.getOrDefault(rest, rest).replaceAll("\\s+", " ");
    if (!FIELDS.matcher(fields).matches()) {
      throw invalid(text, EXPECTED);
    }
    Schedule schedule = new Schedule(trimmed, fields(text, fields, zone));
    if (schedule.after(Instant.EPOCH).isEmpty()) {
      throw invalid(text, "a time that comes; no date ever matches these fields");
    }
    return schedule;
  }

  private static Every every(String text, String time) {
    Matcher part = PART.matcher(time);
    BigDecimal seconds = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long unit = SECONDS.getOrDefault(part.group(2), 0L);
      seconds = seconds.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = part.end();
    }
    boolean whole = end == time.length() && end > 0;
    if (!whole
        || seconds.compareTo(BigDecimal.ONE) < 0
        || seconds.compareTo(BigDecimal.valueOf(LONGEST_EVERY.toSeconds())) > 0) {
      throw invalid(text, "`@every` and a time from `1s` to ten years, like `@every 1h30m`");
    }
    return new Every(Duration.ofSeconds(seconds.longValue()));
  }

  private static ZoneId zone(String text, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new DassieException(
          fault(text, "a time zone like `Europe/Berlin` behind `CRON_TZ=`"), e);
    }
  }

  private static Fields fields(String text, String fields, ZoneId zone) {
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    try {
      return new Fields(ExecutionTime.forCron(parser.parse(fields)), zone);
    } catch (IllegalArgumentException e) {
      throw new DassieException(fault(text, EXPECTED), e);
    }
  }

  private static Fault fault(String text, String expected) {
    return new Fault.Invalid("The schedule", text, expected);
  }

  private static DassieException invalid(String text, String expected) {
    return fault(text, expected).asException();
  }

  /// As it was written.
  public String text() {
    return text;
  }

  /// The first tick after a time; none where it never ticks again.
  public Optional<Instant> after(Instant at) {
    Instant from = at.truncatedTo(ChronoUnit.SECONDS);
    return switch (rule) {
      case Never _ -> Optional.empty();
      case Every every -> Optional.of(from.plus(every.time()));
      case Fields fields ->
          fields.times().nextExecution(from.atZone(fields.zone())).map(ZonedDateTime::toInstant);
    };
  }

  /// The ticks after `last`, up to `now` and with it; of more than `most` the newest. Costs as much
  /// as those, however long ago `last` was.
  public Missed missed(Instant last, Instant now, int most) {
    List<Instant> ticks = new ArrayList<>();
    Optional<Instant> tick = newest(last, now);
    while (tick.filter(last::isBefore).isPresent() && ticks.size() < most) {
      ticks.add(tick.get());
      tick = newest(last, tick.get().minusSeconds(1));
    }
    Collections.reverse(ticks);
    return new Missed(ticks, tick.filter(last::isBefore).isPresent());
  }

  /// The newest tick up to a time and with it; ticks of `@every` count from `last`.
  private Optional<Instant> newest(Instant last, Instant now) {
    return switch (rule) {
      case Never _ -> Optional.empty();
      case Every every -> {
        Instant base = last.truncatedTo(ChronoUnit.SECONDS);
        long times =
            Math.floorDiv(Duration.between(base, now).toSeconds(), every.time().toSeconds());
        yield times < 1
            ? Optional.empty()
            : Optional.of(base.plus(every.time().multipliedBy(times)));
      }
      case Fields fields ->
          fields
              .times()
              .lastExecution(
                  now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).atZone(fields.zone()))
              .map(ZonedDateTime::toInstant);
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule schedule && schedule.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
