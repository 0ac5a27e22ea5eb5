package dev.dassie.version;

import dev.dassie.metadata.Metadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is to happen at a time, of all rooms, in rows of their transactions (docs/format.md,
/// "Database records"): at most one alarm for each name of a kind. [Timer] rings them.
public final class Alarms {
  private static final String BY_TIME = "alarm";
  private static final String BY_NAME = "alarm_of";

  private Alarms() {}

  /// @param kind who is rung
  public record Alarm(String kind, String name, Instant at) {
    private String key() {
      return kind + "/" + name;
    }
  }

  /// Sets the alarm of a name in place of the one it has, or takes it away. A transaction that sets
  /// one appends an event too: that is what wakes the timer, which else looks every minute.
  public static void set(Metadata.Writer rows, String kind, String name, Optional<Instant> at) {
    Metadata.Key byName = new Metadata.Key(BY_NAME, kind + "/" + name);
    Optional<String> old = rows.get(byName).map(Alarms::text);
    Optional<String> now = at.map(time -> Tables.ordered(Math.max(0, time.toEpochMilli())));
    if (old.equals(now)) {
      return;
    }
    old.ifPresent(time -> rows.delete(byTime(time, byName.name())));
    now.ifPresentOrElse(
        time -> {
          rows.put(byName, time.getBytes(StandardCharsets.UTF_8));
          rows.put(byTime(time, byName.name()), Tables.NOTHING);
        },
        () -> rows.delete(byName));
  }

  /// The alarms that come first, at most so many.
  static List<Alarm> first(Metadata.Reader rows, int limit) {
    return rows.scan(BY_TIME, "", "", limit).stream().map(row -> alarm(row.name())).toList();
  }

  /// Whether the alarm is set as it was.
  static boolean isSet(Metadata.Reader rows, Alarm alarm) {
    return rows.get(new Metadata.Key(BY_NAME, alarm.key()))
        .map(Alarms::text)
        .filter(time -> time.equals(Tables.ordered(alarm.at().toEpochMilli())))
        .isPresent();
  }

  private static Alarm alarm(String row) {
    int first = row.indexOf('/');
    int second = row.indexOf('/', first + 1);
    Instant at = Instant.ofEpochMilli(Long.parseLong(row.substring(0, first), 16));
    return new Alarm(row.substring(first + 1, second), row.substring(second + 1), at);
  }

  private static Metadata.Key byTime(String time, String name) {
    return new Metadata.Key(BY_TIME, time + "/" + name);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
