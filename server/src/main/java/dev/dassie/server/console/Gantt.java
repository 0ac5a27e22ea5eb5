package dev.dassie.server.console;

import dev.dassie.job.DatumView;
import dev.dassie.job.Ending;
import dev.dassie.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// When some datums of a job ran, as bars over its time, in pixels; a bounded number of them.
///
/// @param most the most memory that one of their tries took, in KiB
public record Gantt(List<Row> rows, List<Tick> ticks, int height, long most) {
  /// Pixels of the whole, of the names at its left, and of a row.
  public static final int WIDTH = 940;

  public static final int LEFT = 230;
  public static final int ROW = 26;
  public static final int TOP = 26;
  private static final int RIGHT = 20;
  private static final int TICKS = 4;
  private static final int NAME = 32;
  private static final double LEAST = 2;

  public Gantt {
    rows = List.copyOf(rows);
    ticks = List.copyOf(ticks);
  }

  /// A datum.
  public record Row(DatumView datum, String name, int y, List<Bar> bars) {
    public Row {
      bars = List.copyOf(bars);
    }

    /// The row in words.
    public String words() {
      return "%s: %s, %s in %s"
          .formatted(
              name,
              datum.state().word(),
              Say.count(datum.tries().size(), "try").replace("trys", "tries"),
              Say.duration(Duration.ofNanos(1_000 * datum.wallMicros().orElse(0L))));
    }
  }

  /// One try of it. Numbers as SVG has them.
  public record Bar(String x, String width, boolean good) {}

  /// A moment since the start of the job.
  public record Tick(int x, String text) {}

  /// Of the datums given, in the order in which they began; nothing where none has run.
  static Optional<Gantt> of(Job job, Collection<DatumView> slowest, Collection<DatumView> failed) {
    Map<String, DatumView> some = new LinkedHashMap<>();
    slowest.forEach(datum -> some.put(datum.id(), datum));
    failed.forEach(datum -> some.put(datum.id(), datum));
    List<DatumView> datums =
        some.values().stream()
            .filter(datum -> datum.started().isPresent())
            .sorted(Comparator.comparing(datum -> datum.started().orElseThrow()))
            .toList();
    if (datums.isEmpty()) {
      return Optional.empty();
    }
    Instant first = datums.getFirst().started().orElseThrow();
    Instant start = job.times().started().filter(at -> at.isBefore(first)).orElse(first);
    Instant end =
        datums.stream()
            .flatMap(datum -> datum.tries().stream())
            .map(Gantt::end)
            .max(Comparator.naturalOrder())
            .orElse(first);
    if (job.times().finished().filter(end::isBefore).isPresent()) {
      end = job.times().finished().get();
    }
    double micros = Math.max(1, Duration.between(start, end).toNanos() / 1_000.0);
    double scale = (WIDTH - LEFT - RIGHT) / micros;
    List<Row> rows = new ArrayList<>();
    for (DatumView datum : datums) {
      List<Bar> bars = datum.tries().stream().map(one -> bar(one, start, scale)).toList();
      rows.add(new Row(datum, name(datum), TOP + rows.size() * ROW, bars));
    }
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i <= TICKS; i++) {
      long at = (long) (micros * i / TICKS);
      ticks.add(
          new Tick(
              LEFT + (WIDTH - LEFT - RIGHT) * i / TICKS,
              Say.duration(Duration.ofNanos(at * 1_000))));
    }
    long most =
        datums.stream()
            .flatMap(datum -> datum.tries().stream())
            .mapToLong(Ending.Try::maxRssKib)
            .max()
            .orElse(0);
    return Optional.of(new Gantt(rows, ticks, TOP + rows.size() * ROW + 6, most));
  }

  private static Instant end(Ending.Try one) {
    return one.started().plusNanos(1_000 * one.wallMicros());
  }

  private static Bar bar(Ending.Try one, Instant start, double scale) {
    double from = LEFT + Duration.between(start, one.started()).toNanos() / 1_000.0 * scale;
    double width = Math.max(LEAST, one.wallMicros() * scale);
    return new Bar(number(from), number(width), one.problem().isEmpty());
  }

  private static String number(double pixels) {
    return String.format(Locale.ROOT, "%.1f", pixels);
  }

  private static String name(DatumView datum) {
    String path =
        datum.inputs().isEmpty()
            ? Say.brief(datum.id())
            : datum.inputs().getFirst().path().toString();
    String plain = Say.plain(path);
    return plain.length() <= NAME ? plain : "…" + plain.substring(plain.length() - NAME + 1);
  }
}
