package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Checks the records of this room against one another: every record that another one names, or
/// follows from, must be there. Reads page by page, each record in one snapshot with those that it
/// names. Thread-safe.
public final class Consistency {
  private final Metadata metadata;

  public Consistency(Versions versions) {
    this.metadata = versions.metadata();
  }

  /// A record that is missing or wrong.
  ///
  /// @param repo the repo that it concerns; empty for a project
  /// @param commit the commit that it concerns; empty where it is none
  public record Gap(String repo, String commit, String message) {}

  /// Tells every gap.
  public void check(Consumer<Gap> found) {
    for (RecordRule rule : RecordRule.ALL) {
      each(rule, (row, holes) -> holes.forEach(hole -> found.accept(hole.gap())));
    }
  }

  /// Writes anew what is missing and follows from other records, or stands in a commit record among
  /// the tree chunks. Returns how many records that were.
  public long repair(Supplier<Iterator<Digest>> treeChunks, ChunkReader chunks) {
    long[] repaired = {0};
    Set<RecordHole.Lost> lost = new HashSet<>();
    for (RecordRule rule : RecordRule.ALL) {
      each(
          rule,
          (row, holes) -> {
            repaired[0] += follow(rule, row);
            for (RecordHole hole : holes) {
              if (hole.fix() instanceof RecordHole.Lost one && lost.size() < RecordRepair.MAX) {
                lost.add(one);
              }
            }
          });
    }
    if (lost.isEmpty()) {
      return repaired[0];
    }
    long found = new RecordRepair(metadata, lost).run(treeChunks.get(), chunks);
    // A record that came back may be what others follow from, or name more that is lost.
    return found == 0 ? repaired[0] : repaired[0] + found + repair(treeChunks, chunks);
  }

  /// Writes what is missing and follows from a row.
  private long follow(RecordRule rule, Row row) {
    return metadata.write(rows -> {
      long written = 0;
      for (RecordHole hole : holes(rule, rows, row)) {
        if (hole.fix() instanceof RecordHole.Follows follows) {
          rows.put(follows.key(), follows.value());
          written++;
        }
      }
      return written;
    });
  }

  private void each(RecordRule rule, BiConsumer<Row, List<RecordHole>> action) {
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch = metadata.read(rows -> rows.scan(rule.table(), "", from, Snapshot.BATCH));
      for (Row row : batch) {
        List<RecordHole> holes = metadata.read(rows -> holes(rule, rows, row));
        if (!holes.isEmpty()) {
          action.accept(row, holes);
        }
      }
      if (batch.size() < Snapshot.BATCH) {
        return;
      }
      after = batch.getLast().name();
    }
  }

  /// A row that went since has none.
  private static List<RecordHole> holes(RecordRule rule, Metadata.Reader rows, Row row) {
    Optional<byte[]> now = rows.get(new Metadata.Key(rule.table(), row.name()));
    if (now.isEmpty()) {
      return List.of();
    }
    try {
      return rule.look(new Snapshot(rows), new Row(row.name(), now.get()));
    } catch (DassieException e) {
      if (!(e.fault() instanceof Fault.Corrupt)) {
        throw e;
      }
      String message =
          "The record `%s` of the table `%s` is damaged: %s"
              .formatted(row.name(), rule.table(), e.fault().message());
      return List.of(new RecordHole(new Gap("", "", message), new RecordHole.None()));
    }
  }
}
