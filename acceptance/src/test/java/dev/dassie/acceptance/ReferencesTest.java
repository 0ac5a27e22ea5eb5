package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that stay where they are, from the outside.
class ReferencesTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("umask 022 && dassie create repo refs").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void pipelinesSeeReferencesAsFilesAndRunAgainOnlyWhenTheyAreAnotherVersion() throws Exception {
    dassie.run("mkdir -p in && echo one > in/1 && echo two > in/2 && chmod 644 in/*").expect(0);
    dassie.run("dassie put file -r --by-reference refs@piped:/ -f in").expect(0);
    dassie.write(
        "upper.yaml",
        """
        pipeline: {name: upper}
        input: {pfs: {repo: refs, branch: piped, glob: "/*"}}
        transform: {cmd: [sh, -c, "for f in /pfs/refs/*; do tr a-z A-Z < $f > /pfs/out/${f##*/}; done"]}
        """);

    dassie.run("dassie create pipeline -f upper.yaml").expect(0);
    dassie.run("dassie wait commit upper@master").expect(0);
    dassie.run("dassie put file --by-reference refs@piped:/1 -f in/1").expect(0);
    dassie.run("dassie wait commit upper@master").expect(0);
    Instance.Result job = dassie.run("dassie list job --pipeline upper -o jsonl").expect(0);

    assertThat(dassie.run("dassie get file upper@master:/2").expect(0).out()).isEqualTo("TWO\n");
    assertThat(job.lines().get(0)).contains("\"skipped\":2");
  }

  @Test
  void whatTheServerMayNotReadIsRefused() throws Exception {
    dassie.run("mkdir -p .hidden && echo x > .hidden/x && echo x > secret").expect(0);
    dassie.run("chmod 644 .hidden/x && chmod 600 secret && ln -s secret link").expect(0);

    for (String file : new String[] {".hidden/x", "secret", "link", "/proc/self/maps"}) {
      assertThat(dassie.run("dassie put file --by-reference refs@no:/x -f " + file).expect(4).err())
          .contains("references_allow");
    }
    assertThat(
            dassie
                .run("dassie put file --by-reference refs@no:/x -f $DASSIE_HOME/format")
                .expect(4)
                .err())
        .contains("references_allow");
    dassie.run("dassie inspect branch refs@no").expect(3);
  }

  @Test
  void whatIsNotThereOrNotSupportedIsSaid() throws Exception {
    assertThat(dassie.run("dassie put file --by-reference refs@no:/x -f nothing").expect(3).err())
        .contains("/nothing`");
    assertThat(dassie.run("dassie put file --by-reference refs@no:/x -f s3://b/k").expect(2).err())
        .contains("s3://")
        .contains("not supported yet");
    assertThat(dassie.run("dassie put file --by-reference -a refs@no:/x -f x").expect(2).err())
        .contains("--by-reference");
  }

  @Test
  void driftIsReportedByEveryReadAndAdoptingKeepsTheBytes() throws Exception {
    dassie.run("echo data > d && chmod 644 d").expect(0);
    dassie.run("dassie put file --by-reference refs@drift:/x/ -f d").expect(0);
    dassie.run("touch -d '2001-01-01' d").expect(0);

    Instance.Result read = dassie.run("dassie get file refs@drift:/x/d").expect(1);
    Instance.Result adopt = dassie.run("dassie adopt refs@drift").expect(1);
    dassie.run("dassie put file --by-reference refs@drift:/x/d -f d").expect(0);
    dassie.run("dassie adopt refs@drift:/x && rm d").expect(0);
    dassie.run("dassie adopt refs@drift:/x").expect(0);

    assertThat(read.err()).contains("`/x/d`").contains("/d`").contains("mtime:");
    assertThat(adopt.err()).contains("changed since");
    assertThat(dassie.run("dassie get file refs@drift:/x/d").expect(0).out()).isEqualTo("data\n");
    assertThat(dassie.run("dassie list commit refs@drift -o jsonl").expect(0).lines()).hasSize(3);
  }
}
