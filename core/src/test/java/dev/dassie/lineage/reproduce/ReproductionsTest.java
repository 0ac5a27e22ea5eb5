package dev.dassie.lineage.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.CodeExecutor;
import dev.dassie.job.Job;
import dev.dassie.job.Lab;
import dev.dassie.job.Reruns;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Design L4.
@Timeout(60)
class ReproductionsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private List<Reproduced> run(Job job, String path) throws InterruptedException {
    Commit commit = lab.world.versions.inspect(job.name().output());
    List<Reproduced> found = new ArrayList<>();
    new Reproductions(
            lab.world.versions,
            lab.results,
            new Reruns(lab.world.versions, lab.recipes(), lab.executor, lab.jobs().grants()))
        .run(commit, new FilePath(path), found::add, () -> {});
    return found;
  }

  private static Reproduced.Summary summary(List<Reproduced> found) {
    return (Reproduced.Summary) found.getLast();
  }

  @Test
  void whatIsTheSameIsIdenticalAndNothingIsRecorded() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    lab.newest("one");
    lab.put("in", "c", "3");
    Job job = lab.newest("one");
    long before = lab.world.metadata.position();
    lab.executor.ran.clear();

    List<Reproduced> found = run(job, "");

    assertThat(summary(found)).isEqualTo(new Reproduced.Summary(3, 3, 0, 0));
    assertThat(summary(found).same()).isTrue();
    assertThat(lab.executor.ran).hasSize(3);
    assertThat(lab.world.metadata.position()).isEqualTo(before);
  }

  @Test
  void theFirstByteThatDiffersIsNamed() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    String same = "x".repeat(300_000);
    lab.executor.code(
        "random",
        files -> Map.of("same", "s", "long", same + runs.incrementAndGet(), "short", "ab"));
    lab.pipeline(Lab.spec("one", "random", Lab.files("in", "/")));
    lab.put("in", "a", "1");
    Job job = lab.newest("one");

    List<Reproduced> found = run(job, "");

    assertThat(summary(found)).isEqualTo(new Reproduced.Summary(1, 2, 1, 0));
    Reproduced.File file =
        found.stream()
            .filter(Reproduced.File.class::isInstance)
            .map(Reproduced.File.class::cast)
            .filter(one -> one.outcome() == Reproduced.Outcome.DIFFERENT)
            .findFirst()
            .orElseThrow();
    assertThat(file.path()).isEqualTo(new FilePath("long"));
    assertThat(file.firstDifference()).contains(300_000L);
  }

  @Test
  void filesThatComeAndGoAndDatumsThatFailAreSaid() throws InterruptedException {
    lab.executor.code("moody", files -> Map.of("old", "x", "cut", "abc"));
    lab.pipeline(Lab.spec("one", "moody", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    Job job = lab.newest("one");

    lab.executor.code("moody", files -> Map.of("new", "x", "cut", "ab"));
    List<Reproduced> other = run(job, "");
    lab.executor.code(
        "moody",
        files -> {
          throw new CodeExecutor.Fails("not today");
        });
    List<Reproduced> failed = run(job, "");

    assertThat(other)
        .filteredOn(Reproduced.File.class::isInstance)
        .extracting(one -> ((Reproduced.File) one).path() + " " + ((Reproduced.File) one).outcome())
        .containsExactly("/cut DIFFERENT", "/old MISSING", "/new ADDED");
    assertThat(((Reproduced.File) other.getFirst()).firstDifference()).contains(2L);
    assertThat(summary(failed)).isEqualTo(new Reproduced.Summary(1, 0, 0, 1));
    assertThat(((Reproduced.Failed) failed.getFirst()).reason()).contains("not today");
  }

  @Test
  void aFileRunsOnlyTheDatumThatWroteIt() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    Job job = lab.newest("one");
    lab.executor.ran.clear();

    List<Reproduced> found = run(job, "a");

    assertThat(lab.executor.ran).hasSize(1);
    assertThat(summary(found)).isEqualTo(new Reproduced.Summary(1, 1, 0, 0));
    assertThatThrownBy(() -> run(job, "nope")).hasMessageContaining("`/nope`");
  }

  @Test
  void anotherEnvironmentIsNamed() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    Job job = lab.newest("one");
    lab.executor.facts(List.of("jvm", "version 2"));

    List<Reproduced> found = run(job, "");

    Reproduced.Surroundings first = (Reproduced.Surroundings) found.getFirst();
    assertThat(first.difference().sentence())
        .isEqualTo("The environment: `version` was `1`, is `2`.");
    assertThat(summary(found).same()).isTrue();
  }

  @Test
  void aCommitThatNobodyComputedIsRefused() {
    Commit put = lab.put("in", "a", "1");

    assertThatThrownBy(() ->
            new Reproductions(
                    lab.world.versions,
                    lab.results,
                    new Reruns(
                        lab.world.versions, lab.recipes(), lab.executor, lab.jobs().grants()))
                .run(put, FilePath.ROOT, one -> {}, () -> {}))
        .hasMessageContaining("a job of a pipeline made");
    assertThat(Optional.of(put).flatMap(Commit::finishedFiles)).isPresent();
  }
}
