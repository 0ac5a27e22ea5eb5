package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitsTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  private static Class<?> fault(Throwable thrown) {
    return ((DassieException) thrown).fault().getClass();
  }

  private void fail(String address, String reason) {
    Commit commit = world.resolve(address);
    world.versions.change(World.ANN, change -> change.fail(commit.name(), reason));
  }

  @Test
  void anOutputBranchShowsItsNewestFinishedCommitAndSaysSo() {
    world.pipeline("edges", "images@master");
    world.put("images@master", "one");
    assertThatThrownBy(() -> world.versions.read("default", "edges@master"))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Conflict.class));
    Commit first = world.finish(world.resolve("edges@master"), "edges of one");

    Commit put = world.put("images@master", "two");
    ReadView behind = world.versions.read("default", "edges@master");
    Commit second = world.finish(world.resolve("edges@master"), "edges of two");
    ReadView level = world.versions.read("default", "edges@master");

    assertThat(behind.commit()).isEqualTo(first);
    assertThat(behind.note().orElseThrow())
        .contains(first.name().id().value(), put.name().id().value(), "is not finished");
    assertThat(level.commit()).isEqualTo(second);
    assertThat(level.note()).isEmpty();
  }

  @Test
  void anUnfinishedOutputByIdIsAConflictAndInspectShowsIt() {
    world.pipeline("edges", "images@master");
    Commit put = world.put("images@master", "one");

    assertThatThrownBy(() -> world.versions.read("default", "edges@" + put.name().id()))
        .hasMessageContaining("is not finished")
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Conflict.class));
    assertThat(world.resolve("edges@master").isOpen()).isTrue();
  }

  @Test
  void anOutputBranchWithoutAnyCommitIsNotFound() {
    world.pipeline("edges", "images@master");

    assertThatThrownBy(() -> world.versions.read("default", "edges@master"))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.NotFound.class));
  }

  @Test
  void aFailedCommitStaysInHistoryAndNothingBuildsOnIt() {
    world.pipeline("edges", "images@master");
    world.put("images@master", "one");
    Commit good = world.finish(world.resolve("edges@master"), "edges of one");
    for (int i = 0; i < 5; i++) {
      world.put("images@master", "bad " + i);
      fail("edges@master", "exit code 1");
    }

    world.put("images@master", "two");

    Commit head = world.resolve("edges@master");
    assertThat(world.resolve("edges@master^6")).isEqualTo(good);
    assertThat(world.versions.nearestFinished(head.name())).contains(good);
    assertThat(((Commit.Open) head.state()).base()).isEqualTo(World.content("edges of one"));
    assertThat(world.versions.read("default", "edges@master").commit()).isEqualTo(good);
    assertThatThrownBy(() -> world.versions.read("default", "edges@master^"))
        .hasMessageContaining("has no files, it failed: exit code 1")
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Failed.class));
  }

  @Test
  void anOlderOutputThatFinishesLateDoesNotHideANewerOne() {
    world.pipeline("edges", "images@master");
    world.put("images@master", "one");
    Commit older = world.resolve("edges@master");
    world.put("images@master", "two");
    Commit newer = world.finish(world.resolve("edges@master"), "edges of two");

    world.finish(older, "edges of one");

    assertThat(world.versions.newestFinished(World.branch("edges@master"))).contains(newer);
  }

  @Test
  void anOutputCannotFinishBeforeWhatItWasMadeFrom() {
    world.pipeline("edges", "images@master");
    world.start("images@master");

    assertThatThrownBy(() -> world.finish(world.resolve("edges@master"), "edges"))
        .hasMessageContaining("which is open");
  }

  @Test
  void anEndedCommitCannotEndAgain() {
    Commit put = world.put("images@master", "one");

    assertThatThrownBy(() -> world.finish(put, "two"))
        .hasMessageContaining("is finished; expected an open one");
    assertThatThrownBy(() -> fail("images@master", "no"))
        .hasMessageContaining("is finished; expected an open one");
  }

  @Test
  void listsGoFromNewToOldPageByPage() {
    List<String> put = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      put.addFirst(
          world.put("images@" + (i % 2 == 0 ? "even" : "odd"), "c" + i).name().id().value());
    }

    List<String> listed = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      Page<Commit> page =
          world.versions.commits(World.repo("images"), commit -> true, cursor.get(), 7);
      page.items().forEach(commit -> listed.add(commit.name().id().value()));
      cursor = page.next();
    }
    Page<Commit> even =
        world.versions.history(world.resolve("images@even").name(), commit -> true, "", 5);
    Page<Commit> odd =
        world.versions.commits(
            World.repo("images"), commit -> commit.branch().equals("odd"), "", 3);

    assertThat(listed).isEqualTo(put);
    assertThat(even.items()).hasSize(5).allMatch(commit -> commit.branch().equals("even"));
    assertThat(even.next()).contains(world.resolve("images@even~5").name().id().value());
    assertThat(odd.items()).hasSize(3);
  }

  @Test
  void aPageOfALongHistoryReadsAPage() {
    for (int i = 0; i < 300; i++) {
      world.put("images@master", "c" + i);
    }
    CountingReader counted = new CountingReader();

    Page<Commit> page =
        world.metadata.read(rows ->
            new Listing(new Snapshot(counted.over(rows)))
                .commits(World.repo("images"), commit -> true, "", 10));

    assertThat(page.items()).hasSize(10);
    assertThat(counted.rows() + counted.gets()).isLessThan(30);
  }

  @Test
  void namesAreListedPageByPageAndFilteredByType() {
    for (int i = 0; i < 12; i++) {
      int number = i;
      world.versions.change(
          World.ANN,
          change ->
              change.createRepo(
                  new RepoName(
                      "default",
                      "r%02d".formatted(number),
                      number % 3 == 0 ? RepoName.Type.SPEC : RepoName.Type.USER),
                  ""));
    }

    Page<Repo> first =
        world.versions.repos(Optional.of("default"), Optional.of(RepoName.Type.USER), "", 5);
    Page<Repo> second =
        world.versions.repos(
            Optional.of("default"), Optional.of(RepoName.Type.USER), first.next().orElseThrow(), 5);

    assertThat(first.items())
        .extracting(repo -> repo.name().local())
        .containsExactly("images", "r01", "r02", "r04", "r05");
    assertThat(second.items())
        .extracting(repo -> repo.name().local())
        .containsExactly("r07", "r08", "r10", "r11");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void waitEndsWhenTheCommitDoesAndNotWhenOthersDo() throws Exception {
    Commit open = world.start("images@master");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Commit> waited =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return world.versions.wait(open.name(), Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      world.createRepo("other");
      boolean early = waited.isDone();

      Commit finished = world.finish(open, "one");

      assertThat(early).isFalse();
      assertThat(waited.get(30, TimeUnit.SECONDS)).isEqualTo(finished);
    }
  }

  @Test
  void aWaitThatIsTooShortTimesOut() {
    Commit open = world.start("images@master");

    assertThatThrownBy(() -> world.versions.wait(open.name(), Duration.ofMillis(1)))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.TimedOut.class));
  }

  @Test
  void metadataIsEditedOnEverySubject() {
    Commit put = world.put("images@master", "one");
    MetadataEdit edit = new MetadataEdit(Map.of("owner", "ann", "kept", "yes"), Set.of());
    MetadataEdit less = new MetadataEdit(Map.of(), Set.of("owner"));

    world.versions.change(
        World.ANN,
        change -> {
          change.editProject("default", edit);
          change.editRepo(World.repo("images"), edit);
          change.editBranch(World.branch("images@master"), edit);
          change.editCommit(put.name(), edit);
          return change.editCommit(put.name(), less);
        });

    assertThat(world.versions.project("default").metadata()).containsEntry("owner", "ann");
    assertThat(world.versions.repo(World.repo("images")).metadata()).containsEntry("owner", "ann");
    assertThat(world.versions.branch(World.branch("images@master")).metadata())
        .containsEntry("owner", "ann");
    assertThat(world.versions.inspect(put.name()).metadata()).isEqualTo(Map.of("kept", "yes"));
  }

  @Test
  void eventsTellWhatHappenedInOrder() {
    world.pipeline("edges", "images@master");
    long before = world.versions.position();

    Commit put = world.put("images@master", "one");
    world.finish(world.resolve("edges@master"), "edges");

    List<Event.Positioned> events = world.versions.events(before, 100);
    assertThat(events)
        .extracting(event -> event.event().kind() + " " + event.event().repo().orElse(""))
        .containsExactly(
            "commit.started images",
            "commit.finished images",
            "commit.started edges",
            "commit.finished edges");
    assertThat(events)
        .extracting(Event.Positioned::position)
        .containsExactly(before + 1, before + 2, before + 3, before + 4);
    assertThat(events.getFirst().event().commitName()).contains(put.name());
    assertThat(events.getFirst().event().principal()).isEqualTo("local:ann");
  }
}
