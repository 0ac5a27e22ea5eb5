package dev.dassie.job.standing;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What processes wrote, the newest [#ROWS] rows of each pipeline (docs/format.md, "Output of
/// processes that stay"). A row holds whole lines.
final class LogTable {
  static final String TABLE = "process_log";

  /// Rows that are kept of a pipeline: 8 MiB.
  static final int ROWS = 512;

  /// The most text of a row.
  static final int ROW_BYTES = 16 << 10;

  private static final int VERSION = 1;
  private static final int BATCH = 100;

  private LogTable() {}

  /// Behind the last row there is.
  static long next(Metadata.Reader rows, RepoName output) {
    return rows.scanBackwards(TABLE, prefix(output), "", 1).stream()
        .findFirst()
        .map(row -> position(row) + 1)
        .orElse(0L);
  }

  /// Adds a row, and takes the one out that is too many.
  static void put(
      Metadata.Writer rows,
      RepoName output,
      long position,
      Instant started,
      Instant at,
      byte[] text) {
    rows.put(key(output, position), encode(started, at, text));
    if (position >= ROWS) {
      rows.delete(key(output, position - ROWS));
    }
  }

  static byte[] encode(Instant started, Instant at, byte[] text) {
    return new Encoder()
        .u8(VERSION)
        .varint(started.toEpochMilli())
        .varint(at.toEpochMilli())
        .bytes(text)
        .toBytes();
  }

  /// Lines of a few rows behind a position, oldest first; none at the end.
  static List<ProcessLine> after(Metadata.Reader rows, RepoName output, long position) {
    String from = position < 0 ? "" : name(output, position);
    List<ProcessLine> lines = new ArrayList<>();
    rows.scan(TABLE, prefix(output), from, BATCH).forEach(row -> lines.addAll(decode(row)));
    return lines;
  }

  private static List<ProcessLine> decode(Metadata.Row row) {
    Decoder in = new Decoder("The output of a process", row.value());
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt("The output of a process", "record version 1", "version " + version)
          .asException();
    }
    Instant started = Instant.ofEpochMilli(in.varint());
    Instant at = Instant.ofEpochMilli(in.varint());
    return new String(in.bytes(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> new ProcessLine(position(row), started, at, line))
        .toList();
  }

  /// Takes out some rows of a pipeline; false when none are left.
  static boolean forget(Metadata.Writer rows, RepoName output) {
    List<Metadata.Row> some = rows.scan(TABLE, prefix(output), "", BATCH);
    some.forEach(row -> rows.delete(new Metadata.Key(TABLE, row.name())));
    return !some.isEmpty();
  }

  /// The first pipeline that has rows, behind another if given.
  static Optional<RepoName> pipeline(Metadata.Reader rows, Optional<RepoName> after) {
    // Positions are hex digits, so `g` comes behind all of them.
    String from = after.map(output -> prefix(output) + "g").orElse("");
    return rows.scan(TABLE, "", from, 1).stream()
        .findFirst()
        .map(row -> row.name().split("/", -1))
        .map(parts -> RepoName.parse(parts[0], parts[1]));
  }

  private static Metadata.Key key(RepoName output, long position) {
    return new Metadata.Key(TABLE, name(output, position));
  }

  private static String name(RepoName output, long position) {
    return prefix(output) + "%016x".formatted(position);
  }

  private static String prefix(RepoName output) {
    return output.key() + "/";
  }

  private static long position(Metadata.Row row) {
    return Long.parseLong(row.name().substring(row.name().lastIndexOf('/') + 1), 16);
  }
}
