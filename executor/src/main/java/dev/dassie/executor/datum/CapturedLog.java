package dev.dassie.executor.datum;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Output of a command: all of it, or its first and last `limit` bytes. It stands in memory, or in
/// a file whose first `limit` bytes are the beginning and whose next `limit` bytes are a ring.
/// Valid until the next command of the slot.
///
/// @param total bytes that the command wrote
/// @param damaged the file could not take all, for want of disk space
public record CapturedLog(
    long total, long limit, byte[] held, Optional<Path> file, boolean damaged) {
  public static CapturedLog of(byte[] bytes) {
    return new CapturedLog(bytes.length, Long.MAX_VALUE / 2, bytes, Optional.empty(), false);
  }

  /// The output, the cut marked in a line of its own.
  public InputStream open() throws IOException {
    if (file.isEmpty()) {
      return new ByteArrayInputStream(held);
    }
    List<InputStream> parts = new ArrayList<>();
    if (damaged) {
      parts.add(text("[dassie: the disk was full, parts of this output are missing]\n"));
    }
    if (total <= 2 * limit) {
      parts.add(new FileSlice(file.get(), 0, total));
    } else {
      long turn = (total - limit) % limit;
      parts.add(new FileSlice(file.get(), 0, limit));
      parts.add(text("\n[dassie: " + (total - 2 * limit) + " bytes of output are cut here]\n"));
      parts.add(new FileSlice(file.get(), limit + turn, limit - turn));
      parts.add(new FileSlice(file.get(), limit, turn));
    }
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  private static InputStream text(String line) {
    return new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
  }
}
