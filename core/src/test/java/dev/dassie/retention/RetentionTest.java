package dev.dassie.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.CrashPlan;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.content.SimulatedObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Rebuild;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Collections of an instance: what is deleted comes back, what is there stays readable.
final class RetentionTest {
  private static final Call ANN = World.ANN;
  private static final Pace FAST = new Pace(Pace.UNBOUNDED);
  private static final int SIZE = 100_000;

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final MemoryMetadata metadata = new MemoryMetadata();
  private Packs packs;
  private World world;
  private Retention retention;

  @BeforeEach
  void open() {
    packs = new Packs(objects, folder.resolve("index"));
    world = new World(folder, metadata, packs);
    retention = new Retention(packs, world.versions);
  }

  @AfterEach
  void close() {
    packs.close();
  }

  private static RepoName repo(String name) {
    return new RepoName("default", name);
  }

  private static BranchName master(String name) {
    return new BranchName(repo(name), "master");
  }

  private void create(String name) {
    world.versions.change(ANN, change -> change.createRepo(repo(name), ""));
  }

  private void delete(String name) {
    boolean _ =
        world.versions.change(
            ANN,
            change -> {
              change.deleteRepo(repo(name));
              return true;
            });
  }

  private Commit put(String name, String path, int seed, int size) {
    try (FileWriter writer = world.files.write(ANN, master(name))) {
      Body _ =
          writer.put(
              new FilePath(path),
              false,
              new ByteArrayInputStream(Noise.bytes(seed, size)),
              false,
              Optional.of("text/plain"));
      return writer.commit();
    }
  }

  private byte[] get(Commit commit, String path) {
    Filesets filesets = new Filesets(packs);
    Entry.File file =
        (Entry.File)
            filesets
                .find(world.versions.read(commit.name()).files(), new FilePath(path))
                .orElseThrow();
    try (InputStream in = filesets.open(file.body())) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long stored() {
    return objects.objects().values().stream().mapToLong(object -> object.length).sum();
  }

  private GcReport gc(Duration grace) {
    return retention.gc(grace, false, FAST);
  }

  @Test
  void theSpaceOfADeletedRepoComesBackAndOthersStayReadable() {
    create("keep");
    create("drop");
    Commit kept = put("keep", "a/one", 1, SIZE);
    Commit large = put("keep", "a/large", 2, 3 << 20);
    long before = stored();
    for (int i = 10; i < 20; i++) {
      put("drop", "b/" + i, i, SIZE);
    }
    delete("drop");

    GcReport report = gc(Duration.ZERO);

    assertThat(report.swept().freed()).isGreaterThan(10 * SIZE);
    assertThat(stored()).isLessThanOrEqualTo(before + 2_000);
    assertThat(get(kept, "a/one")).isEqualTo(Noise.bytes(1, SIZE));
    assertThat(get(large, "a/large")).isEqualTo(Noise.bytes(2, 3 << 20));
  }

  @Test
  void whatWasDeletedStaysForItsGraceAndNoLonger() {
    create("drop");
    put("drop", "one", 1, SIZE);
    delete("drop");

    GcReport early = gc(Duration.ofHours(24));
    assertThat(early.held()).containsKey(Holder.of(Holder.Kind.DELETED));
    assertThat(early.held().get(Holder.of(Holder.Kind.DELETED))).isGreaterThan(SIZE);
    assertThat(stored()).isGreaterThan(SIZE);
    world.clock.pass(Duration.ofHours(25));
    gc(Duration.ofHours(24));

    assertThat(stored()).isLessThan(SIZE / 10);
  }

  @Test
  void aCollectionThatWasCutOffLeavesTheNextOneNothingToMiss() {
    CrashPlan plan = new CrashPlan();
    packs.close();
    packs = new Packs(new SimulatedObjectStore(objects, plan), folder.resolve("index"));
    world = new World(folder, metadata, packs);
    retention = new Retention(packs, world.versions);
    create("drop");
    Commit _ = put("drop", "a", 1, SIZE);
    Commit _ = put("drop", "b", 2, SIZE);
    delete("drop");
    long before = stored();
    plan.arm(CrashPlan.Lane.DATA, CrashPlan.Fault.REFUSED, 2, true);

    assertThatThrownBy(() -> gc(Duration.ZERO)).isInstanceOf(DassieException.class);

    assertThat(plan.disarm()).isTrue();
    assertThat(stored()).isBetween(1L, before - SIZE);
    assertThat(gc(Retention.GRACE).dryRun()).isFalse();
  }

  @Test
  void aDryRunSaysWhatWouldGoAndChangesNothing() {
    create("drop");
    put("drop", "one", 1, SIZE);
    delete("drop");
    long before = stored();

    GcReport report = retention.gc(Duration.ZERO, true, FAST);

    assertThat(report.swept().freed()).isGreaterThan(SIZE);
    assertThat(stored()).isEqualTo(before);
    assertThat(gc(Duration.ZERO).swept().freed()).isEqualTo(report.swept().freed());
  }

  @Test
  void openCommitsAndTheirJournalsAreKept() {
    create("work");
    put("work", "before", 1, SIZE);
    Commit open = world.versions.change(ANN, change -> change.startCommit(master("work")));
    put("work", "during", 2, SIZE);

    gc(Duration.ZERO);

    Filesets filesets = new Filesets(world.versions.read(open.name()).chunks());
    assertThat(filesets.find(world.versions.read(open.name()).files(), new FilePath("during")))
        .isPresent();
    Commit finished = world.files.finish(ANN, open.name());
    assertThat(get(finished, "during")).isEqualTo(Noise.bytes(2, SIZE));
    assertThat(get(finished, "before")).isEqualTo(Noise.bytes(1, SIZE));
  }

  @Test
  void theDatabaseCanBeBuiltAgainAfterACollectionWithoutWhatWasDeleted() {
    create("keep");
    create("drop");
    Commit kept = put("keep", "one", 1, SIZE);
    put("drop", "two", 2, SIZE);
    delete("drop");
    gc(Duration.ZERO);
    MemoryMetadata fresh = new MemoryMetadata();
    Iterator<dev.dassie.content.Digest> chunks = packs.treeChunks();

    long commits = new Rebuild(fresh).run(chunks, packs);

    assertThat(commits).isEqualTo(1);
    Versions again = new World(folder, fresh, packs).versions;
    assertThat(again.inspect(kept.name()).finishedFiles()).isEqualTo(kept.finishedFiles());
  }

  @Test
  void whatHoldsTheBytesOfARepoIsNamed() {
    create("one");
    create("two");
    put("one", "same", 1, SIZE);
    put("one", "own", 2, SIZE);
    put("two", "same", 1, SIZE);

    Explanation answer = retention.explain(repo("one"));

    assertThat(answer.total()).isGreaterThan(2 * SIZE);
    assertThat(answer.only()).isBetween((long) SIZE, SIZE + 2_000L);
    assertThat(answer.shared().keySet())
        .containsExactly(new Holder(Holder.Kind.BRANCH, "default/two@master"));
  }

  @Test
  void aWriterThatReusesWhatIsBeingCollectedKeepsIt() throws InterruptedException {
    create("drop");
    create("again");
    put("drop", "one", 1, SIZE);
    delete("drop");
    CountDownLatch stored = new CountDownLatch(1);
    CountDownLatch collected = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (FileWriter open = world.files.write(ANN, master("again"))) {
                Body _ =
                    open.put(
                        new FilePath("copy"),
                        false,
                        new ByteArrayInputStream(Noise.bytes(1, SIZE)),
                        false,
                        Optional.empty());
                stored.countDown();
                assertThat(collected.await(10, TimeUnit.SECONDS)).isTrue();
                Commit _ = open.commit();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(stored.await(10, TimeUnit.SECONDS)).isTrue();

    gc(Duration.ZERO);
    collected.countDown();
    writer.join();

    Commit commit = world.versions.newestFinished(master("again")).orElseThrow();
    assertThat(get(commit, "copy")).isEqualTo(Noise.bytes(1, SIZE));
  }

  @Test
  void aCopyWhoseSourceIsDeletedAndCollectedMeanwhileStaysWhole() {
    create("from");
    create("to");
    Commit source = put("from", "d/one", 1, SIZE);
    put("from", "d/two", 2, SIZE);
    Commit newest = put("from", "d/three", 3, SIZE);
    assertThat(source.name()).isNotEqualTo(newest.name());
    try (FileWriter open = world.files.write(ANN, master("to"))) {
      open.copy(
          newest.finishedFiles().orElseThrow(), new FilePath("d"), new FilePath("copy"), false);
      delete("from");
      gc(Duration.ZERO);
      Commit commit = open.commit();

      assertThat(get(commit, "copy/one")).isEqualTo(Noise.bytes(1, SIZE));
      assertThat(get(commit, "copy/three")).isEqualTo(Noise.bytes(3, SIZE));
    }
  }

  @Test
  void writersDeletesAndCollectionsSideBySideLoseNothing() throws InterruptedException {
    for (int w = 0; w < 3; w++) {
      create("w" + w);
    }
    Thread[] writers = new Thread[3];
    for (int w = 0; w < writers.length; w++) {
      String name = "w" + w;
      writers[w] =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 40; i++) {
                  put(name, "f" + i % 7, i % 11, 20_000);
                  if (i % 10 == 9) {
                    delete(name);
                    create(name);
                    put(name, "last", i % 11, 20_000);
                  }
                }
              });
    }
    while (java.util.Arrays.stream(writers).anyMatch(Thread::isAlive)) {
      gc(Duration.ZERO);
      retention.mergeSmallPacks(FAST);
    }
    for (Thread writer : writers) {
      writer.join();
    }
    gc(Duration.ZERO);

    for (int w = 0; w < writers.length; w++) {
      Commit commit = world.versions.newestFinished(master("w" + w)).orElseThrow();
      assertThat(get(commit, "last")).isEqualTo(Noise.bytes(39 % 11, 20_000));
    }
  }
}
