package dev.dassie.lineage.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.job.Forecast;
import dev.dassie.job.Job;
import dev.dassie.job.Lab;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.Merges;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Design L3.
@Timeout(60)
class PlansTest {
  private static final BranchName IN = branch("in", "master");

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

  private static BranchName branch(String repo, String name) {
    return new BranchName(new RepoName("default", repo), name);
  }

  private Plans plans() {
    return new Plans(
        lab.world.versions,
        new Pipelines(lab.world.versions, new Random(1)),
        new Merges(lab.world.versions),
        lab.results,
        lab.recipes(),
        lab.executor);
  }

  private Outlook head(Commit commit) {
    long before = lab.world.metadata.position();
    Outlook outlook = plans().branch(Lab.ANN, IN, change -> commit.name());
    assertThat(lab.world.metadata.position()).isEqualTo(before);
    return outlook;
  }

  private void chain() {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.executor.code("sum", files -> Map.of("sum", files.toString()));
    lab.pipeline(Lab.spec("two", "sum", Lab.files("one", "/")));
  }

  @Test
  void goingBackToWhatWasComputedRunsNothingInAllStages() throws InterruptedException {
    chain();
    Commit first = lab.put("in", "a", "1", "b", "2");
    lab.newest("two");
    lab.put("in", "b", "3", "c", "4");
    lab.newest("two");

    Outlook outlook = head(first);

    assertThat(outlook.work()).isFalse();
    assertThat(outlook.pipelines()).hasSize(2);
    Forecast one = outlook.pipelines().getFirst().forecast();
    assertThat(one.datums()).contains(new Forecast.Numbers(2, 0, 2, 1));
    assertThat(outlook.pipelines().getLast().forecast().datums())
        .contains(new Forecast.Numbers(1, 0, 1, 0));
    assertThat(outlook.pipelines().getFirst().changes().getFirst().files().orElseThrow().count())
        .isEqualTo(2);
    lab.world.versions.change(
        Lab.ANN,
        change -> change.createBranch(IN, Optional.of(first.name()), List.of(), Optional.empty()));
    assertThat(lab.newest("one").datums()).isEqualTo(new Job.Counts(2, 0, 2, 0, 0));
    assertThat(lab.newest("two").datums()).isEqualTo(new Job.Counts(1, 0, 1, 0, 0));
  }

  @Test
  void whatIsNewRunsAndWhatReadsItIsNotKnown() throws InterruptedException {
    chain();
    lab.put("in", "a", "1", "b", "2");
    lab.newest("two");
    BranchName draft = branch("in", "draft");
    lab.world.versions.change(
        Lab.ANN,
        change ->
            change.createBranch(
                draft, Optional.of(change.head(IN).orElseThrow()), List.of(), Optional.empty()));
    Commit staged = lab.putOn(draft, "b", "9", "c", "3");

    Outlook outlook = head(staged);

    assertThat(outlook.work()).isTrue();
    Forecast one = outlook.pipelines().getFirst().forecast();
    assertThat(one.datums()).contains(new Forecast.Numbers(3, 2, 1, 0));
    assertThat(one.examples())
        .extracting(Forecast.Example::files)
        .containsExactly(List.of("in:/b"), List.of("in:/c"));
    assertThat(one.datum()).isPresent();
    assertThat(one.estimate()).isPresent();
    Forecast two = outlook.pipelines().getLast().forecast();
    assertThat(two.datums()).isEmpty();
    assertThat(two.atMost()).contains(1L);
    assertThat(two.now()).isEqualTo(1);
  }

  @Test
  void aMergeIsPlannedAsItWouldBeMade() throws InterruptedException {
    chain();
    lab.put("in", "a", "1");
    lab.newest("two");
    BranchName draft = branch("in", "draft");
    lab.world.versions.change(
        Lab.ANN,
        change ->
            change.createBranch(
                draft, Optional.of(change.head(IN).orElseThrow()), List.of(), Optional.empty()));
    Commit staged = lab.putOn(draft, "b", "2");
    lab.put("in", "c", "3");
    lab.newest("two");

    Outlook outlook =
        plans().merge(Lab.ANN, IN, staged.name(), "draft", new Choices(Optional.empty(), Map.of()));

    assertThat(outlook.pipelines().getFirst().forecast().datums())
        .contains(new Forecast.Numbers(3, 1, 2, 0));
    assertThat(lab.world.versions.resolve("default", "in@master").message()).isEqualTo("because");
  }

  @Test
  void theSameHeadNeedsNothing() throws InterruptedException {
    chain();
    Commit put = lab.put("in", "a", "1");
    lab.newest("two");

    Outlook outlook = head(put);

    assertThat(outlook.work()).isFalse();
  }

  @Test
  void aJobThatWouldFailSaysWhy() throws InterruptedException {
    lab.executor.code("same", files -> Map.of("x" + files.values().iterator().next(), "y"));
    lab.pipeline(Lab.spec("one", "same", Lab.files("in", "/*")));
    Commit first = lab.put("in", "a", "1");
    lab.newest("one");
    lab.delete("in", "a");
    lab.put("in", "b", "1");
    lab.newest("one");
    BranchName draft = branch("in", "draft");
    lab.world.versions.change(
        Lab.ANN,
        change ->
            change.createBranch(draft, Optional.of(first.name()), List.of(), Optional.empty()));
    Commit both = lab.putOn(draft, "b", "1");

    Outlook outlook = head(both);

    assertThat(outlook.work()).isTrue();
    assertThat(outlook.pipelines().getFirst().forecast().problem().orElseThrow())
        .contains("Two datums");
  }

  @Test
  void aCommitThatIsNotThereIsRefused() {
    assertThatThrownBy(() ->
            plans()
                .branch(
                    new Call("local:ann", ""),
                    IN,
                    change -> change.resolve("default", "in@nope").name()))
        .hasMessageContaining("nope");
  }
}
