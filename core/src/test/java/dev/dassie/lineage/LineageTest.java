package dev.dassie.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.Job;
import dev.dassie.job.Lab;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Design L1.
@Timeout(60)
class LineageTest {
  @TempDir Path folder;
  private Lab lab;
  private Lineage lineage;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    lineage = new Lineage(lab.world.versions, lab.results, lab.recipes());
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private List<Step> why(Job job, String path) {
    List<Step> steps = new ArrayList<>();
    lineage.why(job.name().output(), new FilePath(path)).forEachRemaining(steps::add);
    return steps;
  }

  @Test
  void everyStageIsListedDownToWhatSomebodyPut() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("two", "copy", Lab.files("one", "/*")));
    Commit put = lab.put("in", "a", "1", "b", "2");
    lab.newest("two");
    lab.put("in", "b", "3");
    Job job = lab.newest("two");

    List<Step> steps = why(job, "a");

    assertThat(steps).extracting(Step::depth).containsExactly(0, 1, 2);
    assertThat(steps)
        .extracting(step -> step.file().commit().repo().name())
        .containsExactly("two", "one", "in");
    Step.ByDatum datum = (Step.ByDatum) steps.getFirst().made();
    assertThat(datum.job()).isEqualTo(job.name());
    assertThat(datum.reusedFrom()).map(name -> name.id()).contains(put.name().id());
    assertThat(datum.context().cmd()).containsExactly("copy");
    assertThat(datum.context().env()).isEqualTo(Map.of("LEVEL", "3"));
    assertThat(datum.context().environment().facts()).containsExactly("jvm", "version 1");
    assertThat(datum.context().sandbox()).isEqualTo("none");
    assertThat(datum.inputs()).hasSize(1);
    assertThat(datum.inputs().getFirst().path()).isEqualTo(new FilePath("a"));
    assertThat(datum.tries()).hasSize(1);
    Step.ByPut end = (Step.ByPut) steps.getLast().made();
    assertThat(end.commit()).isEqualTo(put.name());
    assertThat(end.author()).isEqualTo("local:ann");
    assertThat(end.message()).isEqualTo("because");
  }

  @Test
  void aDirectoryIsListedAndThenTheFilesBeneath() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*/")));
    lab.put("in", "d/a", "1", "d/b", "2", "e/c", "3");
    Job job = lab.newest("one");

    List<Step> steps = why(job, "d/a");

    assertThat(steps)
        .extracting(step -> step.file().path().value())
        .containsExactly("d/a", "d", "d/a", "d/b");
    assertThat(steps.get(1).made()).isEqualTo(new Step.OfFiles(2));
  }

  @Test
  void aDiamondIsListedOnce() throws InterruptedException {
    lab.pipeline(Lab.spec("left", "copy", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("right", "copy", Lab.files("in", "/*")));
    lab.executor.code("join", files -> Map.of("x", files.toString()));
    lab.pipeline(
        Lab.spec(
            "both",
            "join",
            new dev.dassie.pipeline.Input.Cross(
                List.of(Lab.files("left", "/*"), Lab.files("right", "/*")))));
    lab.put("in", "a", "1");
    Job job = lab.newest("both");

    List<Step> steps = why(job, "x");

    assertThat(steps)
        .extracting(step -> step.file().commit().repo().name())
        .containsExactly("both", "left", "in", "right");
  }

  @Test
  void everyContributorOfAJoinedFileIsListed() throws InterruptedException {
    lab.executor.code("x", files -> Map.of("x", files.values().iterator().next()));
    lab.pipeline(Lab.concat(Lab.spec("words", "x", Lab.files("in", "/*"))));
    lab.put("in", "a", "1", "b", "2");
    Job job = lab.newest("words");

    List<Step> steps = why(job, "x");

    assertThat(steps).filteredOn(step -> step.made() instanceof Step.ByDatum).hasSize(2);
    assertThat(steps)
        .filteredOn(step -> step.made() instanceof Step.ByPut)
        .extracting(step -> step.file().path().value())
        .containsExactly("a", "b");
  }

  @Test
  void aLongDirectoryEndsWithASentence() throws InterruptedException {
    lab.executor.code("count", files -> Map.of("n", "" + files.size()));
    lab.pipeline(Lab.spec("one", "count", Lab.files("in", "/")));
    List<String> files = new ArrayList<>();
    for (int i = 0; i < Lineage.MAX_BENEATH + 5; i++) {
      files.add("f%03d".formatted(i));
      files.add("" + i);
    }
    lab.put("in", files.toArray(String[]::new));
    Job job = lab.newest("one");

    List<Step> steps = why(job, "n");

    assertThat(steps).hasSize(2 + Lineage.MAX_BENEATH + 1);
    assertThat(((Step.Cut) steps.getLast().made()).sentence()).startsWith("5 more files");
  }

  @Test
  void aFileThatIsNotThereIsNotFound() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    Job job = lab.newest("one");

    assertThatThrownBy(() -> why(job, "nope")).hasMessageContaining("`/nope`");
  }
}
