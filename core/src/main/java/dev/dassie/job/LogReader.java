package dev.dassie.job;

import dev.dassie.fileset.Filesets;
import dev.dassie.version.Versions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads the logs of a job line by line, datum by datum, in bounded memory. Thread-safe.
final class LogReader {
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_TAIL = 100_000;

  private final Filesets filesets;
  private final DatumReader reader;

  LogReader(Versions versions, DatumReader reader) {
    this.filesets = new Filesets(versions.chunks());
    this.reader = reader;
  }

  Iterator<LogLine> lines(Job job, LogLine.Query query) {
    boolean one = query.datum().filter(id -> id.length() == DatumReader.WHOLE_ID).isPresent();
    Iterator<DatumReader.Row> rows =
        one
            ? reader.whole(job, query.datum().get()).stream().iterator()
            : reader.scan(job, new byte[0]);
    Iterator<LogLine> lines =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
            .filter(row -> query.datum().isEmpty() || matches(row, query.datum().get()))
            .flatMap(row -> reader.views(job, List.of(row)).stream())
            .flatMap(view -> lines(view, query))
            .iterator();
    return query.tail().map(count -> last(lines, Math.clamp(count, 0, MAX_TAIL))).orElse(lines);
  }

  private static boolean matches(DatumReader.Row row, String id) {
    return row.datum().id().toString().startsWith(id);
  }

  private Stream<LogLine> lines(DatumView view, LogLine.Query query) {
    Stream<LogLine> lines = Stream.empty();
    for (int i = 0; i < view.tries().size(); i++) {
      Ending.Try one = view.tries().get(i);
      int number = i + 1;
      if (query.since().isEmpty() || !one.started().isBefore(query.since().get())) {
        lines =
            Stream.concat(
                lines,
                text(one)
                    .map(line ->
                        new LogLine(
                            view.job(), view.id(), number, one.started(), line, view.inputs())));
      }
    }
    return lines;
  }

  private Stream<String> text(Ending.Try one) {
    Iterator<String> lines = new Lines(new BufferedInputStream(filesets.open(one.log())));
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, 0), false);
  }

  private static Iterator<LogLine> last(Iterator<LogLine> lines, int count) {
    Deque<LogLine> last = new ArrayDeque<>();
    while (lines.hasNext()) {
      last.addLast(lines.next());
      if (last.size() > count) {
        last.removeFirst();
      }
    }
    return last.iterator();
  }

  /// Lines of a stream; longer ones than 64 KiB come in pieces.
  private static final class Lines implements Iterator<String> {
    private final InputStream in;
    private Optional<String> next;

    Lines(InputStream in) {
      this.in = in;
      this.next = read();
    }

    private Optional<String> read() {
      try {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int one = in.read();
        if (one < 0) {
          in.close();
          return Optional.empty();
        }
        while (one >= 0 && one != '\n') {
          line.write(one);
          one = line.size() < MAX_LINE ? in.read() : '\n';
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public String next() {
      String line = next.orElseThrow(NoSuchElementException::new);
      next = read();
      return line;
    }
  }
}
