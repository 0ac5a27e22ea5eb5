package dev.dassie.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// How long at least one of many runs of code was at work. Thread-safe.
final class BusyTime {
  private static final int MOST = 10_000;

  private record Span(long from, long to) {}

  private final List<Span> spans = new ArrayList<>();
  private long joined;

  /// Adds the runs of a datum.
  synchronized void add(List<Ending.Try> tries) {
    for (Ending.Try one : tries) {
      long from = ChronoUnit.MICROS.between(Instant.EPOCH, one.started());
      spans.add(new Span(from, from + one.wallMicros()));
    }
    if (spans.size() >= MOST) {
      joined += union(); // spans that lie across such a border count twice
      spans.clear();
    }
  }

  synchronized long micros() {
    return joined + union();
  }

  private long union() {
    spans.sort(java.util.Comparator.comparingLong(Span::from));
    long total = 0;
    long end = Long.MIN_VALUE;
    for (Span span : spans) {
      long from = Math.max(span.from(), end);
      total += Math.max(0, span.to() - from);
      end = Math.max(end, span.to());
    }
    return total;
  }
}
