package dev.dassie.server.spec;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads numbers and durations as people write them.
final class Said {
  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(h|ms|us|µs|ns|m|s)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "h", 3_600_000_000_000L,
          "m", 60_000_000_000L,
          "s", 1_000_000_000L,
          "ms", 1_000_000L,
          "us", 1_000L,
          "µs", 1_000L,
          "ns", 1L);
  private static final long LONGEST_NANOS = Duration.ofDays(36_500).toNanos();
  private static final int MOST_SHOWN = 100;

  private Said() {}

  /// A whole number from -2^31 up to 2^31 - 1; it may stand in quotes.
  static Optional<Integer> whole(String text) {
    if (!text.matches("[-+]?[0-9]{1,10}")) {
      return Optional.empty();
    }
    long value = Long.parseLong(text);
    return value == (int) value ? Optional.of((int) value) : Optional.empty();
  }

  /// A duration in Go's notation (`30s`, `1h5m`, `1.5h`): at least 1 ms, in whole milliseconds
  /// rounded up, at most 100 years.
  static Optional<Duration> duration(String text) {
    Matcher part = DURATION.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long unit = NANOS.getOrDefault(part.group(2), 0L);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = part.end();
    }
    boolean whole = end == text.length() && end > 0;
    if (!whole || nanos.signum() <= 0 || nanos.compareTo(BigDecimal.valueOf(LONGEST_NANOS)) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis((nanos.longValue() + 999_999) / 1_000_000));
  }

  /// A value from outside, short and on one line.
  static String value(String text) {
    String line = text.replace("\0", "\\0").replace("\n", "\\n").replace("\r", "\\r");
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "…" : line;
  }
}
