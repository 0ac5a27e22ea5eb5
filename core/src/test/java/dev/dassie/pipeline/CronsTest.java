package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Alarms;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import dev.dassie.version.Timer;
import dev.dassie.version.World;
import dev.dassie.version.trigger.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The clock of the tests stands at 10:00 and moves a millisecond at each look.
final class CronsTest {
  private static final Call ANN = World.ANN;

  @TempDir Path folder;
  private World world;
  private Pipelines pipelines;
  private Crons crons;
  private Timer timer;

  @BeforeEach
  void open() {
    world = new World(folder);
    pipelines = new Pipelines(world.versions, new Random(7));
    restart();
  }

  /// What a new server has.
  private void restart() {
    crons = new Crons(world.versions, pipelines);
    timer = new Timer(world.versions, Map.of(Crons.ALARM, crons::ring));
  }

  private static Input.Files ticking(
      String repo, String schedule, String start, boolean overwrite) {
    Optional<Instant> from = start.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(start));
    return new Input.Files(
        "tick",
        Specs.master(repo),
        "/*",
        false,
        false,
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Starts.ticking(new Cron(Schedule.parse(schedule), from, overwrite)));
  }

  private Pipeline create(String name, Input input) {
    return pipelines.create(ANN, List.of(draft(name, input))).getFirst();
  }

  private static Draft draft(String name, Input input) {
    return new Draft(Specs.spec(name, input), "text", Optional.empty(), Optional.empty());
  }

  private void pass(String time) {
    world.clock.pass(Duration.parse(time));
    assertThat(timer.ring()).isTrue();
  }

  private List<Commit> commits(String repo) {
    Page<Commit> page =
        world.versions.commits(new RepoName("default", repo), commit -> true, "", 5_000);
    return page.items().reversed();
  }

  private List<String> files(String repo) {
    Commit head = world.versions.newestFinished(Specs.master(repo)).orElseThrow();
    Iterator<Entry> entries =
        new Filesets(world.chunks).list(head.finishedFiles().orElseThrow(), FilePath.ROOT, "");
    List<String> names = new ArrayList<>();
    entries.forEachRemaining(entry -> names.add(entry.path().value()));
    return names;
  }

  @Test
  void aTickIsOneCommitWithAnEmptyFileNamedByItsTimeAndOneCommitSet() {
    create("scrape", ticking("scrape_tick", "@every 10m", "", false));

    pass("PT9M");
    assertThat(commits("scrape_tick")).isEmpty();
    pass("PT1M");
    pass("PT10M");

    assertThat(files("scrape_tick"))
        .containsExactly("2026-11-21T10:10:00Z", "2026-11-21T10:20:00Z");
    List<Commit> ticks = commits("scrape_tick");
    assertThat(ticks).hasSize(2);
    assertThat(ticks.getFirst().author()).isEqualTo("system");
    assertThat(ticks.getFirst().message()).isEqualTo("tick of `@every 10m`");
    List<Commit> set = world.versions.set(ticks.getFirst().name().id());
    assertThat(set)
        .extracting(commit -> commit.name().repo().name())
        .containsExactly("scrape_tick", "scrape");
  }

  @Test
  void aTickThatOverwritesLeavesOnlyItself() {
    create("scrape", ticking("scrape_tick", "@hourly", "", true));

    pass("PT1H");
    pass("PT1H");

    assertThat(files("scrape_tick")).containsExactly("2026-11-21T12:00:00Z");
    assertThat(commits("scrape_tick")).hasSize(2);
  }

  @Test
  void ticksOfATimeWithoutAServerComeWhenOneRunsAndNoneTwice() {
    create("scrape", ticking("scrape_tick", "0 * * * *", "", false));
    world.clock.pass(Duration.ofHours(3));
    restart();

    assertThat(timer.ring()).isTrue();
    assertThat(timer.ring()).isTrue();
    restart();
    assertThat(timer.ring()).isTrue();

    assertThat(files("scrape_tick"))
        .containsExactly("2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z");
    assertThat(commits("scrape_tick")).hasSize(3);
    assertThat(commits("scrape")).hasSize(3);
  }

  @Test
  void anAlarmThatIsRungTwiceTicksOnce() {
    create("scrape", ticking("scrape_tick", "@hourly", "", false));
    world.clock.pass(Duration.ofHours(1));
    Alarms.Alarm alarm =
        new Alarms.Alarm(Crons.ALARM, "default/scrape_tick", Instant.parse("2026-11-21T11:00:00Z"));

    crons.ring(alarm);
    crons.ring(alarm);

    assertThat(commits("scrape_tick")).hasSize(1);
  }

  @Test
  void afterALongTimeOnlyTheNewestTicksComeAndOfThoseThatOverwriteOnlyTheLast() {
    create("scrape", ticking("scrape_tick", "@every 1m", "", false));
    create("newest", ticking("newest_tick", "@every 1m", "", true));

    pass("P400D");

    assertThat(commits("scrape_tick")).hasSize(CronWork.MOST_MISSED);
    assertThat(commits("newest_tick")).hasSize(1);
    assertThat(files("newest_tick")).containsExactly("2027-12-26T10:00:00Z");
    assertThat(files("scrape_tick").getLast()).isEqualTo("2027-12-26T10:00:00Z");
  }

  @Test
  void aStartInThePastTicksForItAndOneTooLongAgoIsRefused() {
    create("scrape", ticking("scrape_tick", "@hourly", "2026-11-21T07:30:00Z", false));
    create("later", ticking("later_tick", "@hourly", "2026-11-21T12:30:00Z", false));

    pass("PT1M");

    assertThat(files("scrape_tick"))
        .containsExactly("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z");
    assertThat(commits("later_tick")).isEmpty();
    assertThatThrownBy(
            () -> create("old", ticking("old_tick", "@every 10s", "2025-11-21T00:00:00Z", false)))
        .hasMessage(
            "`start` of the cron input `tick` is `2025-11-21T00:00:00Z`, expected a time since which `@every 10s` has at most 1,000 ticks.");
  }

  @Test
  void runCronTicksAllInputsInOneCommitSetAndLeavesTheClocksAlone() {
    Input other =
        new Input.Files(
            "tock",
            Specs.master("scrape_tock"),
            "/*",
            false,
            false,
            false,
            Optional.empty(),
            false,
            Optional.empty(),
            Starts.ticking(new Cron(Schedule.parse("@never"), Optional.empty(), false)));
    create("scrape", new Input.Cross(List.of(ticking("scrape_tick", "@hourly", "", false), other)));
    world.clock.pass(Duration.ofMinutes(5));

    List<Commit> made =
        crons.run(new Call("local:ann", "", Optional.of("key")), "default", "scrape");
    List<Commit> again =
        crons.run(new Call("local:ann", "", Optional.of("key")), "default", "scrape");
    pass("PT55M");

    CommitId set = made.getFirst().name().id();
    assertThat(again).isEqualTo(made);
    assertThat(world.versions.set(set))
        .extracting(commit -> commit.name().repo().name())
        .containsExactly("scrape_tick", "scrape_tock", "scrape");
    assertThat(made.getFirst().author()).isEqualTo("local:ann");
    assertThat(files("scrape_tick"))
        .containsExactly("2026-11-21T10:05:00Z", "2026-11-21T11:00:00Z");
    assertThat(files("scrape_tock")).containsExactly("2026-11-21T10:05:00Z");
  }

  @Test
  void twoTicksThatAPersonMakesInOneSecondAreTwoFiles() {
    create("scrape", ticking("scrape_tick", "@never", "", false));
    create("again", ticking("again_tick", "@never", "", true));

    for (String name : List.of("scrape", "scrape", "again", "again")) {
      List<Commit> _ = crons.run(ANN, "default", name);
    }

    assertThat(files("scrape_tick")).hasSize(2).contains("2026-11-21T10:00:00Z");
    assertThat(files("again_tick")).hasSize(1).doesNotContain("2026-11-21T10:00:00Z");
  }

  @Test
  void aStoppedPipelineDoesNotTickAndGoesOnFromItsStart() {
    Pipeline scrape = create("scrape", ticking("scrape_tick", "@hourly", "", false));
    pipelines.stop(ANN, "default", "scrape");
    pass("PT5H");
    assertThat(commits("scrape_tick")).isEmpty();
    assertThat(crons.clocks(pipelines.inspect("default", "scrape")).getFirst().next()).isEmpty();

    pipelines.start(ANN, "default", "scrape");
    pass("PT1H");

    assertThat(files("scrape_tick")).containsExactly("2026-11-21T16:00:00Z");
    assertThat(crons.clocks(scrape).getFirst().next())
        .contains(Instant.parse("2026-11-21T17:00:00Z"));
  }

  @Test
  void anUpdateKeepsAClockThatIsTheSameAndDropsOneThatIsGone() {
    create("scrape", ticking("scrape_tick", "@hourly", "", false));
    world.clock.pass(Duration.ofMinutes(150));
    pipelines.update(
        ANN, List.of(draft("scrape", ticking("scrape_tick", "@hourly", "", true))), false);
    pass("PT0S");
    assertThat(files("scrape_tick")).containsExactly("2026-11-21T12:00:00Z");

    pipelines.update(
        ANN, List.of(draft("scrape", ticking("scrape_tock", "@hourly", "", true))), false);
    pass("PT1H");

    assertThat(world.versions.findRepo(new RepoName("default", "scrape_tick"))).isEmpty();
    assertThat(files("scrape_tock")).containsExactly("2026-11-21T13:00:00Z");
  }

  @Test
  void theReposOfTicksGoWithThePipelineEvenWhereItsOutputStays() {
    create("scrape", ticking("scrape_tick", "@hourly", "", false));
    pass("PT1H");

    pipelines.delete(ANN, "default", "scrape", true);
    pass("PT5H");

    assertThat(world.versions.findRepo(new RepoName("default", "scrape_tick"))).isEmpty();
    assertThat(world.versions.findRepo(new RepoName("default", "scrape"))).isPresent();
    create("scrape2", ticking("scrape_tick", "@hourly", "", false));
  }

  @Test
  void nobodyElseWritesToTheTicksOrTakesTheirRepo() {
    create("scrape", ticking("scrape_tick", "@hourly", "", false));
    BranchName ticks = Specs.master("scrape_tick");
    String refusal =
        "The repo `scrape_tick` belongs to the pipeline `scrape`; expected a repo of users' data.";

    assertThatThrownBy(() -> world.files.write(ANN, ticks)).hasMessage(refusal);
    assertThatThrownBy(() -> world.versions.change(ANN, change -> change.startCommit(ticks)))
        .hasMessage(refusal);
    assertThatThrownBy(() -> create("other", ticking("scrape_tick", "@hourly", "", false)))
        .hasMessage("A repo named `scrape_tick` exists already.");
    assertThatThrownBy(() ->
            create(
                "twice",
                new Input.Union(
                    List.of(
                        ticking("twice_tick", "@hourly", "", false),
                        ticking("twice_tick", "@daily", "", false)))))
        .hasMessage(
            "The repo of the cron input `tick` is `twice_tick`, expected one that no other cron input ticks in.");
    assertThatThrownBy(() -> crons.run(ANN, "default", "nothing"))
        .hasMessage("No pipeline is named `nothing`.");
  }
}
