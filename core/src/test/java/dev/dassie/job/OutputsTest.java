package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a job's output is made of (design D6).
@Timeout(60)
class OutputsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /// Each line `path=text` of its input is a file.
  private static Map<String, String> lines(Map<String, String> files) {
    Map<String, String> out = new TreeMap<>();
    for (String text : files.values()) {
      for (String line : text.split("\n")) {
        if (!line.isEmpty()) {
          out.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
      }
    }
    return out;
  }

  @Test
  void twoDatumsThatWriteOnePathFailTheJobAndTheOthersAreRecorded() throws InterruptedException {
    lab.executor.code("lines", OutputsTest::lines);
    lab.pipeline(Lab.spec("edges", "lines", Lab.files("in", "/*")));
    lab.put("in", "a", "x=1", "b", "x=2", "c", "y=3");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).contains("Two datums wrote `/x`").contains("`in:/a`", "`in:/b`");
    lab.until(() -> lab.jobs().inspect(job.name()).datums().success() == 3);
    lab.executor.ran.clear();
    lab.delete("in", "b");
    assertThat(lab.newest("edges").state()).isEqualTo(Job.State.SUCCESS);
    assertThat(lab.executor.ran).isEmpty();
    assertThat(lab.read("edges")).isEqualTo(Map.of("x", "1", "y", "3"));
  }

  @Test
  void theJobFailsAtOnceThoughOtherDatumsStillRun() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    lab.executor.code(
        "lines",
        files -> {
          if (files.containsKey("in/z")) {
            slow.await();
          }
          return lines(files);
        });
    lab.pipeline(Lab.spec("edges", "lines", Lab.files("in", "/*")));
    lab.put("in", "a", "x=1", "b", "x=2", "z", "z=3");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.datums().success()).isLessThan(3);
    slow.countDown();
    lab.until(() -> lab.jobs().inspect(job.name()).datums().success() == 3);
  }

  @Test
  void aFileAndADirectoryAtOnePathCollide() throws InterruptedException {
    lab.executor.code("lines", OutputsTest::lines);
    lab.pipeline(Lab.spec("edges", "lines", Lab.files("in", "/*")));
    lab.put("in", "a", "x/y/z=1", "b", "x/y=2");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).contains("`/x/y`", "`/x/y/z`", "`in:/a`", "`in:/b`");
  }

  @Test
  void aPathThatMovesFromOneDatumToAnotherDoesNotCollide() throws InterruptedException {
    lab.executor.code("lines", OutputsTest::lines);
    lab.pipeline(Lab.spec("edges", "lines", Lab.files("in", "/*")));
    lab.put("in", "a", "x=1", "b", "y=2");
    lab.newest("edges");

    lab.put("in", "a", "y=1", "b", "x=2");
    Job job = lab.newest("edges");

    assertThat(job.reason()).isEmpty();
    assertThat(lab.read("edges")).isEqualTo(Map.of("x", "2", "y", "1"));
  }

  @Test
  void concatJoinsInDatumOrderAndForgetsWhatIsGone() throws InterruptedException {
    lab.executor.code("lines", OutputsTest::lines);
    lab.pipeline(Lab.concat(Lab.spec("words", "lines", Lab.files("in", "/*"))));
    lab.put("in", "c", "x=3", "a", "x=1", "b", "x=2\ny=2");
    lab.newest("words");
    assertThat(lab.read("words")).isEqualTo(Map.of("x", "123", "y", "2"));

    lab.delete("in", "b");
    lab.newest("words");
    assertThat(lab.read("words")).isEqualTo(Map.of("x", "13"));
  }

  @Test
  void anUnchangedDatumMapGivesTheSameTree() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*.txt")));
    lab.put("in", "a.txt", "1");
    Hash before = tree(lab.newest("edges"));

    lab.put("in", "other", "2");
    Job job = lab.newest("edges");

    assertThat(tree(job)).isEqualTo(before);
    assertThat(job.datums()).isEqualTo(new Job.Counts(1, 0, 1, 0, 0));
  }

  @Test
  void aCrossPlansOnlyWhatChangedAndGivesWhatTheWholeGives() throws InterruptedException {
    lab.repoNamed("par");
    Input cross = new Input.Cross(List.of(Lab.files("par", "/*"), Lab.files("in", "/*/")));
    lab.executor.code("pair", files -> Map.of(String.join("+", files.keySet()), "" + files));
    lab.pipeline(Lab.spec("edges", "pair", cross));
    lab.put("in", "d/1", "1", "d/2", "2", "e/1", "3");
    lab.put("par", "p", "p", "q", "q");
    assertThat(lab.newest("edges").datums().total()).isEqualTo(4);
    lab.executor.ran.clear();

    lab.put("in", "e/1", "4");
    lab.newest("edges");
    assertThat(lab.executor.ran).hasSize(2);
    lab.put("par", "r", "r");
    lab.newest("edges");
    lab.delete("in", "d/1", "d/2");
    lab.newest("edges");
    Hash grown = tree(lab.newest("edges"));
    Job last = lab.newest("edges");

    lab.pipeline(Lab.spec("fresh", "pair", cross));
    Job whole = lab.newest("fresh");
    assertThat(tree(whole)).isEqualTo(grown);
    assertThat(whole.roots().datums()).isEqualTo(last.roots().datums());
    assertThat(whole.roots().owners()).isEqualTo(last.roots().owners());
  }

  @Test
  void theOutputDoesNotDependOnTheScheduleNorOnTheWayThere() throws InterruptedException {
    Random random = new Random(7);
    lab.executor.code(
        "lines",
        files -> {
          // Datums take differently long each time, so that they end in another order.
          Digest busy = Digest.of(new byte[0]);
          for (int turns = random.nextInt(300); turns > 0; turns--) {
            busy = Digest.of(busy.toBytes());
          }
          return lines(files);
        });
    lab.pipeline(Lab.spec("edges", "lines", Lab.files("in", "/*/*")));
    Map<String, String> model = new HashMap<>();
    for (int round = 0; round < 8; round++) {
      change(random, model, round);
      Job job = lab.newest("edges");
      assertThat(job.reason()).isEmpty();
      assertThat(lab.read("edges")).isEqualTo(lines(model));

      lab.pipeline(Lab.spec("fresh" + round, "lines", Lab.files("in", "/*/*")));
      Job fresh = lab.newest("fresh" + round);
      assertThat(tree(fresh)).isEqualTo(tree(job));
      assertThat(fresh.roots()).isEqualTo(job.roots());
    }
  }

  private void change(Random random, Map<String, String> model, int round) {
    List<String> puts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String path = random.nextInt(5) + "/f" + random.nextInt(30);
      String owned = path.replace('/', '-');
      String text = "";
      for (int j = random.nextInt(4); j >= 0; j--) {
        text += "out/" + random.nextInt(3) + "/" + owned + "-" + j + "=" + random.nextInt() + "\n";
      }
      puts.add(path);
      puts.add(text);
      model.put(path, text);
    }
    lab.put("in", puts.toArray(String[]::new));
    if (round > 0) {
      List<String> gone =
          model.keySet().stream().sorted().filter(path -> random.nextInt(4) == 0).toList();
      gone.forEach(model::remove);
      lab.delete("in", gone.toArray(String[]::new));
    }
  }

  private Hash tree(Job job) {
    return lab.world
        .versions
        .inspect(job.name().output())
        .finishedFiles()
        .map(files -> files.hash())
        .or(Optional::empty)
        .orElseThrow();
  }
}
