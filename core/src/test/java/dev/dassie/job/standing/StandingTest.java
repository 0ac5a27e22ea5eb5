package dev.dassie.job.standing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.job.PipelineRecipes;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Running;
import dev.dassie.pipeline.Secrets;
import dev.dassie.pipeline.Specs;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandingTest {
  private static final RepoName INTAKE = new RepoName("default", "intake");
  private static final BranchName OUTPUT = new BranchName(INTAKE, "master");
  private static final Pace FAST =
      new Pace(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofHours(1));

  @TempDir Path folder;
  private World world;
  private Pipelines pipelines;
  private final Stage stage = new Stage();
  private final Badges badges = new Badges();
  private Standing standing;

  /// Tokens that are good now.
  private static final class Badges implements Host.Tokens {
    private final Set<String> good = ConcurrentHashMap.newKeySet();

    @Override
    public String issue(RepoName output) {
      String token = output.key() + "#" + good.size();
      good.add(token);
      return token;
    }

    @Override
    public void revoke(String token) {
      good.remove(token);
    }
  }

  @BeforeEach
  void open() {
    world = new World(folder);
    pipelines = new Pipelines(world.versions, new Random(7));
    standing = started(FAST);
  }

  @AfterEach
  void close() {
    standing.close();
  }

  private Standing started(Pace pace) {
    PipelineRecipes recipes =
        new PipelineRecipes(
            pipelines, new Secrets(world.versions, folder.resolve("secret.key")), DatumLimit.NONE);
    Standing fresh = new Standing(world.versions, pipelines, recipes, stage, pace);
    fresh.start(new Host(URI.create("http://127.0.0.1:1"), "127.0.0.1", badges));
    return fresh;
  }

  @Test
  void aSpoutRunsWithATokenThatIsGoodAsLongAsItsProcess() throws InterruptedException {
    create();

    Stage.Actor actor = stage.next();

    Map<String, String> env = actor.task().env();
    assertThat(env).containsEntry("DASSIE_URL", "http://127.0.0.1:1");
    assertThat(badges.good).containsExactly(env.get("DASSIE_TOKEN"));
    assertThat(standing.status(INTAKE).orElseThrow().state()).isEqualTo(Status.State.RUNNING);
    pipelines.stop(World.ANN, "default", "intake");
    actor.gone().join();
    until(badges.good::isEmpty);
  }

  @Test
  void oneThatEndsIsStartedAgainAfterPausesThatGrow() throws InterruptedException {
    create();

    stage.next().exit(0);
    stage.next().exit(7);
    Stage.Actor third = stage.next();

    assertThat(standing.status(INTAKE).orElseThrow().restarts()).isEqualTo(2);
    assertThat(third.gone()).isNotDone();
    Pace pace = Pace.USUAL;
    assertThat(List.of(pace.after(1), pace.after(2), pace.after(5), pace.after(1_000_000)))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 16L, 60L);
  }

  @Test
  void whileItWaitsItsStateSaysWhyAndUntilWhen() throws InterruptedException {
    standing.close();
    Duration hour = Duration.ofHours(1);
    standing = started(new Pace(hour, hour, hour));
    create();

    stage.next().exit(7);

    until(() -> standing.status(INTAKE).orElseThrow().state() == Status.State.WAITING);
    assertThat(standing.status(INTAKE).orElseThrow().reason())
        .isEqualTo("The code ended with exit code 7; it starts again 3600 s later.");
  }

  @Test
  void aStoppedPipelineHasNoProcessAndAStartedOneHasOneAgain() throws InterruptedException {
    create();
    Stage.Actor first = stage.next();

    pipelines.stop(World.ANN, "default", "intake");
    first.gone().join();
    until(() -> standing.status(INTAKE).isEmpty());
    pipelines.start(World.ANN, "default", "intake");

    assertThat(stage.next().gone()).isNotDone();
  }

  @Test
  void anUpdateReplacesTheProcessAndTheOldOneIsGoneFirst() throws InterruptedException {
    create();
    Stage.Actor first = stage.next();

    pipelines.update(World.ANN, List.of(draft()), false);
    Stage.Actor second = stage.next();

    assertThat(first.gone()).isDone();
    assertThat(second.task().env().get("PPS_SPEC_COMMIT"))
        .isEqualTo(pipelines.inspect("default", "intake").specCommit().id().value());
  }

  @Test
  void aServerThatStartsAgainStartsTheProcesses() throws InterruptedException {
    create();
    Stage.Actor first = stage.next();

    standing.close();
    first.gone().join();
    standing = started(FAST);

    assertThat(stage.next().gone()).isNotDone();
  }

  @Test
  void whatItWritesIsStoredLineByLineAndGoesWithThePipeline() throws InterruptedException {
    create();
    Stage.Actor actor = stage.next();

    actor.write("one\ntw");
    actor.write("o\nrest");
    until(() -> lines().size() == 2);
    actor.exit(3);

    until(() -> lines().size() == 4);
    assertThat(lines())
        .containsExactly("one", "two", "rest", "[dassie: The code ended with exit code 3.]");
  }

  @Test
  void aDeletedPipelineLeavesNoOutput() throws InterruptedException {
    create();
    stage.next().write("one\n");
    until(() -> lines().size() == 1);

    pipelines.delete(World.ANN, "default", "intake", false);

    until(() -> lines().isEmpty());
  }

  @Test
  void aCommitThatTheProcessLeavesOpenFails() throws InterruptedException {
    create();
    Stage.Actor first = stage.next();
    Call spout = new Call(Call.principalOf(INTAKE), "");
    Commit open = world.versions.change(spout, change -> change.startCommit(OUTPUT));

    first.exit(1);
    stage.next();

    Commit ended = world.versions.inspect(open.name());
    assertThat(ended.state())
        .isInstanceOfSatisfying(
            Commit.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo("The process that wrote it ended."));
  }

  @Test
  void itsCommitsNameTheSpecAndNobodyElseMakesThem() {
    Pipeline intake = create();
    Call spout = new Call(Call.principalOf(INTAKE), "");

    Commit commit = world.versions.change(spout, change -> change.startCommit(OUTPUT));

    assertThat(commit.provenance())
        .containsExactly(new Commit.Source(intake.specCommit(), "master"));
    assertThatThrownBy(() -> world.versions.change(World.ANN, change -> change.startCommit(OUTPUT)))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("is written by the pipeline `intake`");
    BranchName aside = new BranchName(INTAKE, "aside");
    assertThatThrownBy(() -> world.versions.change(spout, change -> change.startCommit(aside)))
        .hasMessage("`pipeline:default/intake` may not write `intake@aside`.");
  }

  private Pipeline create() {
    return pipelines.create(World.ANN, List.of(draft())).getFirst();
  }

  private static Draft draft() {
    PipelineSpec spec =
        Specs.spec("intake", Input.none()).with(new Running.Spout(Optional.empty()));
    return new Draft(spec, "text", Optional.empty(), Optional.empty());
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    standing.lines(INTAKE, -1).forEach(line -> lines.add(line.line()));
    return lines;
  }

  /// Waits for a condition that another thread brings about.
  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited for a minute");
      }
      Thread.onSpinWait();
    }
  }
}
