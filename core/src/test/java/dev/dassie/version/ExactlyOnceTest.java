package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactlyOnceTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
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

  private int rows(String table) {
    return world.metadata.read(rows -> rows.scan(table, "", "", 100).size());
  }
}
