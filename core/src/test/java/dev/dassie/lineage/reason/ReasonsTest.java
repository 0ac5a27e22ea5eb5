package dev.dassie.lineage.reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.job.CodeExecutor;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Lab;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import dev.dassie.version.gather.Gathering;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Design D11.
@Timeout(60)
class ReasonsTest {
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

  private Gathering gathering() {
    return new Gathering(lab.world.versions, lab.world.files);
  }

  private Reasons reasons() {
    return new Reasons(
        lab.world.versions,
        new Pipelines(lab.world.versions, new Random(1)),
        lab.jobs(),
        lab.results,
        lab.recipes(),
        lab.executor,
        gathering(),
        output -> Optional.empty());
  }

  private String datum(Job job, String path) {
    return lab.jobs().datums(job.name(), java.util.Optional.empty(), "", 100).items().stream()
        .filter(view -> view.inputs().getFirst().path().value().equals(path))
        .findFirst()
        .orElseThrow()
        .id();
  }

  @Test
  void theFileThatChangedIsWhyAJobRan() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    Job first = lab.newest("edges");
    Commit put = lab.put("in", "b", "3");
    Job job = lab.newest("edges");

    Answer answer = reasons().job(job.name());

    assertThat(answer.comparedWith()).contains(first.name());
    assertThat(answer.changes()).hasSize(1);
    Difference change = answer.changes().getFirst();
    assertThat(change.kind()).isEqualTo(Difference.Kind.INPUT);
    assertThat(change.files().orElseThrow().examples())
        .containsExactly(new Difference.Changed("/b", Difference.Change.CHANGED));
    assertThat(answer.sentences().getFirst())
        .contains(first.name().toString(), "input `in`: 1 file changed, `/b` (changed)");
    assertThat(answer.causes()).extracting(Commit::name).containsExactly(put.name());
    assertThat(answer.results()).containsExactly(new Answer.Reused(first.name(), 1));
  }

  @Test
  void aDatumSaysWhichOfItsFilesChangedOrWhoseResultItHas() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    Job first = lab.newest("edges");
    lab.put("in", "b", "3", "c", "4");
    Job job = lab.newest("edges");

    Answer changed = reasons().datum(job.name(), datum(job, "b"));
    Answer added = reasons().datum(job.name(), datum(job, "c"));
    Answer skipped = reasons().datum(job.name(), datum(job, "a").substring(0, 8));

    assertThat(changed.sentences().getFirst()).contains("`/b` (changed)");
    assertThat(changed.changes())
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.INPUT);
    assertThat(added.sentences().getFirst()).contains("it is new");
    assertThat(added.changes().getFirst().sentence()).contains("`/c` (added)");
    assertThat(skipped.state()).isEqualTo("skipped");
    assertThat(skipped.sentences().getFirst()).contains(first.name().toString());
    assertThat(skipped.results()).containsExactly(new Answer.Reused(first.name(), 1));
  }

  @Test
  void anUpdateOfTheCodeIsWhyEveryDatumRan() throws InterruptedException {
    lab.executor.code("again", files -> Map.of("x" + files.hashCode(), "y"));
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    lab.newest("edges");
    lab.pipeline(Lab.spec("edges", "again", Lab.files("in", "/*")));
    Job job = lab.newest("edges");

    Answer answer = reasons().job(job.name());
    Answer datum = reasons().datum(job.name(), datum(job, "a"));

    assertThat(answer.changes())
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.COMMAND);
    assertThat(datum.sentences().getFirst()).contains("The command was `copy`, is `again`.");
  }

  @Test
  void aDatumThatFailedBeforeRunsAgainBecauseItFailed() throws InterruptedException {
    lab.executor.code(
        "fussy",
        files -> {
          throw new CodeExecutor.Recovers();
        });
    lab.pipeline(Lab.spec("edges", "fussy", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    lab.newest("edges");
    lab.executor.code("fussy", files -> Map.of("x", "y"));
    lab.put("in", "b", "1");
    lab.executor.code("fussy", files -> Map.of(files.keySet().iterator().next(), "y"));
    Job job = lab.newest("edges");

    Answer datum = reasons().datum(job.name(), datum(job, "a"));

    assertThat(datum.sentences().getFirst()).contains("had not succeeded");
  }

  @Test
  void aJobWaitsForTheCommitThatIsOpenAndSaysWhose() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("montage", "copy", Lab.files("edges", "/*")));
    Commit open =
        lab.world.versions.change(
            Lab.ANN,
            change -> change.startCommit(new BranchName(new RepoName("default", "in"), "master")));
    JobName edges = lab.newestName("edges");
    JobName montage = lab.newestName("montage");

    Answer first = reasons().job(edges);
    Answer second = reasons().job(montage);

    assertThat(first.state()).isEqualTo("waiting");
    assertThat(first.blockers().getFirst().commit()).contains(open.name());
    assertThat(first.blockers().getFirst().sentence())
        .contains("local:ann", "dassie finish commit");
    assertThat(second.blockers().getFirst().job()).contains(edges);
    assertThat(second.blockers().getFirst().kind()).isEqualTo(Blocker.Kind.OPEN_COMMIT);
    assertThat(reasons().about("default", "in@master").getFirst().blockers()).hasSize(1);
    assertThat(reasons().about("default", open.name().id().value())).hasSize(2);
  }

  @Test
  void aJobWaitsForTheComputationThatAnotherRuns() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    lab.executor.code(
        "slow",
        files -> {
          begun.countDown();
          go.await();
          return Map.of("x", "y");
        });
    lab.pipeline(Lab.spec("one", "slow", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("two", "slow", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    begun.await();
    JobName one = lab.newestName("one");
    JobName two = lab.newestName("two");
    lab.until(() -> held(one) || held(two));
    JobName waits = held(one) ? one : two;
    JobName runs = held(one) ? two : one;

    Answer answer = reasons().job(waits);
    String id = datum(lab.jobs().inspect(waits), "a");
    Answer datum = reasons().datum(waits, id);
    Answer other = reasons().datum(runs, id);
    go.countDown();

    assertThat(answer.blockers()).hasSize(1);
    assertThat(answer.blockers().getFirst().kind()).isEqualTo(Blocker.Kind.SAME_COMPUTATION);
    assertThat(answer.blockers().getFirst().job()).contains(runs);
    assertThat(datum.blockers().getFirst().job()).contains(runs);
    assertThat(other.sentences().getFirst()).isEqualTo("It runs now.");
    assertThat(other.blockers()).isEmpty();
    lab.ended(waits);
  }

  private boolean held(JobName job) {
    return lab.jobs()
        .held(job)
        .filter(dev.dassie.job.Pending.Elsewhere.class::isInstance)
        .isPresent();
  }

  @Test
  void anUnrunnableJobNamesTheJobThatFailed() throws InterruptedException {
    lab.executor.code(
        "fails",
        files -> {
          throw new CodeExecutor.Fails("no luck");
        });
    lab.pipeline(Lab.spec("one", "fails", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("two", "copy", Lab.files("one", "/*")));
    lab.pipeline(Lab.spec("three", "copy", Lab.files("two", "/*")));
    lab.put("in", "a", "1");
    Job one = lab.newest("one");
    Job three = lab.newest("three");

    Answer answer = reasons().job(three.name());
    Answer failed = reasons().job(one.name());

    assertThat(answer.state()).isEqualTo("unrunnable");
    assertThat(answer.sentences().getLast()).contains(one.name().toString(), "no luck");
    assertThat(failed.failures()).hasSize(1);
    assertThat(failed.failures().getFirst().reason()).contains("no luck");
  }

  @Test
  void aBranchWithoutCommitSaysWhichInputIsEmpty() {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));

    Answer answer = reasons().about("default", "edges@master").getFirst();

    assertThat(answer.state()).isEqualTo("empty");
    assertThat(answer.blockers()).extracting(Blocker::kind).containsExactly(Blocker.Kind.NO_DATA);
    assertThat(answer.blockers().getFirst().sentence()).contains("`in@master`");
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> reasons().about("default", "nope")).hasMessageContaining("`nope`");
    assertThatThrownBy(() -> reasons().about("default", "0".repeat(32)))
        .hasMessageContaining("job or commit set");
    assertThatThrownBy(() -> reasons().about("default", "in@nope")).hasMessageContaining("nope");
  }
}
