package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    lab.put("in", "a", "1", "b", "2", "c", "3");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static PipelineSpec spec(String code) {
    return Lab.spec("try", code, Lab.files("in", "/*"));
  }

  private List<Trial.Outcome> run(PipelineSpec now, Optional<PipelineSpec> before, long most)
      throws InterruptedException {
    Trials.Request request =
        new Trials.Request(
            new Trials.Version(now, Optional.empty()),
            before.map(spec -> new Trials.Version(spec, Optional.empty())),
            most,
            "local:ann");
    try (Trial trial = lab.trials().run(request)) {
      List<Trial.Outcome> outcomes = all(trial);
      summary = trial.summary();
      return outcomes;
    }
  }

  private Trial.Summary summary = new Trial.Summary(Job.Counts.NONE, false, 0, List.of());

  private static List<Trial.Outcome> all(Trial trial) throws InterruptedException {
    List<Trial.Outcome> outcomes = new ArrayList<>();
    while (!trial.ended()) {
      trial.next(Duration.ofMillis(100)).ifPresent(outcomes::add);
    }
    return outcomes;
  }

  @Test
  void aPipelineReusesWhatATrialComputed() throws Exception {
    List<Trial.Outcome> outcomes = run(spec("copy"), Optional.empty(), Long.MAX_VALUE);
    lab.pipeline(spec("copy"));
    Job job = lab.newest("try");

    assertThat(outcomes).hasSize(3).allMatch(one -> one.state() == DatumView.State.SUCCESS);
    assertThat(job.datums()).isEqualTo(new Job.Counts(3, 0, 3, 0, 0));
    assertThat(lab.executor.ran).hasSize(3);
    assertThat(lab.read("try")).containsOnlyKeys("a", "b", "c");
    assertThat(lab.jobs().datums(job.name(), Optional.empty(), "", 10).items())
        .hasSize(3)
        .allMatch(datum -> datum.madeBy().isEmpty());
  }

  @Test
  void aTrialLeavesNoCommitAndNoJob() throws Exception {
    long position = lab.world.metadata.position();

    List<Trial.Outcome> _ = run(spec("copy"), Optional.empty(), Long.MAX_VALUE);

    assertThat(lab.world.metadata.position()).isEqualTo(position);
    assertThat(lab.jobs().live(10)).isEmpty();
  }

  @Test
  void onlyWhatChangedRunsAgainAndIsComparedWithTheCodeBefore() throws Exception {
    PipelineSpec first = spec("copy");
    PipelineSpec second = first.withSalt("other");
    List<Trial.Outcome> _ = run(first, Optional.empty(), Long.MAX_VALUE);
    List<Trial.Outcome> again = run(first, Optional.of(first), Long.MAX_VALUE);
    Trial.Summary nothing = summary;
    List<Trial.Outcome> changed = run(second, Optional.of(first), Long.MAX_VALUE);

    assertThat(again).isEmpty();
    assertThat(nothing.datums()).isEqualTo(new Job.Counts(3, 0, 3, 0, 0));
    assertThat(changed).hasSize(3).allMatch(one -> one.last().equals(one.output()));
  }

  @Test
  void aSampleIsTheFirstDatums() throws Exception {
    List<Trial.Outcome> outcomes = run(spec("copy"), Optional.empty(), 2);

    assertThat(outcomes).hasSize(2);
    assertThat(summary.more()).isTrue();
    assertThat(summary.datums().total()).isEqualTo(2);
  }

  @Test
  void failuresAreToldAndNotRecorded() throws Exception {
    lab.executor.code(
        "picky",
        files -> {
          if (files.containsKey("in/b")) {
            throw new CodeExecutor.Fails("b is not good");
          }
          return Map.of();
        });

    List<Trial.Outcome> first = run(spec("picky"), Optional.empty(), Long.MAX_VALUE);
    List<Trial.Outcome> second = run(spec("picky"), Optional.empty(), Long.MAX_VALUE);

    assertThat(first).filteredOn(one -> one.state() == DatumView.State.FAILED).hasSize(1);
    assertThat(second)
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).isEqualTo("b is not good"));
  }

  @Test
  void closingEndsWhatRuns() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    lab.executor.code(
        "endless",
        files -> {
          inside.countDown();
          never.await();
          return Map.of();
        });
    Trial trial =
        lab.trials()
            .run(
                new Trials.Request(
                    new Trials.Version(spec("endless"), Optional.empty()),
                    Optional.empty(),
                    1,
                    "local:ann"));
    inside.await();

    trial.close();
    lab.executor.code("endless", files -> Map.of());

    assertThat(run(spec("endless"), Optional.empty(), 1)).hasSize(1);
  }

  @Test
  void aRepoThatIsNotThereIsRefusedWithTheNearest() {
    PipelineSpec wrong = Lab.spec("try", "copy", Lab.files("im", "/*"));

    assertThatThrownBy(() -> run(wrong, Optional.empty(), 1))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("`im`");
  }

  @Test
  void aDatumOfAJobRunsAgainAndNothingIsRecorded() throws Exception {
    lab.executor.code(
        "picky",
        files -> {
          throw new CodeExecutor.Fails("no");
        });
    lab.pipeline(spec("picky"));
    Job job = lab.newest("try");
    String id = lab.jobs().datums(job.name(), Optional.empty(), "", 1).items().getFirst().id();
    lab.executor.code("picky", files -> Map.of("out", "fine"));

    List<Trial.Outcome> outcomes;
    try (Trial trial = lab.trials().again(job.name(), id.substring(0, 8), "local:ann")) {
      outcomes = all(trial);
    }

    assertThat(outcomes)
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(DatumView.State.SUCCESS));
    assertThat(lab.jobs().datum(job.name(), id).state()).isEqualTo(DatumView.State.FAILED);
    assertThat(lab.results.folded()).isZero();
  }
}
