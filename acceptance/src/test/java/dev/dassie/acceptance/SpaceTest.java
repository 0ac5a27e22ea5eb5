package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of the folder `store` before and after what is in it is let go.
class SpaceTest {
  private static final int MEGABYTE = 1_000_000;

  @TempDir Path folder;
  private Instance dassie;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    for (String name : new String[] {"kept", "one", "two", "three"}) {
      dassie.run("head -c 3000000 /dev/urandom > " + name).expect(0);
    }
    dassie.run("dassie create repo keep").expect(0);
    dassie.run("dassie put file keep@master:/kept -f kept").expect(0);
  }

  @AfterEach
  void stop() throws IOException {
    dassie.close();
  }

  private long used() throws IOException {
    try (Stream<Path> files = Files.walk(dassie.home().resolve("store"))) {
      return files.filter(Files::isRegularFile).mapToLong(SpaceTest::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sound() throws Exception {
    dassie.run("dassie get file keep@master:/kept | cmp - kept").expect(0);
    dassie.run("dassie fsck").expect(0);
  }

  @Test
  void theSpaceOfDeletedReposAndCommitsAndAbandonedOpenCommitsComesBack() throws Exception {
    long before = used();
    dassie.run("dassie create repo drop && dassie put file drop@master:/one -f one").expect(0);
    dassie.run("dassie put file keep@master:/two -f two").expect(0);
    dassie.run("dassie create repo work && dassie start commit work@master").expect(0);
    dassie.run("dassie put file work@master:/three -f three").expect(0);
    long most = used();
    assertThat(most - before).isGreaterThan(9 * MEGABYTE);
    dassie.run("dassie delete repo drop").expect(0);
    dassie.run("dassie delete commit keep@master").expect(0);
    dassie.run("dassie delete commit work@master").expect(0);

    dassie.run("dassie gc --grace 0s").expect(0);

    assertThat(used() - before).isLessThan(MEGABYTE / 10);
    sound();
  }

  @Test
  void packsThatAreMostlyDeadAreRewritten() throws Exception {
    dassie
        .run("mkdir many; for i in 1 2 3 4 5 6 7 8; do head -c 500000 /dev/urandom > many/$i; done")
        .expect(0);
    dassie.run("dassie put file -r keep@master:/many -f many").expect(0);
    long before = used();
    dassie.run("dassie start commit keep@master").expect(0);
    for (int i = 2; i <= 8; i++) {
      dassie.run("dassie delete file keep@master:/many/" + i).expect(0);
    }
    dassie.run("dassie finish commit keep@master").expect(0);
    dassie.run("dassie squash commit keep@master^").expect(0);

    String report = dassie.run("dassie gc --grace 0s -o json").expect(0).out();

    assertThat(report).containsPattern("\"packs_rewritten\": [1-9]");
    assertThat(before - used()).isGreaterThan(3 * MEGABYTE);
    dassie.run("dassie get file keep@master:/many/1 | cmp - many/1").expect(0);
    sound();
  }

  @Test
  void theSpaceComesBackWhileOthersWrite() throws Exception {
    String loop =
        "for i in $(seq 12); do head -c 300000 /dev/urandom > w%1$d.$i &&"
            + " dassie put file w%1$d@master:/$i -f w%1$d.$i || exit 1; done";
    dassie.run("dassie create repo w1 && dassie create repo w2").expect(0);
    Process first = dassie.start(loop.formatted(1)).start();
    Process second = dassie.start(loop.formatted(2)).start();
    int rounds = 0;
    while (first.isAlive() || second.isAlive() || rounds == 0) {
      rounds++;
      dassie.run("dassie create repo drop && dassie put file drop@master:/one -f one").expect(0);
      dassie.run("dassie delete repo drop").expect(0);
      dassie.run("dassie gc --grace 0s").expect(0);
    }
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isZero();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();

    dassie.run("dassie gc --grace 0s").expect(0);

    assertThat(used()).isLessThan(3 * MEGABYTE + 2 * 12 * 300_000L + MEGABYTE / 2);
    dassie
        .run(
            "for w in 1 2; do for i in $(seq 12); do"
                + " dassie get file w$w@master:/$i | cmp - w$w.$i || exit 1; done; done")
        .expect(0);
    sound();
  }

  @Test
  void commitsThatARuleLetsGoAreListedFirstAndThenGo() throws Exception {
    dassie.run("dassie create repo log").expect(0);
    for (int i = 0; i < 4; i++) {
      dassie.run("echo " + i + " | dassie put file log@master:/f -f -").expect(0);
    }
    dassie.run("dassie create tag log@first --head log@master~3").expect(0);
    dassie.run("dassie create branch log@master --keep-last 2").expect(0);
    assertThat(dassie.run("dassie inspect branch log@master -o json").expect(0).out())
        .containsPattern("\"keep\": *\\{\\s*\"last\": 2");

    String planned = dassie.run("dassie gc --rules log@master --dry-run").expect(0).out();
    assertThat(planned).contains("the tag `first` names it", "is among the newest 2");
    assertThat(dassie.run("dassie list commit log@master").expect(0).lines()).hasSize(5);
    String done = dassie.run("dassie gc --rules -o jsonl").expect(0).out();

    assertThat(done.lines().filter(line -> line.contains("\"goes\":true"))).hasSize(1);
    assertThat(dassie.run("dassie list commit log@master").expect(0).lines()).hasSize(4);
    dassie.run("dassie create branch log@master --keep-all").expect(0);
    assertThat(dassie.run("dassie inspect branch log@master -o json").expect(0).out())
        .doesNotContain("\"keep\"");
    assertThat(dassie.run("dassie create branch log@master --keep-last 0").expect(2).err())
        .contains("`0`");
  }
}
