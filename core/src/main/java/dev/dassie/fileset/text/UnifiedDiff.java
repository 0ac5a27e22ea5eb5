package dev.dassie.fileset.text;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Differences of files in the unified format of POSIX `diff -u`, with three lines of context, as
/// `patch` reads it. Files that are not UTF-8 text, or longer than [#MAX_BYTES], are named only.
public final class UnifiedDiff {
  /// The longest text that is compared.
  public static final int MAX_BYTES = 2 << 20;

  private static final int CONTEXT = 3;

  private final Filesets reader;
  private final Writer out;

  public UnifiedDiff(Filesets reader, Writer out) {
    this.reader = reader;
    this.out = out;
  }

  /// Writes what changed in one file.
  public void write(Difference difference) throws IOException {
    String path = shown(difference.path().value());
    String oldName = difference.old().isEmpty() ? "/dev/null" : "a/" + path;
    String newName = difference.now().isEmpty() ? "/dev/null" : "b/" + path;
    boolean same =
        difference.old().map(Entry.File::body).equals(difference.now().map(Entry.File::body));
    out.write("diff a/%s b/%s\n".formatted(path, path));
    if (same) {
      boolean executable = difference.now().filter(Entry.File::executable).isPresent();
      out.write(executable ? "now executable\n" : "not executable any more\n");
      return;
    }
    if (isLong(difference.old()) || isLong(difference.now())) {
      out.write("Files %s and %s differ (too large to compare)\n".formatted(oldName, newName));
      return;
    }
    Optional<List<String>> old = lines(difference.old());
    Optional<List<String>> now = lines(difference.now());
    if (old.isEmpty() || now.isEmpty()) {
      out.write("Binary files %s and %s differ\n".formatted(oldName, newName));
      return;
    }
    out.write("--- %s\n+++ %s\n".formatted(oldName, newName));
    hunks(old.get(), now.get(), LineDiff.of(old.get(), now.get()));
  }

  /// A path on one line: control characters, which could forge a header, stand as `?`.
  private static String shown(String path) {
    return path.replaceAll("\\p{Cntrl}", "?");
  }

  private static boolean isLong(Optional<Entry.File> file) {
    return file.filter(there -> there.size() > MAX_BYTES).isPresent();
  }

  /// The lines with their ends; empty where it is no text.
  private Optional<List<String>> lines(Optional<Entry.File> file) throws IOException {
    Body body = file.map(Entry.File::body).orElse(Body.Inline.EMPTY);
    String text;
    try (InputStream bytes = reader.open(body)) {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.readNBytes(MAX_BYTES)))
              .toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (text.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return Optional.of(lines);
  }

  private void hunks(List<String> old, List<String> now, LineDiff diff) throws IOException {
    int x = 0;
    int y = 0;
    while (true) {
      int lost = diff.lost().nextSetBit(x);
      int gained = diff.gained().nextSetBit(y);
      if (lost < 0 && gained < 0) {
        return;
      }
      int untilLost = lost < 0 ? Integer.MAX_VALUE : lost - x;
      int untilGained = gained < 0 ? Integer.MAX_VALUE : gained - y;
      int skipped = Math.max(0, Math.min(untilLost, untilGained) - CONTEXT);
      int[] end = end(old.size(), now.size(), x + skipped, y + skipped, diff);
      hunk(old, now, diff, new int[] {x + skipped, y + skipped}, end);
      x = end[0];
      y = end[1];
    }
  }

  /// Where a hunk ends that begins here: behind changes that are not more than two contexts apart.
  private static int[] end(int olds, int nows, int fromX, int fromY, LineDiff diff) {
    int x = fromX;
    int y = fromY;
    int quiet = 0;
    boolean begun = false;
    while ((x < olds || y < nows) && !(begun && quiet > 2 * CONTEXT)) {
      if (diff.lost().get(x) || diff.gained().get(y)) {
        begun = true;
        quiet = 0;
        boolean lost = diff.lost().get(x);
        x += lost ? 1 : 0;
        y += lost ? 0 : 1;
      } else {
        quiet++;
        x++;
        y++;
      }
    }
    int back = Math.max(0, quiet - CONTEXT);
    return new int[] {x - back, y - back};
  }

  private void hunk(List<String> old, List<String> now, LineDiff diff, int[] from, int[] to)
      throws IOException {
    out.write("@@ -%s +%s @@\n".formatted(range(from[0], to[0]), range(from[1], to[1])));
    int x = from[0];
    int y = from[1];
    while (x < to[0] || y < to[1]) {
      if (x < to[0] && diff.lost().get(x)) {
        line('-', old.get(x++));
      } else if (y < to[1] && diff.gained().get(y)) {
        line('+', now.get(y++));
      } else {
        line(' ', old.get(x++));
        y++;
      }
    }
  }

  private static String range(int from, int to) {
    int count = to - from;
    return count == 1 ? "" + (from + 1) : (count == 0 ? from : from + 1) + "," + count;
  }

  private void line(char mark, String line) throws IOException {
    out.write(mark);
    out.write(line);
    if (!line.endsWith("\n")) {
      out.write("\n\\ No newline at end of file\n");
    }
  }
}
