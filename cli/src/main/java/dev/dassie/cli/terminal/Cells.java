package dev.dassie.cli.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Values of a reply as people read them. What is absent or null is an empty text.
public final class Cells {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Cells() {}

  /// The text, number or boolean at a key, nested ones with dots: `made_by.job`.
  public static String text(JsonNode item, String key) {
    JsonNode value = at(item, key);
    return value.isMissingNode() || value.isNull() || value.isContainer() ? "" : value.asString("");
  }

  /// The node at a key with dots; missing where any part is.
  public static JsonNode at(JsonNode item, String key) {
    JsonNode value = item;
    for (String part : key.split("\\.")) {
      value = value.path(part);
    }
    return value;
  }

  /// Bytes in binary units, three digits: `1.21 MiB`.
  public static String size(JsonNode item, String key) {
    JsonNode value = at(item, key);
    return value.isNumber() ? size(value.longValue()) : "";
  }

  public static String size(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (Math.abs(amount) >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    String digits =
        unit == 0 ? Long.toString(bytes) : number(amount, amount < 10 ? 2 : amount < 100 ? 1 : 0);
    return digits + " " + UNITS[unit];
  }

  /// A time as `3 minutes ago`, or as it was sent where full timestamps are wanted.
  public static String time(JsonNode item, String key, View view) {
    String text = text(item, key);
    if (text.isEmpty() || view.fullTimestamps()) {
      return text;
    }
    try {
      return ago(Duration.between(Instant.parse(text), view.now()));
    } catch (DateTimeException e) {
      return text;
    }
  }

  /// `just now`, `12 seconds ago`, `3 days ago`; a time to come reads as `just now` while clocks
  /// differ by a little, else as `in 3 days`.
  public static String ago(Duration past) {
    long seconds = past.toSeconds();
    if (seconds < -60) {
      return "in " + amount(-seconds);
    }
    return seconds < 2 ? "just now" : amount(seconds) + " ago";
  }

  private static String amount(long seconds) {
    long[] sizes = {31_556_952, 2_629_746, 604_800, 86_400, 3600, 60};
    String[] names = {"year", "month", "week", "day", "hour", "minute"};
    for (int i = 0; i < sizes.length; i++) {
      if (seconds >= sizes[i]) {
        return counted(seconds / sizes[i], names[i]);
      }
    }
    return counted(seconds, "second");
  }

  /// `1 file`, `2 files`.
  public static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// Milliseconds as `850 ms`, `3.2 s`, `4 min 05 s`, `2 h 10 min`.
  public static String duration(JsonNode item, String key) {
    JsonNode value = at(item, key);
    return value.isNumber() ? duration(value.longValue()) : "";
  }

  public static String duration(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return number(millis / 1000.0, 1) + " s";
    }
    long seconds = millis / 1000;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  private static String number(double amount, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", amount);
  }

  /// The first 12 digits of a hash; ids stay whole, people copy them.
  public static String shortened(String hash) {
    int colon = hash.indexOf(':');
    String digits = colon < 0 ? hash : hash.substring(colon + 1);
    return digits.length() <= 12 ? digits : digits.substring(0, 12);
  }
}
