package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that is gone: the store alone brings back all that was finished.
class RebuildTest {
  private static final String PIPELINE =
      """
      pipeline: {name: sums}
      input: {pfs: {repo: raw, glob: "/*"}}
      transform:
        cmd: [sh]
        stdin: ['for f in /pfs/raw/*; do sha256sum < $f > /pfs/out/$(basename $f); done']
      """;

  @TempDir Path folder;

  private static void settle(Instance dassie) throws IOException, InterruptedException {
    dassie.run("dassie wait commit sums@master --timeout 120s").expect(0);
  }

  @Test
  void aLostDatabaseIsMadeAnewFromTheStore() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo raw -d 'as it came'").expect(0);
      dassie.run("head -c 900000 /dev/urandom > large").expect(0);
      dassie.run("dassie put file raw@master:/large -f large -m first").expect(0);
      dassie.run("dassie create tag raw@v1 --head master").expect(0);
      dassie.run("echo b | dassie put file raw@master:/b -f -").expect(0);
      dassie.write("sums.yaml", PIPELINE);
      dassie.run("dassie create pipeline -f sums.yaml").expect(0);
      settle(dassie);
      String commits = dassie.run("dassie list commit raw -o json").expect(0).out();
      String sums = dassie.run("dassie get file sums@master:/large").expect(0).out();

      dassie.run("dassie down && mkdir lost && mv ../home/dassie.db* lost/").expect(0);
      assertThat(dassie.run("dassie up").expect(5).err())
          .contains("belongs to another database")
          .contains("`dassie server --rebuild`");
      dassie.run("rm ../home/dassie.db*; dassie up -- --rebuild").expect(0);

      assertThat(dassie.run("dassie list commit raw -o json").expect(0).out()).isEqualTo(commits);
      assertThat(dassie.run("dassie inspect repo raw -o json").expect(0).out())
          .contains("as it came");
      dassie.run("dassie get file raw@v1:/large | cmp - large").expect(0);
      assertThat(dassie.run("dassie get file sums@master:/large").expect(0).out()).isEqualTo(sums);
      dassie.run("dassie fsck").expect(0);
      // The pipeline is told again, and goes on with its history.
      dassie.run("dassie create pipeline -f sums.yaml").expect(0);
      dassie.run("echo c | dassie put file raw@master:/c -f -").expect(0);
      settle(dassie);
      dassie.run("dassie get file sums@master:/c").expect(0);
      dassie.run("dassie fsck && dassie gc --grace 0s && dassie fsck").expect(0);
      dassie.run("dassie down && dassie up").expect(0);
      dassie.run("dassie get file raw@v1:/large | cmp - large").expect(0);

      dassie.run("dassie down").expect(0);
      assertThat(dassie.run("dassie up -- --rebuild").expect(5).err())
          .contains("is not empty; expected a new one to rebuild into.");
      dassie.run("dassie up").expect(0);
    }
  }
}
