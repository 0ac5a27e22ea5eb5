package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects that are on their way for long: through a server with little memory, and under one that
/// is told to end. `make nightly` does the first with five gigabytes.
class S3TransfersTest {
  /// Signs as anybody on this machine may, who may not measure the body beforehand.
  private static final String S3 =
      "curl -sS --aws-sigv4 aws:amz:us-east-1:s3 -u ann:ann -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' ";

  private static final String URL = "http://127.0.0.1:$DASSIE_S3_PORT/master.big/";

  /// MiB of the object that goes through the server with little memory.
  private static final int LARGE = Integer.getInteger("dassie.object", 320);

  /// What the server may have, in MiB: heap, and buffers outside of it.
  private static final int HEAP = 128;

  private static final int BUFFERS = 48;

  @TempDir Path folder;

  private static void noise(Instance dassie, String file, int mib) throws Exception {
    dassie
        .run(
            "head -c %dM /dev/zero | openssl enc -aes-128-ctr -nosalt -pass pass:seed -pbkdf2 > %s"
                .formatted(mib, file))
        .expect(0);
  }

  @Test
  void anObjectLargerThanTheMemoryOfTheServerGoesThroughIt() throws Exception {
    assertThat(LARGE).isGreaterThan(HEAP + BUFFERS);
    try (Instance dassie = new Instance(folder)) {
      dassie
          .environment()
          .put(
              "DASSIE_SERVER_OPTIONS",
              "-Xmx%dm -XX:MaxDirectMemorySize=%dm".formatted(HEAP, BUFFERS));
      dassie.run("dassie up && dassie create repo big").expect(0);
      noise(dassie, "object", LARGE);

      dassie.run(S3 + "-f -T object " + URL + "object").expect(0);

      dassie.run(S3 + "-f " + URL + "object | cmp - object").expect(0);
      String most = dassie.run("grep VmHWM /proc/" + pid(dassie) + "/status").expect(0).out();
      System.out.printf("%d MiB through a heap of %d MiB: %s", LARGE, HEAP, most);
    }
  }

  @Test
  void aServerThatIsToldToEndDoesSoWithTransfersInFlight() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo big").expect(0);
      noise(dassie, "object", 64);
      dassie.run(S3 + "-f -T object " + URL + "there").expect(0);
      Process put = slowly(dassie, "-T object " + URL + "half", "put");
      Process get = slowly(dassie, "-o part " + URL + "there", "get");
      awaitText(dassie.work().resolve("put.trace"), "=> Send data");
      awaitText(dassie.work().resolve("get.trace"), "<= Recv data");
      String pid = pid(dassie);

      dassie.run("kill -TERM " + pid).expect(0);
      ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      assertThat(server.onExit().orTimeout(10, TimeUnit.SECONDS).join().isAlive()).isFalse();

      assertThat(put.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(put.exitValue()).as("the put is not taken for done").isNotZero();
      assertThat(get.exitValue()).as("the part is not taken for the whole").isNotZero();
      dassie.run("dassie up").expect(0);
      assertThat(dassie.run("dassie list file big@master:/ -o jsonl").expect(0).lines()).hasSize(1);
      dassie.run(S3 + "-f " + URL + "there | cmp - object").expect(0);
    }
  }

  private static Process slowly(Instance dassie, String what, String name) throws Exception {
    return dassie
        .start("exec " + S3 + "-f --limit-rate 1M --trace-ascii " + name + ".trace " + what)
        .redirectErrorStream(true)
        .redirectOutput(dassie.work().resolve(name + ".out").toFile())
        .start();
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("`%s` in %s", text, file).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static String pid(Instance dassie) throws Exception {
    return dassie
        .run("dassie status -o json | sed -n 's/.*\"pid\": *\\([0-9]*\\).*/\\1/p'")
        .expect(0)
        .out()
        .strip();
  }

  @Test
  void aBranchSaysHowWritesThroughS3BecomeCommits() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo big").expect(0);
      dassie
          .run("dassie create branch big@master --s3-commits manual --s3-quiet 7s --s3-latest 9m")
          .expect(0);

      assertThat(dassie.run("dassie inspect branch big@master -o json").expect(0).out())
          .contains("\"commits\": \"manual\"", "\"quiet_ms\": 7000", "\"latest_ms\": 540000");
      dassie.run("dassie create branch big@master --s3-quiet 8s").expect(0);
      assertThat(dassie.run("dassie inspect branch big@master -o json").expect(0).out())
          .as("what is not said stays")
          .contains("\"commits\": \"manual\"", "\"quiet_ms\": 8000", "\"latest_ms\": 540000");
      refused(dassie, "--s3-commits often", "often", "each, quiet or manual");
      refused(dassie, "--s3-quiet 1000h", "100ms to 30 days");
      refused(dassie, "--s3-latest 2s", "2s", "8s to 30 days");
      refused(dassie, "--s3-quiet soon", "soon");
    }
  }

  private static void refused(Instance dassie, String flags, String... words) throws Exception {
    assertThat(dassie.run("dassie create branch big@master " + flags).expect(2).err())
        .contains(words);
  }
}
