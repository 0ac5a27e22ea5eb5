package dev.dassie.version.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.GatherRule;
import dev.dassie.version.GatherRule.Mode;
import dev.dassie.version.IdSource;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.Timer;
import dev.dassie.version.World;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.Upload;
import dev.dassie.version.multipart.UploadLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatheringTest {
  private static final RepoName REPO = new RepoName("default", "images");
  private static final BranchName MASTER = new BranchName(REPO, "master");

  @TempDir Path folder;
  private World world;
  private Gathering gathering;
  private Multiparts uploads;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
    restart();
  }

  private void restart() {
    gathering = new Gathering(world.versions, world.files);
    uploads =
        new Multiparts(
            world.versions, IdSource.of(new Random(3)), gathering::writer, UploadLimits.USUAL);
  }

  private Commit write(Consumer<FileWriter> work) {
    try (FileWriter writer = gathering.writer(World.ANN, MASTER)) {
      work.accept(writer);
      return writer.commit();
    }
  }

  private Commit put(String path) {
    return write(writer ->
        writer.put(
            new FilePath(path),
            false,
            new Body.Inline(new byte[] {1}),
            false,
            FileAttributes.NONE));
  }

  private void remove(String path) {
    write(writer -> writer.remove(new FilePath(path)));
  }

  private void set(Mode mode) {
    world.versions.change(
        World.ANN,
        change -> {
          if (change.ref(MASTER).isEmpty()) {
            change.createBranch(MASTER, Optional.empty(), List.of(), Optional.empty());
          }
          gathering.set(change, MASTER, new GatherRule(mode, GatherRule.QUIET, GatherRule.LATEST));
          return true;
        });
  }

  /// Lets time pass and rings what is due, as the timer does.
  private void pass(Duration time) {
    world.clock.pass(time);
    try (Timer timer = new Timer(world.versions, Map.of(Gathering.ALARM, gathering::ring))) {
      assertThat(timer.ring()).isTrue();
    }
  }

  private Commit head() {
    return world.versions.resolve(REPO, "master");
  }

  private int rows(String table) {
    return world.metadata.read(rows -> rows.scan(table, "", "", 10).size());
  }

  private long commits() {
    return world.versions.commits(REPO, commit -> true, "", 100).items().size();
  }

  @Test
  void writesGatherInOneCommitThatIsFinishedWhenNothingMoreComes() {
    Commit first = put("a");
    Commit second = put("b");
    ReadView seen = world.versions.read(REPO, "master");

    assertThat(first.isOpen()).isTrue();
    assertThat(second.name()).isEqualTo(first.name());
    assertThat(seen.files().files()).isEqualTo(2);
    pass(Duration.ofSeconds(3));
    put("c");
    pass(Duration.ofSeconds(3));
    assertThat(head().isOpen()).isTrue();
    assertThat(gathering.waiting(MASTER).orElseThrow().quiet()).isPresent();
    pass(Duration.ofSeconds(3));

    assertThat(head().finishedFiles().orElseThrow().files()).isEqualTo(3);
    assertThat(gathering.waiting(MASTER)).isEmpty();
    assertThat(put("d").name()).isNotEqualTo(first.name());
    assertThat(commits()).isEqualTo(2);
  }

  @Test
  void successFinishesTheCommitAtOnce() {
    put("out/part-0");

    put("out/_SUCCESS");

    assertThat(head().isOpen()).isFalse();
    assertThat(rows("alarm")).isZero();
  }

  @Test
  void aJobThatIsNotDoneKeepsItsCommitOpen() {
    write(writer -> writer.mark(new FilePath("out/_temporary/0"), FileAttributes.NONE));
    put("out/_temporary/0/part-0");
    put("out/part-0");
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(6));
    }
    assertThat(head().isOpen()).isTrue();
    assertThat(gathering.waiting(MASTER).orElseThrow().keptOpen().orElseThrow())
        .contains("_temporary/0");

    remove("out/_temporary/0/part-0");
    put("out/_SUCCESS");
    assertThat(head().isOpen()).isTrue();
    write(writer -> writer.unmark(new FilePath("out/_temporary/0")));
    put("out/_SUCCESS");

    assertThat(head().finishedFiles().orElseThrow().files()).isEqualTo(2);
    assertThat(commits()).isEqualTo(1);
  }

  @Test
  void markersOfFoldersAloneAreNoCommitYet() {
    write(writer -> writer.mark(new FilePath("table"), FileAttributes.NONE));
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(6));
    }
    assertThat(head().isOpen()).isTrue();
    assertThat(gathering.waiting(MASTER).orElseThrow().keptOpen())
        .contains("it has nothing but markers of folders");

    put("table/part-0");
    pass(Duration.ofSeconds(6));

    assertThat(head().finishedFiles().orElseThrow().files()).isEqualTo(1);
    assertThat(commits()).isEqualTo(1);
  }

  @Test
  void aMarkerThatIsTakenAwayIsACommit() {
    write(writer -> writer.mark(new FilePath("a"), FileAttributes.NONE));
    put("b");
    pass(Duration.ofSeconds(6));
    write(writer -> writer.unmark(new FilePath("a")));

    pass(Duration.ofSeconds(6));

    assertThat(head().isOpen()).isFalse();
    assertThat(commits()).isEqualTo(2);
  }

  @Test
  void markersOfFoldersAloneAreACommitAfterTheLongestTime() {
    write(writer -> writer.mark(new FilePath("table"), FileAttributes.NONE));

    pass(Duration.ofHours(1));

    assertThat(head().isOpen()).isFalse();
  }

  @Test
  void anUnfinishedKeyThatWentAnotherWayIsFoundOut() {
    put("out/__magic_job-1/x");
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      writer.delete(new FilePath("out"));
      writer.commit();
    }

    pass(Duration.ofSeconds(6));

    assertThat(head().isOpen()).isFalse();
  }

  @Test
  void anUploadKeepsTheCommitOpenAndTheLongestTimeEndsIt() {
    Upload upload = uploads.create(World.ANN, MASTER, new FilePath("big"), FileAttributes.NONE);
    put("a");
    pass(Duration.ofMinutes(1));
    assertThat(head().isOpen()).isTrue();
    assertThat(gathering.waiting(MASTER).orElseThrow().keptOpen().orElseThrow())
        .contains("multipart upload");
    pass(Duration.ofHours(1));

    assertThat(head().isOpen()).isFalse();
    put("b");
    uploads.abort(upload.name());
    pass(Duration.ofSeconds(6));
    assertThat(head().isOpen()).isFalse();
  }

  @Test
  void eachWriteIsACommitWhereTheBranchSaysSo() {
    set(Mode.EACH);

    assertThat(put("a").isOpen()).isFalse();
    assertThat(put("b").isOpen()).isFalse();
    assertThat(commits()).isEqualTo(2);
  }

  @Test
  void whatIsGatheredByHandIsFinishedByHand() {
    set(Mode.MANUAL);
    Commit open = put("a");
    put("_SUCCESS");
    pass(Duration.ofDays(2));
    assertThat(head().isOpen()).isTrue();

    world.files.finish(World.ANN, open.name());
    assertThat(gathering.waiting(MASTER)).isEmpty();
    put("b");
    set(Mode.QUIET);
    pass(Duration.ofSeconds(6));

    assertThat(head().isOpen()).isFalse();
    assertThat(commits()).isEqualTo(2);
  }

  @Test
  void anOpenCommitOfAUserTakesTheWritesAndStaysTheirs() {
    Commit open = world.versions.change(World.ANN, change -> change.startCommit(MASTER));

    assertThat(put("a").name()).isEqualTo(open.name());
    put("_SUCCESS");
    pass(Duration.ofHours(2));

    assertThat(head().isOpen()).isTrue();
    assertThat(gathering.waiting(MASTER)).isEmpty();
  }

  @Test
  void whatGathersIsFinishedAfterARestart() {
    put("a");
    restart();

    pass(Duration.ofSeconds(6));

    assertThat(head().isOpen()).isFalse();
  }

  @Test
  void theNoteOfACommitThatSomebodyFinishedIsTakenAway() {
    Commit open = put("a");
    world.files.finish(World.ANN, open.name());
    Commit theirs = world.versions.change(World.ANN, change -> change.startCommit(MASTER));

    pass(Duration.ofSeconds(6));

    assertThat(world.versions.inspect(theirs.name()).isOpen()).isTrue();
    assertThat(rows("alarm")).isZero();
    assertThat(rows("gathered")).isZero();
  }

  @Test
  void timesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new GatherRule(Mode.QUIET, Duration.ZERO, Duration.ofHours(1)))
        .hasMessage("The quiet time is `0s`, expected 100ms to 30 days.");
    assertThatThrownBy(
            () -> new GatherRule(Mode.QUIET, Duration.ofSeconds(9), Duration.ofSeconds(5)))
        .hasMessageContaining("expected 9s to 30 days");
    assertThatThrownBy(() -> Mode.of("often")).hasMessageContaining("each, quiet or manual");
  }

  @Test
  void theRowsAreTheBytesOfTheFormat() {
    byte[] rule =
        new GatherRule(Mode.MANUAL, Duration.ofMillis(100), Duration.ofMillis(300)).encode();
    GatherTable.Gathered gathered =
        new GatherTable.Gathered(
            new dev.dassie.version.CommitId("0".repeat(31) + "1"),
            java.time.Instant.ofEpochSecond(1, 2),
            true);

    assertThat(HexFormat.of().formatHex(rule)).isEqualTo("010364ac02");
    assertThat(HexFormat.of().formatHex(GatherTable.encode(gathered)))
        .isEqualTo("0120" + "30".repeat(31) + "31" + "000000000000000102" + "01");
    assertThat(HexFormat.of().formatHex(GatherTable.encode("k/"))).isEqualTo("01026b2f");
  }

  @Test
  void onlyKeysOfJobsThatRunSayThatSomebodyIsNotDone() {
    assertThat(Traces.isUnfinished("a/_temporary/0")).isTrue();
    assertThat(Traces.isUnfinished("_temporary/")).isTrue();
    assertThat(Traces.isUnfinished("a/__magic_job/x")).isTrue();
    assertThat(Traces.isUnfinished("a/_temporary")).isFalse();
    assertThat(Traces.isUnfinished("a/x_temporary/b")).isFalse();
  }
}
