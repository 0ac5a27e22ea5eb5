package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void put(FileWriter writer, String path, String text, boolean append) {
    writer.put(FilePath.parse(path), false, bytes(text), append, Optional.empty());
  }

  private Commit put(Call call, String branch, String path, String text, boolean append) {
    try (FileWriter writer = world.files.write(call, World.branch(branch))) {
      put(writer, path, text, append);
      return writer.commit();
    }
  }

  private Commit put(String branch, String path, String text) {
    return put(World.ANN, branch, path, text, false);
  }

  /// Path → text of everything that a read shows.
  private Map<String, String> read(String address) {
    ReadView view = world.versions.read("default", address);
    Map<String, String> found = new TreeMap<>();
    view.reader()
        .walk(view.files(), FilePath.ROOT, Optional.empty())
        .forEachRemaining(file -> found.put(file.path().toString(), text(view, file)));
    return found;
  }

  private static String text(ReadView view, Entry.File file) {
    try (InputStream in = view.reader().open(file.body())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> fault(Throwable thrown) {
    return ((DassieException) thrown).fault().getClass();
  }

  @Test
  void aPutOutsideACommitIsOneFinishedCommitAndMakesTheBranch() {
    Commit one = put("images@master", "/a", "1");
    Commit two = put("images@master", "/dir/b", "2");

    assertThat(two.parent()).contains(one.name().id());
    assertThat(two.finishedFiles().orElseThrow().files()).isEqualTo(2);
    assertThat(read("images@master")).isEqualTo(Map.of("/a", "1", "/dir/b", "2"));
    assertThat(read("images@master^")).isEqualTo(Map.of("/a", "1"));
  }

  @Test
  void aWriterThatIsClosedLeavesNothing() {
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      put(writer, "/a", "1", false);
    }

    assertThat(world.versions.findRef(World.branch("images@master"))).isEmpty();
  }

  @Test
  void anOpenCommitShowsWhatWasAcknowledgedAndFinishesWithIt() {
    put("images@master", "/old", "0");
    Commit open = world.start("images@master");

    Commit into = put("images@master", "/a", "1");
    put("images@master", "/a", "2");
    try (FileWriter writer = world.files.write(World.ANN, open.name())) {
      writer.delete(FilePath.parse("/old"));
      put(writer, "/b", "3", false);
      writer.commit();
    }
    Map<String, String> before = read("images@master");
    Commit finished = world.files.finish(new Call("local:ann", "done"), open.name());

    assertThat(into.name()).isEqualTo(open.name());
    assertThat(before).isEqualTo(Map.of("/a", "2", "/b", "3"));
    assertThat(read("images@master")).isEqualTo(before);
    assertThat(finished.message()).isEqualTo("done");
    assertThat(journalRows()).isZero();
    assertThatThrownBy(() -> world.files.write(World.ANN, open.name()))
        .hasMessageContaining("has ended");
  }

  private int journalRows() {
    return world.metadata.read(rows ->
        rows.scan(Tables.JOURNAL, "", "", 5000).size()
            + rows.scan(Tables.JOURNAL_STATE, "", "", 5000).size());
  }

  @Test
  void appendAddsToTheFileAsItIsAtTheCommit() {
    put(World.ANN, "images@master", "/log", "a", true);
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      put(writer, "/log", "c", true);
      put(writer, "/log", "d", true);
      put(World.ANN, "images@master", "/log", "b", true);
      writer.commit();
    }
    world.start("images@master");
    put(World.ANN, "images@master", "/log", "e", true);
    put(World.ANN, "images@master", "/log", "f", true);

    assertThat(read("images@master")).isEqualTo(Map.of("/log", "abcdef"));
  }

  @Test
  void anAppendBehindADeleteOfItsFolderStartsAnew() {
    put("images@master", "/dir/log", "old");
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      writer.delete(FilePath.parse("/dir"));
      put(writer, "/dir/log", "new", true);
      writer.commit();
    }

    assertThat(read("images@master")).isEqualTo(Map.of("/dir/log", "new"));
  }

  @Test
  void aFileAndADirectoryOfOneNameAreRefusedAtOnceEvenInAnOpenCommit() {
    put("images@master", "/a", "1");
    assertThatThrownBy(() -> put("images@master", "/a/b", "2"))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Conflict.class));
    world.start("images@master");
    put("images@master", "/dir/c", "3");

    assertThatThrownBy(() -> put("images@master", "/dir", "4"))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Conflict.class));
    assertThatThrownBy(() -> put(World.ANN, "images@master", "/dir", "4", true))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.Conflict.class));

    assertThat(read("images@master")).isEqualTo(Map.of("/a", "1", "/dir/c", "3"));
  }

  @Test
  void copyTakesFilesAndDirectoriesByReference() {
    put("images@master", "/dir/a", "1");
    put("images@master", "/dir/sub/b", "2");
    ReadView view = world.versions.read("default", "images@master");
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@copy"))) {
      writer.copy(view.files(), FilePath.parse("/dir"), FilePath.parse("/x"), false);
      writer.copy(view.files(), FilePath.parse("/dir/a"), FilePath.parse("/x/sub/b"), true);
      writer.copy(view.files(), FilePath.parse("/dir"), FilePath.parse("/x"), true);
      writer.commit();
    }

    assertThat(read("images@copy")).isEqualTo(Map.of("/x/a", "11", "/x/sub/b", "212"));
  }

  @Test
  void manyWritersIntoOneOpenCommitLoseNothing() throws Exception {
    Commit open = world.start("images@master");
    List<Future<Commit>> writers = new ArrayList<>();
    Map<String, String> expected = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        String path = "/f" + i;
        expected.put(path, "text " + i);
        expected.put("/shared", "x".repeat(40));
        String text = "text " + i;
        writers.add(
            threads.submit(() -> {
              try (FileWriter writer =
                  world.files.write(World.ANN, World.branch("images@master"))) {
                put(writer, path, text, false);
                put(writer, "/shared", "x", true);
                return writer.commit();
              }
            }));
      }
      for (Future<Commit> writer : writers) {
        assertThat(writer.get().name()).isEqualTo(open.name());
      }
    }

    Map<String, String> seen = read("images@master");
    world.files.finish(World.ANN, open.name());

    assertThat(seen).isEqualTo(expected);
    assertThat(read("images@master")).isEqualTo(expected);
  }

  @Test
  void putsSideBySideMakeALinearHistory() throws Exception {
    Set<CommitId> made = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Commit>> writers = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String path = "/f" + i;
        writers.add(threads.submit(() -> put("images@master", path, path)));
      }
      for (Future<Commit> writer : writers) {
        made.add(writer.get().name().id());
      }
    }

    Page<Commit> history =
        world.versions.history(world.resolve("images@master").name(), commit -> true, "", 100);
    assertThat(made).hasSize(30);
    assertThat(history.items()).hasSize(30);
    assertThat(history.items())
        .extracting(commit -> commit.finishedFiles().orElseThrow().files())
        .isSortedAccordingTo(java.util.Comparator.reverseOrder())
        .doesNotHaveDuplicates();
  }

  @Test
  void aHeadThatMovesUnderAWriterIsWrittenTo() {
    Commit one = put("images@master", "/a", "1");
    put("images@master", "/b", "2");
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      put(writer, "/c", "3", false);
      boolean _ =
          world.versions.change(
              World.ANN,
              change -> {
                change.moveHead(World.branch("images@master"), one.name());
                return true;
              });
      writer.commit();
    }

    assertThat(read("images@master")).isEqualTo(Map.of("/a", "1", "/c", "3"));
  }

  @Test
  void aLostReplyNeverMakesTwoCommits() {
    Call call = new Call("local:ann", "", Optional.of("key"));
    Commit first = put(call, "images@master", "/a", "1", true);
    long position = world.versions.position();

    Commit again = put(call, "images@master", "/a", "1", true);

    assertThat(again).isEqualTo(first);
    assertThat(world.versions.position()).isEqualTo(position);
    assertThat(read("images@master")).isEqualTo(Map.of("/a", "1"));
  }

  @Test
  void aLongJournalIsFoldedIntoTheCommit() {
    Commit open = world.start("images@master");
    Map<String, String> expected = new TreeMap<>();
    for (int round = 0; round < 12; round++) {
      try (FileWriter writer = world.files.write(World.ANN, open.name())) {
        for (int i = 0; i < 100; i++) {
          String path = "/r%d/f%d".formatted(round % 5, i);
          put(writer, path, "round " + round, false);
          expected.put(path, "round " + round);
        }
        writer.commit();
      }
    }
    assertThat(journalRows()).isLessThanOrEqualTo(Journal.MAX_ROWS + 1);
    assertThat(read("images@master")).isEqualTo(expected);

    try (FileWriter writer = world.files.write(World.ANN, open.name())) {
      for (int i = 0; i < 300; i++) {
        put(writer, "/big/f" + i, "b", false);
        expected.put("/big/f" + i, "b");
      }
      writer.commit();
    }

    assertThat(journalRows()).isEqualTo(1);
    assertThat(read("images@master")).isEqualTo(expected);
    assertThat(world.files.finish(World.ANN, open.name()).finishedFiles().orElseThrow().files())
        .isEqualTo(expected.size());
  }

  @Test
  void theJournalAndTheViewGiveTheSameTree() {
    Commit open = world.start("images@master");
    for (int i = 0; i < 150; i++) {
      put("images@master", "/d%d/f%d".formatted(i % 7, i), "x".repeat(i));
    }
    ReadView kept = world.versions.read("default", "images@master");
    Versions restarted =
        new Versions(world.metadata, world.chunks, folder, world.clock, IdSource.random());
    ReadView anew = restarted.read("default", "images@master");

    Commit finished = world.files.finish(World.ANN, open.name());

    assertThat(anew.files()).isEqualTo(kept.files());
    assertThat(finished.finishedFiles()).contains(kept.files());
  }

  @Test
  void aRepoOrTagCannotBeWrittenToWhereThereIsNone() {
    Commit one = put("images@master", "/a", "1");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), one.name()));

    assertThatThrownBy(() -> world.files.write(World.ANN, World.branch("nothing@master")))
        .satisfies(e -> assertThat(fault(e)).isEqualTo(Fault.NotFound.class));
    assertThatThrownBy(() -> world.files.write(World.ANN, World.branch("images@v1")))
        .hasMessageContaining("is a tag");
  }
}
