package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.CrashPlan;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.SimulatedMetadata;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteGroupTest {
  private static final BranchName MASTER = World.branch("images@master");

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final CrashPlan plan = new CrashPlan();
  private final GatedMetadata metadata =
      new GatedMetadata(new SimulatedMetadata(new MemoryMetadata(), plan));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder, metadata, new Packs(objects, folder.resolve("index")));
    world.createRepo("images");
  }

  @AfterEach
  void close() {
    metadata.open();
    threads.close();
  }

  /// A file with more bytes than stand in a tree, so that it has a chunk.
  private Commit put(Call call, String path, int size) {
    try (FileWriter writer = world.files.write(call, MASTER)) {
      byte[] bytes = (path + " ").repeat(size / path.length()).getBytes(StandardCharsets.UTF_8);
      writer.put(
          new FilePath(path), false, new ByteArrayInputStream(bytes), false, Optional.empty());
      return writer.commit();
    }
  }

  private Future<Commit> later(Call call, String path) {
    return threads.submit(() -> put(call, path, 1_000));
  }

  /// A first writer that is held in its transaction, so that others have to wait.
  private Future<Commit> held() throws InterruptedException {
    metadata.shut();
    Future<Commit> first = later(World.ANN, "first");
    metadata.awaitBlocked();
    return first;
  }

  private void awaitWaiting(int count) {
    while (world.files.waiting(MASTER) < count) {
      Thread.onSpinWait();
    }
  }

  private List<String> history() {
    return world
        .versions
        .history(world.resolve("images@master").name(), commit -> true, "", 1_000)
        .items()
        .stream()
        .map(commit -> commit.name().id().value())
        .toList();
  }

  @Test
  void writersThatWaitShareOneDataPackOneTreePackAndOneTransaction() throws Exception {
    Future<Commit> first = held();
    List<Future<Commit>> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(later(World.ANN, "f" + i));
    }
    awaitWaiting(100);
    int transactions = metadata.writes();

    metadata.open();
    Commit one = first.get();
    List<String> landed = new ArrayList<>();
    for (Future<Commit> other : others) {
      landed.add(other.get().name().id().value());
    }

    assertThat(metadata.writes() - transactions).isEqualTo(1);
    assertThat(objects.list("packs/data/", "", 100)).hasSize(2);
    assertThat(objects.list("packs/tree/", "", 100)).hasSize(2);
    landed.add(one.name().id().value());
    assertThat(history()).containsExactlyInAnyOrderElementsOf(landed);
    assertThat(world.resolve("images@master").finishedFiles().orElseThrow().files()).isEqualTo(101);
    assertThat(world.resolve("images@master~50").finishedFiles().orElseThrow().files())
        .isEqualTo(51);
  }

  @Test
  void aWriteThatIsRefusedDoesNotTakeItsGroupWithIt() throws Exception {
    put(World.ANN, "a", 1_000);
    Future<Commit> first = held();
    Future<Commit> good = later(World.ANN, "b");
    Future<Commit> bad = later(World.ANN, "a/b");
    Future<Commit> better = later(World.ANN, "c");
    awaitWaiting(3);

    metadata.open();
    List<Commit> landed = List.of(first.get(), good.get(), better.get());

    assertThatThrownBy(bad::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DassieException.class)
        .hasMessageContaining("`/a");
    assertThat(history()).hasSize(landed.size() + 1);
  }

  @Test
  void oneCallThatComesTwiceAtOnceMakesOneCommit() throws Exception {
    Call call = new Call("local:ann", "", Optional.of("key"));
    Future<Commit> first = held();
    Future<Commit> one = later(call, "b");
    Future<Commit> two = later(call, "b");
    awaitWaiting(2);

    metadata.open();

    assertThat(one.get()).isEqualTo(two.get());
    assertThat(first.get()).isNotEqualTo(one.get());
    assertThat(history()).hasSize(2);
  }

  private Commit append(String text) {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      writer.put(
          new FilePath("log"), false, new ByteArrayInputStream(bytes), true, Optional.empty());
      return writer.commit();
    }
  }

  @Test
  void aGroupWhoseTransactionMayHaveHappenedIsNotRunAgain() throws Exception {
    world.start("images@master");
    Future<Commit> first = held();
    List<Future<Commit>> others =
        List.of(threads.submit(() -> append("b")), threads.submit(() -> append("c")));
    awaitWaiting(2);
    plan.arm(CrashPlan.Lane.METADATA, CrashPlan.Fault.REPLY_LOST, 2, true);

    metadata.open();
    first.get();

    for (Future<Commit> other : others) {
      assertThatThrownBy(other::get).hasCauseInstanceOf(DassieException.class);
    }
    ReadView view = world.versions.read("default", "images@master");
    assertThat(view.reader().find(view.files(), new FilePath("log")).orElseThrow().size())
        .isEqualTo(2);
  }

  @Test
  void aLargeWriteTakesItsTurnAmongSmallOnes() throws Exception {
    Future<Commit> first = held();
    Future<Commit> before = later(World.ANN, "b");
    awaitWaiting(1);
    Future<Commit> large = threads.submit(() -> put(World.ANN, "large", 3 << 20));
    awaitWaiting(2);
    Future<Commit> behind = later(World.ANN, "c");
    awaitWaiting(3);

    metadata.open();

    assertThat(history(List.of(first, before, large, behind))).hasSize(4);
    assertThat(world.resolve("images@master").finishedFiles().orElseThrow().files()).isEqualTo(4);
  }

  private List<String> history(List<Future<Commit>> all) throws Exception {
    for (Future<Commit> one : all) {
      one.get();
    }
    return history();
  }

  @Test
  void writersIntoAnOpenCommitShareOneTransactionToo() throws Exception {
    Commit open = world.start("images@master");
    Future<Commit> first = held();
    List<Future<Commit>> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(later(World.ANN, "dir/f" + i));
    }
    Future<Commit> bad = later(World.ANN, "first/b");
    awaitWaiting(51);

    metadata.open();
    Commit one = first.get();
    for (Future<Commit> other : others) {
      assertThat(other.get().name()).isEqualTo(open.name());
    }

    assertThatThrownBy(bad::get).hasCauseInstanceOf(DassieException.class);
    assertThat(one.name()).isEqualTo(open.name());
    Commit finished = world.files.finish(World.ANN, open.name());
    assertThat(finished.finishedFiles().orElseThrow().files()).isEqualTo(51);
  }
}
