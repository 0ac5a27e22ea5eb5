package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.metadata.Metadata;
import dev.dassie.version.Consistency.Gap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Records of jobs that are missing are found, and come back where they follow from others.
@Timeout(60)
class JobConsistencyTest {
  @TempDir Path folder;

  private static List<Gap> check(JobConsistency records) {
    List<Gap> gaps = new ArrayList<>();
    records.check(gaps::add);
    return gaps;
  }

  @Test
  void missingRowsOfIndexesAreFoundAndWrittenAnew() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
      lab.put("in", "a", "1");
      Job job = lab.newest("edges");
      Metadata metadata = lab.world.metadata;
      JobConsistency records = new JobConsistency(metadata);
      assertThat(check(records)).isEmpty();
      List<Metadata.Key> index = JobTable.index(job);
      Map<String, byte[]> before =
          Map.of(
              index.get(0).table(), metadata.read(rows -> rows.get(index.get(0)).orElseThrow()),
              index.get(1).table(), metadata.read(rows -> rows.get(index.get(1)).orElseThrow()));
      delete(metadata, index);

      assertThat(check(records))
          .hasSize(2)
          .allSatisfy(gap -> {
            assertThat(gap.repo()).isEqualTo("default/edges");
            assertThat(gap.commit()).isEqualTo(job.name().id().value());
            assertThat(gap.message()).contains("is missing from the index `job_by_");
          });
      assertThat(records.repair()).isEqualTo(2);

      assertThat(check(records)).isEmpty();
      for (Metadata.Key key : index) {
        byte[] now = metadata.read(rows -> rows.get(key).orElseThrow());
        assertThat(now).isEqualTo(before.get(key.table()));
      }
      delete(metadata, List.of(new Metadata.Key(JobTable.JOB, job.name().key())));
      assertThat(check(records))
          .extracting(Gap::message)
          .containsExactly(
              "The job `" + job.name() + "` is in the list of jobs and has no record.");
    }
  }

  private static void delete(Metadata metadata, List<Metadata.Key> keys) {
    boolean _ =
        metadata.write(rows -> {
          keys.forEach(rows::delete);
          return true;
        });
  }
}
