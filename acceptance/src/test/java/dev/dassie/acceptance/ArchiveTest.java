package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An instance that moves: everything arrives as it was, and goes on. Archives that are not whole,
/// or not what they seem, change nothing.
class ArchiveTest {
  private static final String ID =
      "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"id\"])'";

  @TempDir static Path folder;
  private static Instance old;
  private static Instance fresh;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    old = Instance.started(Files.createDirectories(folder.resolve("old")));
    fresh = Instance.started(Files.createDirectories(folder.resolve("fresh")));
    old.run("dassie create project lab && dassie create repo raw --project lab").expect(0);
    old.run("mkdir in && printf a > in/a && printf b > in/b && head -c 3000000 /dev/urandom > in/c")
        .expect(0);
    old.run("dassie put file --project lab -r raw@master:/ -f in -m 'the first'").expect(0);
    old.run("dassie create tag --project lab raw@v1 --head master").expect(0);
    old.run("dassie create branch --project lab raw@side --head v1").expect(0);
    old.run("printf s | dassie put file --project lab raw@side:/s -f -").expect(0);
    old.write(
        "sums.yaml",
        """
        pipeline: {name: sums, project: lab}
        input: {pfs: {repo: raw, glob: "/*"}}
        transform:
          cmd: [sh]
          stdin: ['for f in /pfs/raw/*; do sha256sum < $f > /pfs/out/$(basename $f); echo summed $f; done']
        """);
    old.run("dassie create pipeline -f sums.yaml").expect(0);
    settle(old);
    old.run("printf d | dassie put file --project lab raw@master:/d -f -").expect(0);
    settle(old);
  }

  @AfterAll
  static void stop() throws IOException {
    old.close();
    fresh.close();
  }

  private static void settle(Instance instance) throws IOException, InterruptedException {
    instance
        .run(
            "dassie wait job $(dassie inspect commit --project lab raw@master -o json | %s) --timeout 120s"
                .formatted(ID))
        .expect(0);
  }

  private static void assertSame(List<String> commands) throws IOException, InterruptedException {
    for (String command : commands) {
      String expected = old.run(command).expect(0).out();
      assertThat(expected).as(command).isNotEmpty();
      assertThat(fresh.run(command).expect(0).out()).as(command).isEqualTo(expected);
    }
  }

  @Test
  void anInstanceMovesAndGoesOn() throws Exception {
    Path archive = old.work().resolve("all.dar");
    old.run("dassie export --all -o all.dar").expect(0);
    assertThat(fresh.run("dassie import " + archive).expect(0).err())
        .contains("New here: 3 repos, 6 commits, 5 branches and tags, 1 pipelines, 2 jobs.");

    assertSame(
        List.of(
            "dassie list commit --project lab raw -o json",
            "dassie list commit --project lab sums -o json",
            "dassie list branch --project lab raw -o json",
            "dassie list tag --project lab raw -o json",
            "dassie inspect file --project lab raw@master:/ -o json",
            "dassie inspect file --project lab sums@master:/ -o json",
            "dassie get file --project lab raw@v1:/c | sha256sum",
            "dassie inspect pipeline --project lab sums -o json",
            "dassie list job --project lab -o json",
            "dassie logs --project lab -p sums",
            "dassie why --project lab sums@master:/c -o json"));
    assertThat(fresh.run("dassie import " + archive).expect(0).err())
        .contains("New here: 0 repos, 0 commits, 0 branches and tags, 0 pipelines, 0 jobs.");
    fresh.run("printf e | dassie put file --project lab raw@master:/e -f -").expect(0);
    settle(fresh);
    assertThat(fresh.run("dassie list job --project lab -p sums -o jsonl | head -1").out())
        .contains("\"total\":5,\"success\":1,\"skipped\":4");
    fresh.run("dassie fsck").expect(0);
    fresh.run("dassie gc --grace 0s").expect(0);
    fresh.run("dassie get file --project lab sums@master:/e").expect(0);
    fresh.run("dassie down && dassie up").expect(0);
    fresh.run("dassie get file --project lab sums@master:/c").expect(0);
  }

  @Test
  void whatIsNotWholeOrStandsForSomethingElseChangesNothing() throws Exception {
    old.run("dassie create repo kept && printf x | dassie put file kept@master:/x -f -").expect(0);
    old.run("dassie export kept -o kept.dar && head -c 200 kept.dar > cut.dar").expect(0);
    old.run("cp kept.dar bad.dar && printf y | dd of=bad.dar bs=1 seek=150 conv=notrunc").expect(0);
    old.run("dassie import kept.dar").expect(0);
    old.run("dassie delete repo kept").expect(0);

    assertThat(old.run("dassie import cut.dar").expect(2).err())
        .contains("`cut off at byte 200`")
        .contains("Nothing was imported.");
    assertThat(old.run("dassie import bad.dar").expect(2).err()).contains("`damaged at byte ");
    assertThat(old.run("dassie import sums.yaml").expect(2).err()).contains("`no archive`");
    old.run("dassie inspect repo kept").expect(3);
    old.run("cat kept.dar | dassie import -").expect(0);
    assertThat(old.run("dassie get file kept@master:/x").expect(0).out()).isEqualTo("x");
    old.run("dassie delete repo kept && dassie create repo kept").expect(0);
    assertThat(old.run("dassie import kept.dar").expect(5).err())
        .contains("The repo `kept` of the archive was created by")
        .contains("--as NAME");
    old.run("dassie import kept.dar --as found").expect(0);
    assertThat(old.run("dassie get file found@master:/x").expect(0).out()).isEqualTo("x");
    old.run("dassie get file kept@master:/x").expect(3);
    assertThat(old.run("dassie export nothing -o n.dar").expect(3).err()).contains("`nothing`");
    assertThat(old.run("dassie export -o n.dar").expect(2).err()).contains("repos or `--all`");
    old.run("test ! -e n.dar && test -z \"$(ls -A | grep part)\"").expect(0);
  }
}
