package dev.dassie.lineage.reason;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.job.Job;
import dev.dassie.job.Lab;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The causes of design L5.
@Timeout(60)
class CausesTest {
  @TempDir Path folder;
  private Lab lab;
  private Causes causes;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    causes = new Causes(lab.world.versions, lab.results, lab.recipes(), lab.executor);
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.executor.code("sum", files -> Map.of("sum", files.toString()));
    lab.pipeline(Lab.spec("two", "sum", Lab.files("one", "/")));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void theFileThatAUserPutIsTheCauseTwoStagesUpstream() throws InterruptedException {
    lab.put("in", "a", "1", "b", "2");
    Job good = lab.newest("two");
    Commit put = lab.put("in", "b", "3");
    Job bad = lab.newest("two");

    List<Causes.Cause> found = causes.between(good.name().output(), bad.name().output());

    assertThat(found).hasSize(1);
    Causes.Cause cause = found.getFirst();
    assertThat(cause.depth()).isEqualTo(2);
    assertThat(cause.after().name()).isEqualTo(put.name());
    assertThat(cause.difference().files().orElseThrow().examples())
        .containsExactly(new Difference.Changed("/b", Difference.Change.CHANGED));
  }

  @Test
  void theCodeOfAStageUpstreamIsTheCause() throws InterruptedException {
    lab.put("in", "a", "1");
    Job good = lab.newest("two");
    lab.executor.code("other", files -> Map.of("z", "z"));
    lab.pipeline(Lab.spec("one", "other", Lab.files("in", "/*")));
    Job bad = lab.newest("two");

    List<Causes.Cause> found = causes.between(good.name().output(), bad.name().output());

    assertThat(found)
        .extracting(cause -> cause.difference().kind())
        .containsExactly(Difference.Kind.COMMAND);
    assertThat(found.getFirst().after().name().repo().name()).isEqualTo("one");
  }

  @Test
  void commitsOfAUserDifferByTheirFiles() {
    Commit good = lab.put("in", "a", "1");
    Commit bad = lab.put("in", "c", "1");

    List<Causes.Cause> found = causes.between(good.name(), bad.name());

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().difference().sentence()).contains("`/c` (added)");
  }
}
