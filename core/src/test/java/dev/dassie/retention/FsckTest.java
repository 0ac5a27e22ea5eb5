package dev.dassie.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage of every kind: found, named, repaired from a copy.
final class FsckTest {
  private static final int SIZE = 50_000;
  private static final RepoName REPO = new RepoName("default", "images");

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final MemoryMetadata metadata = new MemoryMetadata();
  private final MemoryObjectStore copy = new MemoryObjectStore();
  private Packs packs;
  private World world;
  private Retention retention;
  private Commit commit;

  @BeforeEach
  void open() {
    packs = new Packs(objects, folder.resolve("index"));
    world = new World(folder, metadata, packs);
    retention = new Retention(packs, world.versions);
    retention.openCopiesWith((name, scratch) -> new Retention.Opened(copy, () -> {}));
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
    try (FileWriter writer = world.files.write(World.ANN, new BranchName(REPO, "master"))) {
      put(writer, "a/one", 1, SIZE);
      put(writer, "a/two", 2, SIZE);
      put(writer, "large", 3, 2 << 20);
      commit = writer.commit();
    }
    objects.objects().forEach((key, bytes) -> copy.objects().put(key, bytes.clone()));
  }

  @AfterEach
  void close() {
    packs.close();
  }

  private static void put(FileWriter writer, String path, int seed, int size) {
    Body _ =
        writer.put(
            new FilePath(path),
            false,
            new ByteArrayInputStream(Noise.bytes(seed, size)),
            false,
            Optional.empty());
  }

  private String pack(String role) {
    return objects.list("packs/" + role + "/", "", 10).getFirst();
  }

  /// Tells what a check found, after a repair where `copy` says so.
  private static final class Findings implements FsckReport.Listener {
    private final List<Finding> found = new ArrayList<>();

    @Override
    public void found(Finding finding) {
      found.add(finding);
    }

    @Override
    public void alive() {}
  }

  private List<Finding> check() {
    Findings findings = new Findings();
    FsckReport report = retention.fsck(findings);
    assertThat(report.findings()).isEqualTo(findings.found.size());
    return findings.found;
  }

  private FsckReport repair() {
    return retention.repair(Optional.of("copy"), new Findings());
  }

  private byte[] read(String path) throws IOException {
    Filesets filesets = new Filesets(packs);
    Entry.File file =
        (Entry.File)
            filesets.find(commit.finishedFiles().orElseThrow(), new FilePath(path)).orElseThrow();
    try (InputStream in = filesets.open(file.body())) {
      return in.readAllBytes();
    }
  }

  private static Predicate<Finding> file(String path, Commit commit, String pack) {
    return one ->
        one.kind().equals("file")
            && one.path().equals(path)
            && one.commit().equals(commit.name().id().value())
            && one.pack().equals(pack);
  }

  private void reopen() {
    packs.close();
    packs = new Packs(objects, folder.resolve("index"));
    world = new World(folder, metadata, packs);
    retention = new Retention(packs, world.versions);
    retention.openCopiesWith((name, scratch) -> new Retention.Opened(copy, () -> {}));
  }

  @Test
  void aSoundStoreHasNoFindings() {
    assertThat(check()).isEmpty();
  }

  @Test
  void aFlippedBitIsNamedByPackPathAndCommitThoughItWasReadBefore() throws IOException {
    String pack = pack("data");
    assertThat(read("a/one")).isEqualTo(Noise.bytes(1, SIZE));
    objects.objects().get(pack)[100] ^= 1;

    List<Finding> found = check();

    assertThat(found).anyMatch(one -> one.kind().equals("pack") && one.pack().equals(pack));
    assertThat(found).anyMatch(file("/a/one", commit, pack)).hasSize(2);
    assertThatThrownBy(() -> read("a/one"))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> {
              assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class);
              assertThat(e.fault().message()).contains(pack);
            });
  }

  @Test
  void everyDamageOfAPackIsRepairedFromACopy() throws IOException {
    String pack = pack("data");
    byte[] whole = objects.objects().get(pack);
    List<Runnable> damages =
        List.of(
            () -> objects.objects().get(pack("data"))[100] ^= 1,
            () -> objects.objects().put(pack("data"), Arrays.copyOf(whole, whole.length - 1_000)),
            () -> objects.objects().put(pack("data"), Arrays.copyOf(whole, 20)),
            () -> objects.objects().get(pack("data"))[8] = 9,
            () -> objects.objects().remove(pack("data")),
            () -> objects.objects().remove(pack("tree")),
            () -> objects.objects().get(pack("tree"))[40] ^= 1);
    for (Runnable damage : damages) {
      damage.run();
      assertThat(check()).isNotEmpty();

      FsckReport report = repair();

      assertThat(report.findings()).isZero();
      assertThat(report.repaired().orElseThrow().packs()).isEqualTo(1);
      assertThat(check()).isEmpty();
      assertThat(read("a/one")).isEqualTo(Noise.bytes(1, SIZE));
      assertThat(read("large")).isEqualTo(Noise.bytes(3, 2 << 20));
    }
    reopen();
    assertThat(check()).isEmpty();
    assertThat(read("a/two")).isEqualTo(Noise.bytes(2, SIZE));
  }

  @Test
  void packsThatWereMissingAtTheStartAreBroughtToo() throws IOException {
    objects.objects().clear();
    reopen();

    assertThat(check())
        .anyMatch(one -> one.path().equals("/") && one.commit().equals(commit.name().id().value()));
    assertThat(repair().findings()).isZero();
    assertThat(read("a/two")).isEqualTo(Noise.bytes(2, SIZE));
    reopen();
    assertThat(check()).isEmpty();
  }

  @Test
  void aMissingDataPackNamesEveryFile() {
    objects.objects().remove(pack("data"));
    reopen();

    assertThat(check()).extracting(Finding::path).contains("/a/one", "/a/two", "/large");
  }

  @Test
  void whatTheCopyLacksStaysFoundAndTheRestIsKept() throws IOException {
    String pack = pack("data");
    objects.objects().get(pack)[100] ^= 1;
    copy.objects().keySet().removeIf(key -> key.startsWith("packs/data"));

    FsckReport report = repair();

    assertThat(report.findings()).isEqualTo(2);
    assertThat(objects.objects()).containsKey(pack);
    assertThat(read("a/two")).isEqualTo(Noise.bytes(2, SIZE));
  }

  @Test
  void ofWhatSeveralCommitsShareTheirNumberIsTold() {
    for (int i = 0; i < 3; i++) {
      try (FileWriter writer = world.files.write(World.ANN, new BranchName(REPO, "master"))) {
        put(writer, "b/more" + i, 20 + i, 10);
        put(writer, i == 1 ? "a/two" : "c", 30 + i, 10);
        Commit _ = writer.commit();
      }
    }
    objects.objects().get(pack("data"))[100] ^= 1;

    List<Finding> files = check().stream().filter(one -> one.kind().equals("file")).toList();

    assertThat(files).isNotEmpty().allMatch(one -> one.path().equals("/a/one"));
    assertThat(files).extracting(Finding::also).containsOnly(3);
  }

  @Test
  void putAgainWhatIsDamagedIsStoredAgain() throws IOException {
    objects.objects().get(pack("data"))[100] ^= 1;
    assertThat(check()).hasSize(2);

    try (FileWriter writer = world.files.write(World.ANN, new BranchName(REPO, "master"))) {
      put(writer, "b/same", 1, SIZE);
      Commit _ = writer.commit();
    }

    assertThat(read("a/one")).isEqualTo(Noise.bytes(1, SIZE));
    assertThat(check()).extracting(Finding::kind).containsExactly("pack");
  }

  @Test
  void aCheckBesideWritersFindsNothing() throws InterruptedException {
    Thread[] writers = new Thread[3];
    for (int w = 0; w < writers.length; w++) {
      RepoName repo = new RepoName("default", "w" + w);
      int seed = 100 * w;
      writers[w] = Thread.ofVirtual().start(() -> work(repo, seed));
    }
    int checks = 0;
    while (Arrays.stream(writers).anyMatch(Thread::isAlive) || checks < 3) {
      assertThat(check()).isEmpty();
      GcReport _ = retention.gc(Duration.ZERO, false, new Pace(Pace.UNBOUNDED));
      Packs.Merged _ = retention.mergeSmallPacks(new Pace(Pace.UNBOUNDED));
      checks++;
    }
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(check()).isEmpty();
  }

  private void work(RepoName repo, int seed) {
    for (int i = 0; i < 30; i++) {
      if (i % 10 == 0) {
        boolean _ =
            world.versions.change(
                World.ANN,
                change -> {
                  if (change.repo(repo).isPresent()) {
                    change.deleteRepo(repo);
                  }
                  return change.createRepo(repo, "").name().equals(repo);
                });
      }
      try (FileWriter writer = world.files.write(World.ANN, new BranchName(repo, "master"))) {
        put(writer, "f" + i % 7, seed + i % 5, SIZE);
        Commit _ = writer.commit();
      }
    }
  }
}
