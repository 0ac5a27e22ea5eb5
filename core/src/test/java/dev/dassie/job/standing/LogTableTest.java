package dev.dassie.job.standing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogTableTest {
  private static final RepoName ONE = new RepoName("default", "one");
  private static final RepoName TWO = new RepoName("default", "two");
  private static final Instant START = Instant.ofEpochMilli(1_000);

  private final Metadata metadata = new MemoryMetadata();

  @Test
  void aRowHasItsGoldenForm() {
    byte[] row = LogTable.encode(START, Instant.ofEpochMilli(300), text("a\n"));

    assertThat(HexFormat.of().formatHex(row)).isEqualTo("01" + "e807" + "ac02" + "02610a");
  }

  @Test
  void theNewestRowsAreKept() {
    for (long position = 0; position < LogTable.ROWS + 3; position++) {
      put(ONE, position, "line " + position + "\n");
    }
    put(TWO, 0, "other\n");

    List<ProcessLine> first = metadata.read(rows -> LogTable.after(rows, ONE, -1));

    assertThat(first.getFirst().line()).isEqualTo("line 3");
    Long last = metadata.read(rows -> LogTable.next(rows, ONE));
    assertThat(last).isEqualTo(LogTable.ROWS + 3);
    List<ProcessLine> end = metadata.read(rows -> LogTable.after(rows, ONE, last - 1));
    assertThat(end).isEmpty();
  }

  @Test
  void pipelinesWithRowsAreFoundOneAfterAnother() {
    put(TWO, 0, "x\n");
    put(ONE, 0, "x\n");
    put(ONE, 1, "y\n");

    assertThat(after(Optional.empty())).contains(ONE);
    assertThat(after(Optional.of(ONE))).contains(TWO);
    assertThat(after(Optional.of(TWO))).isEmpty();
  }

  private Optional<RepoName> after(Optional<RepoName> pipeline) {
    return metadata.read(rows -> LogTable.pipeline(rows, pipeline));
  }

  private void put(RepoName output, long position, String line) {
    boolean _ =
        metadata.write(rows -> {
          LogTable.put(rows, output, position, START, START, text(line));
          return true;
        });
  }

  private static byte[] text(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
