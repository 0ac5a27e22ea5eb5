package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder;
  private final MemoryMetadata metadata = new MemoryMetadata();

  private static Digest key(int number) {
    return Digest.of(ByteBuffer.allocate(4).putInt(number).array());
  }

  private void record(Results results, int from, int to) {
    metadata.write(rows -> {
      for (int i = from; i < to; i++) {
        Result result = new Result(key(i), new Ending.Succeeded(Filesets.EMPTY, List.of()));
        results.record(rows, key(-i), result);
      }
      return true;
    });
  }

  @Test
  void foldedResultsAreFoundAndNoRowPerResultStays() {
    try (Packs packs = new Packs(new MemoryObjectStore(), folder)) {
      Results results = new Results(metadata, packs);
      record(results, 1, 3_000);
      results.fold();
      record(results, 3_000, 3_010);

      assertThat(results.folded()).isEqualTo(2_999);
      assertThat(metadata.<Integer>read(rows -> rows.scan("result", "", "", 10_000).size()))
          .isEqualTo(10);
      for (int i = 1; i < 3_010; i++) {
        assertThat(results.find(key(-i))).map(Result::context).contains(key(i));
      }
      assertThat(results.find(key(5))).isEmpty();
    }
  }

  @Test
  void anotherReaderOfTheSameRowsFindsThem() {
    try (Packs packs = new Packs(new MemoryObjectStore(), folder)) {
      Results first = new Results(metadata, packs);
      record(first, 1, 20);
      first.fold();
      record(first, 20, 30);

      Results second = new Results(metadata, packs);

      assertThat(second.find(List.of(key(-1), key(-25), key(-31))))
          .containsOnlyKeys(key(-1), key(-25));
    }
  }
}
