package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.pipeline.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of joins and groups: a plan from the difference is the plan from nothing, and costs as much
/// as the difference.
@Timeout(120)
class KeyedJobsTest {
  @TempDir Path folder;

  private static Input.Files files(String repo, boolean outer) {
    return new Input.Files(
        repo,
        Lab.master(repo),
        "/(*)-*",
        false,
        false,
        false,
        Optional.of("$1"),
        outer,
        Optional.of("$1"));
  }

  private static final Input JOIN = new Input.Join(List.of(files("a", true), files("b", false)));
  private static final Input GROUP = new Input.Group(List.of(files("a", true), files("b", false)));

  @Test
  void afterAnyEditsThePlanIsThatFromNothing() throws InterruptedException {
    Random random = new Random(7);
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("a");
      lab.repoNamed("b");
      lab.pipeline(Lab.spec("joined", "nothing", JOIN));
      lab.pipeline(Lab.spec("grouped", "nothing", GROUP));
      for (int i = 0; i < 15; i++) {
        String repo = random.nextBoolean() ? "a" : "b";
        List<String> edits = new ArrayList<>();
        for (int j = random.nextInt(6); j >= 0; j--) {
          edits.add("k%d-%d".formatted(random.nextInt(5), random.nextInt(4)));
          edits.add("" + random.nextInt(100));
        }
        if (i % 4 == 3) {
          lab.delete(repo, edits.getFirst());
        } else {
          lab.put(repo, edits.toArray(String[]::new));
        }
        lab.newest("joined");
        lab.newest("grouped");
      }
      Job joined = lab.newest("joined");
      Job grouped = lab.newest("grouped");
      lab.pipeline(Lab.spec("joined2", "nothing", JOIN));
      lab.pipeline(Lab.spec("grouped2", "nothing", GROUP));

      assertThat(joined.base()).isPresent();
      assertThat(lab.newest("joined2").base()).isEmpty();
      assertThat(lab.newest("joined2").roots().datums()).isEqualTo(joined.roots().datums());
      assertThat(lab.newest("joined2").roots().index()).isEqualTo(joined.roots().index());
      assertThat(lab.newest("grouped2").roots().datums()).isEqualTo(grouped.roots().datums());
      assertThat(lab.newest("grouped2").roots().index()).isEqualTo(grouped.roots().index());
      assertThat(joined.datums().total()).isPositive();
      assertThat(lab.executor.doubled).isEmpty();
    }
  }

  @Test
  void oneMoreFileOfAKeyRunsTheDatumsOfThatKeyOnly() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("a");
      lab.repoNamed("b");
      lab.pipeline(Lab.spec("joined", "nothing", JOIN));
      lab.pipeline(Lab.spec("grouped", "nothing", GROUP));
      lab.put("a", many(300));
      lab.put("b", many(300));
      lab.newest("joined");
      lab.newest("grouped");

      lab.put("b", "k7-more", "x");

      assertThat(lab.newest("joined").datums()).isEqualTo(new Job.Counts(301, 1, 300, 0, 0));
      assertThat(lab.newest("grouped").datums()).isEqualTo(new Job.Counts(300, 1, 299, 0, 0));
    }
  }

  @Test
  void aReferenceIsNoReasonToRunAgain() throws InterruptedException {
    Input.Files table =
        new Input.Files(
            "b",
            Lab.master("b"),
            "/",
            false,
            false,
            true,
            Optional.empty(),
            false,
            Optional.empty());
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("a");
      lab.repoNamed("b");
      lab.pipeline(
          Lab.spec("looked", "nothing", new Input.Cross(List.of(Lab.files("a", "/*"), table))));
      lab.put("a", "1", "one", "2", "two");
      lab.put("b", "table", "x");
      lab.newest("looked");

      lab.put("b", "table", "y");

      assertThat(lab.newest("looked").datums()).isEqualTo(new Job.Counts(2, 0, 2, 0, 0));
    }
  }

  private static String[] many(int count) {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add("k%d-0".formatted(i));
      files.add("" + i);
    }
    return files.toArray(String[]::new);
  }
}
