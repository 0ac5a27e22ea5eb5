package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gc` and `fsck` against the real server: bytes on the disk before and after.
class RetentionCommandsTest {
  private static final int SIZE = 3_000_000;

  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("dassie create repo keep && dassie create repo drop").expect(0);
    dassie
        .run("head -c 200000 /dev/urandom > noise && head -c 3000000 /dev/urandom > more")
        .expect(0);
    dassie.run("dassie put file keep@master:/noise -f noise").expect(0);
    dassie.run("dassie put file drop@master:/noise -f noise").expect(0);
    dassie.run("dassie put file drop@master:/more -f more").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  private static long stored() throws Exception {
    String bytes =
        dassie
            .run(
                "dassie status -o json | python3 -c \"import json,sys;"
                    + " print(json.load(sys.stdin)['storage']['bytes'])\"")
            .expect(0)
            .out();
    return Long.parseLong(bytes.strip());
  }

  @Test
  void theSpaceOfADeletedRepoComesBackAndTheRestStays() throws Exception {
    String held = dassie.run("dassie gc --explain drop -o json").expect(0).out();
    assertThat(held).contains("\"default/keep@master\"");
    dassie.run("dassie delete repo drop").expect(0);
    long before = stored();

    String early = dassie.run("dassie gc").expect(0).out();
    // The record of the commit may go at once, its files may not.
    assertThat(early).matches("(?s)Freed \\d+ B: .*").contains("deleted");
    assertThat(before - stored()).isBetween(0L, 1_000L);
    long kept = stored();
    String planned = dassie.run("dassie gc --dry-run --grace 0s").expect(0).out();
    assertThat(planned).startsWith("Would free 2.86 MiB");
    assertThat(stored()).isEqualTo(kept);
    dassie.run("dassie gc --grace 0s").expect(0);

    assertThat(before - stored()).isGreaterThan(SIZE);
    dassie.run("dassie get file keep@master:/noise | cmp - noise").expect(0);
  }

  @Test
  void aGraceThatIsNoTimeIsRefused() throws Exception {
    Instance.Result result = dassie.run("dassie gc --grace soon");

    assertThat(result.expect(2).err()).contains("`soon`");
  }
}
