package dev.dassie.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.CodeExecutor;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.remote.ArchiveFormat.Kind;
import dev.dassie.remote.ArchiveFormat.Scope;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.GatherRule;
import dev.dassie.version.KeepRule;
import dev.dassie.version.Portable;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Stub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Archives of whole instances: pipelines go on where they were, and run only what is new.
/// `instance-1.dar` is one as [#two] makes it.
@Timeout(120)
class InstanceArchivesTest {
  @TempDir Path folder;
  private Site here;
  private Site there;

  @BeforeEach
  void open() throws IOException {
    here = new Site(folder, 1);
    there = new Site(folder, 2);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  /// Two pipelines, one behind the other, that have run over two commits.
  static void two(Site site) throws InterruptedException {
    site.make("raw");
    site.put("raw@master", "a", "1", "b", "2");
    site.pipeline("first", "raw");
    site.pipeline("second", "first");
    site.newest("second");
    site.put("raw@master", "c", "3");
    site.newest("second");
  }

  @Test
  void instanceArrivesAsItWas() throws IOException, InterruptedException {
    two(here);

    Archives.Imported imported = there.take(here.exportAll());

    assertThat(imported.pipelines()).isEqualTo(2);
    assertThat(imported.jobs())
        .isEqualTo(
            here.jobs.list("default", Optional.empty(), Optional.empty(), "", 100).items().size());
    for (String repo : List.of("raw", "first", "second")) {
      assertThat(there.commits(repo)).isEqualTo(here.commits(repo));
      assertThat(there.read(repo + "@master")).isEqualTo(here.read(repo + "@master"));
    }
    assertThat(there.jobs.live(10)).isEmpty();
    assertThat(Site.frames(there.exportAll()))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(Site.frames(here.exportAll()));
  }

  @Test
  void pipelinesGoOnAndRunOnlyWhatIsNew() throws IOException, InterruptedException {
    two(here);
    there.take(here.exportAll());

    there.put("raw@master", "d", "4");
    Job job = there.newest("second");

    assertThat(job.datums().total()).isEqualTo(4);
    assertThat(job.datums().skipped()).isEqualTo(3);
    assertThat(there.executor.ran).hasSize(2);
    assertThat(there.read("second@master")).containsOnlyKeys("a", "b", "c", "d");
    List<DatumView> datums = there.jobs.datums(job.name(), Optional.empty(), "", 10).items();
    assertThat(datums).hasSize(4).allMatch(datum -> !datum.tries().isEmpty());
  }

  @Test
  void rulesOfBranchesArriveAndThoseThatAreThereStay() throws IOException, InterruptedException {
    two(here);
    KeepRule rule = new KeepRule(Optional.of(5), Optional.of(Duration.ofDays(30)));
    KeepRule other = new KeepRule(Optional.of(1), Optional.empty());
    BranchName master = new BranchName(new RepoName("default", "raw"), "master");
    BranchName side = new BranchName(master.repo(), "side");
    here.versions.change(Site.ANN, change -> change.keep(master, Optional.of(rule)));
    there.take(here.exportAll());
    assertThat(there.versions.rule(master)).contains(rule);
    there.versions.change(Site.ANN, change -> change.keep(master, Optional.of(other)));
    here.put("raw@side", "x", "1");
    here.versions.change(Site.ANN, change -> change.keep(side, Optional.of(other)));

    there.take(here.exportAll());

    assertThat(there.versions.rule(master)).contains(other);
    assertThat(there.versions.rule(side)).contains(other);
    assertThat(there.take(here.exportAll()).commits()).isZero();
  }

  @Test
  void rulesOfGatheringArriveAndThoseThatAreThereStay() throws IOException, InterruptedException {
    two(here);
    BranchName master = new BranchName(new RepoName("default", "raw"), "master");
    gather(here, master, GatherRule.Mode.EACH);

    there.take(here.exportAll());
    assertThat(gathers(there, master)).contains(rule(GatherRule.Mode.EACH));
    gather(there, master, GatherRule.Mode.MANUAL);
    there.take(here.exportAll());

    assertThat(gathers(there, master)).contains(rule(GatherRule.Mode.MANUAL));
  }

  private static GatherRule rule(GatherRule.Mode mode) {
    return new GatherRule(mode, Duration.ofSeconds(7), Duration.ofSeconds(70));
  }

  private static Optional<GatherRule> gathers(Site site, BranchName branch) {
    return site.versions.metadata().read(rows -> GatherRule.of(rows, branch));
  }

  private static void gather(Site site, BranchName branch, GatherRule.Mode mode) {
    site.versions.change(
        Site.ANN,
        change -> {
          change.rows().put(GatherRule.key(branch), rule(mode).encode());
          return true;
        });
  }

  @Test
  void aRuleOfGatheringIsTheBytesOfTheFormat() {
    BranchName master = new BranchName(new RepoName("default", "raw"), "master");
    Portable item = new Portable.OfGathering(master, rule(GatherRule.Mode.MANUAL));

    String golden =
        "0607" + "64656661756c74" + "03726177" + "00" + "066d6173746572" + "03d836f0a204";
    assertThat(HexFormat.of().formatHex(item.encode())).isEqualTo(golden);
    assertThat(Portable.decode(HexFormat.of().parseHex(golden))).isEqualTo(item);
  }

  @Test
  void anImportThatWasInterruptedKeepsThePacksThatWereFull() throws IOException {
    here.make("raw");
    byte[] noise = dev.dassie.content.Noise.bytes(7, 90 << 20);
    try (FileWriter writer =
        here.files.write(Site.ANN, new BranchName(new RepoName("default", "raw"), "master"))) {
      Body _ =
          writer.put(
              new FilePath("large"),
              false,
              new ByteArrayInputStream(noise),
              false,
              Optional.empty());
      Commit _ = writer.commit();
    }
    byte[] archive = here.exportAll();
    assertThatThrownBy(() -> there.take(Arrays.copyOf(archive, archive.length - 1000)))
        .hasMessageContaining("cut off at byte");
    assertThat(there.versions.findRepo(new RepoName("default", "raw"))).isEmpty();

    Archives.Imported again = there.take(archive);

    assertThat(again.commits()).isEqualTo(1);
    assertThat(again.bytes()).isLessThan(30 << 20);
  }

  @Test
  void repeatChangesNothing() throws IOException, InterruptedException {
    two(here);
    byte[] archive = here.exportAll();
    there.take(archive);
    long before = there.versions.position();

    Archives.Imported again = there.take(archive);

    assertThat(again).isEqualTo(new Archives.Imported(0, 0, 0, 0, 0, again.chunks(), 0));
    assertThat(there.versions.position()).isEqualTo(before);
  }

  @Test
  void whatWasStoppedOrWiredHereStaysSo() throws IOException, InterruptedException {
    two(here);
    byte[] archive = here.exportAll();
    there.take(archive);
    there.pipelines.stop(Site.ANN, "default", "first");
    there.newest("second");
    long before = there.versions.position();

    Archives.Imported again = there.take(archive);

    assertThat(again.refs() + again.pipelines()).isZero();
    assertThat(there.versions.position()).isEqualTo(before);
    there.put("raw@master", "d", "4");
    assertThat(there.commits("first")).isEqualTo(here.commits("first"));
  }

  @Test
  void jobThatRanWhenTheArchiveWasMadeIsMadeAnewAndSkipsWhatWasDone()
      throws IOException, InterruptedException {
    two(here);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch exported = new CountDownLatch(1);
    CodeExecutor.Code copy =
        files -> {
          started.countDown();
          exported.await();
          return java.util.Map.of("x", "x");
        };
    here.executor.code("copy", copy);
    here.put("raw@master", "x", "x");
    started.await();

    byte[] archive = here.exportAll();
    exported.countDown();
    there.take(archive);
    Job job = there.newest("second");

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.datums().skipped()).isEqualTo(3);
    assertThat(there.read("second@master")).containsOnlyKeys("a", "b", "c", "x");
    assertThat(there.versions.resolve("default", "raw@master").name())
        .isEqualTo(here.versions.resolve("default", "raw@master").name());
  }

  @Test
  void newerArchiveBringsNewerVersionsOfPipelines() throws IOException, InterruptedException {
    two(here);
    there.take(here.exportAll());
    here.put("raw@master", "e", "5");
    here.newest("second");
    here.pipelines.stop(Site.ANN, "default", "second");

    there.take(here.exportAll());

    assertThat(there.commits("second")).isEqualTo(here.commits("second"));
    assertThat(there.commits("first")).isEqualTo(here.commits("first"));
    assertThat(there.executor.ran).isEmpty();
    there.put("raw@master", "f", "6");
    assertThat(there.newest("second").datums().skipped()).isEqualTo(4);
  }

  @Test
  void outputAloneComesAsPlainRepoWithStubsOfWhatItWasMadeFrom()
      throws IOException, InterruptedException {
    two(here);

    there.take(here.export("second"));

    Commit head = there.versions.resolve("default", "second@master");
    assertThat(head.provenance()).hasSize(2);
    assertThat(
            ((Ref.Branch) there.versions.findRef(Site.branch("second@master")).orElseThrow())
                .isOutput())
        .isFalse();
    for (Commit.Source source : here.versions.resolve("default", "first@master").provenance()) {
      assertThat(there.versions.stub(source.commit()).map(Stub::commit))
          .isEqualTo(here.versions.find(source.commit()));
    }
    assertThatThrownBy(() -> there.versions.resolve("default", "raw@master"))
        .hasMessageContaining("No repo is named `raw`");
    // What was a stub becomes a commit when its repo comes too.
    there.take(here.exportAll());
    assertThat(there.commits("raw")).isEqualTo(here.commits("raw"));
    there.put("raw@master", "d", "4");
    assertThat(there.newest("second").datums().skipped()).isEqualTo(3);
  }

  @Test
  void instanceOfTheFirstFormatIsReadAndGoesOn() throws IOException, InterruptedException {
    byte[] golden = ArchivesTest.golden("instance-1.dar");

    here.take(golden);

    assertThat(here.jobs.live(10)).isEmpty();
    assertThat(here.read("second@master")).containsOnlyKeys("a", "b", "c");
    assertThat(Site.frames(here.exportAll()))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(Site.frames(golden));
    here.put("raw@master", "d", "4");
    assertThat(here.newest("second").datums().skipped()).isEqualTo(3);
    assertThat(here.executor.ran).hasSize(2);
  }

  @Test
  void everyFlippedByteIsRefusedAndNothingIsThere() throws IOException {
    byte[] whole = ArchivesTest.golden("instance-1.dar");
    for (int at = 0; at < whole.length; at += 5) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x08;

      assertThatThrownBy(() -> here.take(damaged))
          .as("byte " + at)
          .isInstanceOf(DassieException.class);
    }
    assertThat(here.versions.findRepo(Site.repo("raw"))).isEmpty();
    assertThat(here.results.folded()).isZero();
  }

  @Test
  void whateverStandsInItemsIsAtMostRefused() throws IOException {
    Random random = new Random(6);
    List<Frame> frames = Site.frames(ArchivesTest.golden("instance-1.dar"));
    for (int round = 0; round < 300; round++) {
      byte[] archive = Site.archive(Scope.INSTANCE, Site.mangled(frames, random));
      try (Site site = new Site(folder.resolve("round" + round), 3)) {
        try {
          Archives.Imported _ = site.take(archive);
        } catch (DassieException e) {
          assertThat(site.versions.findRepo(Site.repo("raw"))).isEmpty();
        }
      }
    }
  }

  @Test
  void provenanceThatTheArchiveDoesNotKnowIsRefused() throws IOException, InterruptedException {
    two(here);
    List<Frame> known = Site.frames(here.export("second"));
    List<Frame> lacking =
        known.stream()
            .filter(frame -> frame.kind() != Kind.VERSION || frame.bytes()[0] != Portable.STUB)
            .toList();

    assertThat(lacking).hasSizeLessThan(known.size());
    assertThatThrownBy(() -> there.take(Site.archive(Scope.REPOS, lacking)))
        .hasMessageContaining("it lacks the commit `first@");
    assertThat(there.versions.findRepo(Site.repo("second"))).isEmpty();
  }

  @Test
  void branchOfPipelineThatIsNotInTheArchiveIsRefused() throws IOException, InterruptedException {
    two(here);
    List<Frame> lacking =
        Site.frames(here.exportAll()).stream()
            .filter(frame -> frame.kind() != Kind.PIPELINE)
            .toList();

    assertThatThrownBy(() -> there.take(Site.archive(Scope.INSTANCE, lacking)))
        .hasMessageContaining("lacks the pipeline");
    assertThat(there.versions.findRepo(Site.repo("raw"))).isEmpty();
  }
}
