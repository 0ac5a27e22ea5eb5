package dev.dassie.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How values read on a page. What comes from users goes through [#plain] before it is escaped.
public final class Say {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int SHORT = 12;

  private Say() {}

  /// A part of a sentence: plain, or a value that stood in backticks.
  public record Piece(String text, boolean code) {}

  /// A text as it can be shown: control characters become visible signs (Unicode's control
  /// pictures), and what would turn the direction of writing is written out. Tabs stay.
  public static String plain(String text) {
    return plain(text, false);
  }

  /// The same of a text of several lines, whose ends stay.
  public static String lines(String text) {
    return plain(text, true);
  }

  private static String plain(String text, boolean ends) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(letter -> {
          if (letter == '\t' || (ends && letter == '\n')) {
            shown.append((char) letter);
          } else if (letter < 0x20) {
            shown.append((char) (0x2400 + letter));
          } else if (letter == 0x7f) {
            shown.append('\u2421');
          } else if (turns(letter)) {
            shown.append("\\u{%04x}".formatted(letter));
          } else {
            shown.appendCodePoint(letter);
          }
        });
    return shown.toString();
  }

  /// Characters that cannot be seen and change how those around them are shown.
  private static boolean turns(int letter) {
    return (letter >= 0x80 && letter < 0xa0)
        || (letter >= 0x200b && letter <= 0x200f)
        || (letter >= 0x2028 && letter <= 0x202e)
        || (letter >= 0x2060 && letter <= 0x206f)
        || letter == 0xfeff;
  }

  /// A sentence cut at its backticks.
  public static List<Piece> pieces(String sentence) {
    List<Piece> pieces = new ArrayList<>();
    String[] parts = plain(sentence).split("`", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean code = i % 2 == 1 && i < parts.length - 1;
      if (!parts[i].isEmpty()) {
        pieces.add(new Piece(parts[i], code));
      }
    }
    return pieces;
  }

  /// Bytes, in a unit that leaves three or four digits: `1.4 MiB`.
  public static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || value >= 100;
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /// `1,000,000`
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1 file`, `2 files`
  public static String count(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : one.endsWith("s") ? "es" : "s");
  }

  public static String at(Instant time) {
    return AT.format(time);
  }

  /// How long ago a moment was: `3 min ago`.
  public static String ago(Instant time, Instant now) {
    long seconds = Duration.between(time, now).toSeconds();
    if (seconds < 10) {
      return "just now";
    }
    if (seconds < 60) {
      return seconds + " s ago";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min ago";
    }
    if (seconds < 48 * 3600) {
      return seconds / 3600 + " h ago";
    }
    return seconds / 86_400 + " days ago";
  }

  public static String ago(Instant time) {
    return ago(time, Instant.now());
  }

  /// `12 ms`, `3.4 s`, `5 min 3 s`, `2 h 5 min`
  public static String duration(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = millis / 60_000;
    return minutes < 60
        ? minutes + " min " + millis / 1000 % 60 + " s"
        : minutes / 60 + " h " + minutes % 60 + " min";
  }

  /// From one moment to another, or until now.
  public static String duration(Instant start, Optional<Instant> end) {
    return duration(Duration.between(start, end.orElseGet(Instant::now)));
  }

  /// The first digits of an id or a hash.
  public static String brief(String id) {
    return id.length() > SHORT ? id.substring(0, SHORT) : id;
  }

  /// At most so many characters, with a sign where more was there.
  public static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /// A word as a shell takes it, whatever is in it.
  public static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /// `local:ana` → `ana`
  public static String person(String principal) {
    String name = principal.startsWith("local:") ? principal.substring(6) : principal;
    return plain(name);
  }
}
