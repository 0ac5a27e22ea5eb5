package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.InterruptingMetadata;
import dev.dassie.metadata.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactlyOnceTest {
  @TempDir Path folder;
  private World world;
  private InterruptingMetadata interrupting;

  @BeforeEach
  void open() {
    interrupting = new InterruptingMetadata(new MemoryMetadata());
    Packs packs = new Packs(new MemoryObjectStore(), folder.resolve("index"));
    world = new World(folder, interrupting, packs);
    world.createRepo("images");
  }

  private static Call ann(String key) {
    return new Call("local:ann", "", Optional.of(key));
  }

  private Commit start(Call call, String branch) {
    return world.versions.change(
        call, Reply.COMMIT, change -> change.startCommit(World.branch(branch)));
  }

  @Test
  void aRepeatedCallAnswersAsTheFirstDidAndChangesNothing() {
    Commit first = start(ann("k1"), "images@master");
    long position = world.versions.position();

    Commit again = start(ann("k1"), "images@master");

    assertThat(again).isEqualTo(first);
    assertThat(world.versions.position()).isEqualTo(position);
    assertThat(world.versions.remembered(ann("k1"), Reply.COMMIT)).contains(first);
  }

  @Test
  void anotherPrincipalsKeyIsAnotherKey() {
    start(ann("k1"), "images@master");

    Commit other = start(new Call("local:bob", "", Optional.of("k1")), "images@other");

    assertThat(other.branch()).isEqualTo("other");
  }

  @Test
  void aKeyOfAnotherKindOfCallIsRefused() {
    start(ann("k1"), "images@master");

    assertThatThrownBy(() ->
            world.versions.change(
                ann("k1"), Reply.REPO, change -> change.createRepo(World.repo("other"), "")))
        .hasMessage("The idempotency key `k1` was used for another call.");
  }

  @Test
  void aRefusalIsNotRemembered() {
    Commit open = start(ann("k1"), "images@master");
    assertThatThrownBy(() -> start(ann("k2"), "images@master")).hasMessageContaining("open commit");
    world.finish(open, "one");

    Commit second = start(ann("k2"), "images@master");

    assertThat(second.parent()).contains(open.name().id());
  }

  @Test
  void afterADayAKeyIsNewAgainAndItsAnswerIsSwept() {
    for (int i = 0; i < 10; i++) {
      start(ann("old " + i), "images@b" + i);
    }
    world.clock.pass(Duration.ofHours(25));

    Commit again = start(ann("old 3"), "images@again");
    for (int i = 0; i < 10; i++) {
      start(ann("new " + i), "images@n" + i);
    }

    assertThat(again.branch()).isEqualTo("again");
    assertThat(world.versions.remembered(ann("old 3"), Reply.COMMIT)).contains(again);
    assertThat(rows(Tables.ANSWER)).isEqualTo(11);
    assertThat(rows(Tables.ANSWER_AGE)).isEqualTo(11);
  }

  private static void append(FileWriter writer, String text) {
    writer.put(
        new FilePath("log"),
        false,
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        true,
        Optional.empty());
  }

  private String log() throws Exception {
    ReadView view = world.versions.read("default", "images@master");
    var file = (Entry.File) view.reader().find(view.files(), new FilePath("log")).orElseThrow();
    try (InputStream bytes = view.reader().open(file.body())) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void callsUnderOneKeyThatComeAtOnceAreOneCommit() throws Exception {
    int calls = 24;
    List<Thread> clients = new ArrayList<>();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var together = new CyclicBarrier(calls);
    for (int i = 0; i < calls; i++) {
      // Six keys, four calls under each.
      Call call = ann("key " + i % 6);
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                try (FileWriter writer = world.files.write(call, World.branch("images@master"))) {
                  append(writer, "x");
                  together.await();
                  Commit _ = writer.commit();
                } catch (Exception e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread client : clients) {
      client.join();
    }

    assertThat(failures).isEmpty();
    assertThat(world.resolve("images@master.6")).isEqualTo(world.resolve("images@master"));
    assertThat(log()).isEqualTo("xxxxxx");
  }

  @Test
  void anOpenCommitHoldsWhatWasWrittenAfterACallThatCameTwiceAtOnce() throws Exception {
    Commit _ = start(ann("start"), "images@master");
    try (FileWriter first = world.files.write(ann("k"), World.branch("images@master"));
        FileWriter repeat = world.files.write(ann("k"), World.branch("images@master"))) {
      append(first, "one ");
      append(repeat, "one ");
      // The first call commits when the repeat has just found no answer to it.
      interrupting.afterNextRead(first::commit);
      Commit _ = repeat.commit();
    }
    for (String more : List.of("two ", "three ")) {
      try (FileWriter writer =
          world.files.write(new Call("local:ann", ""), World.branch("images@master"))) {
        append(writer, more);
        Commit _ = writer.commit();
      }
    }

    assertThat(log()).isEqualTo("one two three ");
  }

  @Test
  void aRepeatIsAnsweredAlsoWhenTheCommitHasEndedOrTheRepoIsGone() {
    Commit open = start(ann("start"), "images@master");
    Commit written;
    try (FileWriter writer = world.files.write(ann("put"), open.name())) {
      append(writer, "x");
      written = writer.commit();
    }
    Commit finished = world.files.finish(ann("finish"), open.name());

    try (FileWriter repeat = world.files.write(ann("put"), open.name())) {
      append(repeat, "x");
      assertThat(repeat.commit()).isEqualTo(written);
    }
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteRepo(World.repo("images"));
          return true;
        });
    assertThat(world.files.finish(ann("finish"), open.name())).isEqualTo(finished);
    try (FileWriter repeat = world.files.write(ann("put"), World.branch("images@master"))) {
      assertThat(repeat.commit()).isEqualTo(written);
    }
  }

  private int rows(String table) {
    return world.metadata.read(rows -> rows.scan(table, "", "", 100).size());
  }
}
