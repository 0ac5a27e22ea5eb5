package dev.dassie.server.console;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Filesets;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A part of what a try wrote, whole lines of it, and the lines that have a text.
///
/// @param number of the try, from 1
/// @param size of the whole log, in bytes
/// @param from offset of the first byte that is shown
/// @param next offset of the part behind, where there is one
/// @param before offset of the part before, where there is one
/// @param tail whether it is the end, shown because no part was asked for
/// @param find the text that was searched for, empty where none was
/// @param more whether more lines have it than are listed
public record LogView(
    int number,
    long size,
    long from,
    Optional<Long> next,
    Optional<Long> before,
    boolean tail,
    List<Line> lines,
    String find,
    List<Hit> hits,
    boolean more) {
  /// Bytes of one part.
  static final int PART = 64 << 10;

  private static final int HITS = 100;
  private static final int LINE = 8 << 10;
  private static final int SHOWN = 240;

  public LogView {
    lines = List.copyOf(lines);
    hits = List.copyOf(hits);
  }

  /// A line, and whether it has the text that was searched for.
  public record Line(String text, boolean hit) {}

  /// A line that has the text: its number from 1, where it begins, and what it says.
  public record Hit(long number, long offset, String text) {}

  /// @param asked where the part is to begin; nothing for the end
  static LogView of(Filesets reader, Body log, int number, Optional<Long> asked, String find)
      throws IOException {
    long size = log.size();
    long from = Math.min(asked.orElse(Math.max(0, size - PART)), size);
    byte[] bytes = read(reader, log, from);
    int start = 0;
    // Whoever names the beginning of a line sees it; else the part begins with the next one.
    if (from > 0 && bytes.length > 0 && !isBeginning(reader, log, from)) {
      start = behindLine(bytes, 0);
      start = start == bytes.length ? 0 : start;
    }
    boolean end = from + bytes.length >= size;
    int length = end ? bytes.length : lastLine(bytes, start);
    String text = new String(bytes, start, length - start, StandardCharsets.UTF_8);
    String wanted = find.toLowerCase(Locale.ROOT);
    List<Line> lines =
        text.lines()
            .map(line ->
                new Line(
                    Say.plain(line),
                    !wanted.isEmpty() && line.toLowerCase(Locale.ROOT).contains(wanted)))
            .toList();
    List<Hit> hits = new ArrayList<>();
    boolean more = !find.isEmpty() && search(reader, log, wanted, hits);
    long first = from + start;
    return new LogView(
        number,
        size,
        first,
        end ? Optional.empty() : Optional.of(from + length),
        first == 0 ? Optional.empty() : Optional.of(Math.max(0, first - PART)),
        asked.isEmpty(),
        lines,
        find,
        hits,
        more);
  }

  private static byte[] read(Filesets reader, Body log, long from) throws IOException {
    int length = (int) Math.min(PART, log.size() - from);
    try (InputStream in = reader.open(log, from, length)) {
      return in.readNBytes(length);
    }
  }

  private static boolean isBeginning(Filesets reader, Body log, long from) throws IOException {
    try (InputStream in = reader.open(log, from - 1, 1)) {
      return in.read() == '\n';
    }
  }

  private static int behindLine(byte[] bytes, int at) {
    int place = at;
    while (place < bytes.length && bytes[place] != '\n') {
      place++;
    }
    return Math.min(place + 1, bytes.length);
  }

  /// Behind the last line that is whole; of one line that is longer than a part, all of it.
  private static int lastLine(byte[] bytes, int start) {
    int place = bytes.length;
    while (place > start && bytes[place - 1] != '\n') {
      place--;
    }
    return place == start ? bytes.length : place;
  }

  /// Reads the log to its end, or until enough lines were found; of long lines the beginning is
  /// looked at. Answers whether there is more.
  private static boolean search(Filesets reader, Body log, String wanted, List<Hit> hits)
      throws IOException {
    try (InputStream in = new BufferedInputStream(reader.open(log), PART)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long number = 1;
      long offset = 0;
      long begin = 0;
      int one;
      do {
        one = in.read();
        offset += one < 0 ? 0 : 1;
        if (one >= 0 && one != '\n') {
          if (line.size() < LINE) {
            line.write(one);
          }
        } else if (offset > begin) {
          if (found(line, wanted)) {
            if (hits.size() == HITS) {
              return true;
            }
            hits.add(new Hit(number, begin, shown(line)));
          }
          line.reset();
          number++;
          begin = offset;
        }
      } while (one >= 0);
      return false;
    }
  }

  private static boolean found(ByteArrayOutputStream line, String wanted) {
    return line.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT).contains(wanted);
  }

  private static String shown(ByteArrayOutputStream line) {
    return Say.cut(Say.plain(line.toString(StandardCharsets.UTF_8)), SHOWN);
  }
}
