package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.executor.datum.Limits;
import dev.dassie.executor.datum.Share;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Code that takes all it can get. Each is ended by a limit, and says which.
class LimitsTest {
  static final Limits SMALL = new Limits(Share.ofBytes(8 << 20), Share.ofBytes(192 << 20), 60);

  private static final String DISK =
      "The code wrote more than 8 MiB to the disk and was ended: raise `datum_disk` in the"
          + " configuration of the server.";
  private static final String PROCESSES =
      "The code had more than 60 processes and threads at once and was killed: raise"
          + " `datum_processes` in the configuration of the server.";
  private static final String MEMORY =
      "The code used more than 192 MiB of memory and was killed: raise `datum_memory` in the"
          + " configuration of the server.";

  private Workshop shop;

  @BeforeEach
  void open() throws Exception {
    shop = new Workshop(Sandbox.NAMESPACES, settings -> settings.within(SMALL));
  }

  @AfterEach
  void close() throws Exception {
    shop.close();
  }

  @Test
  void aFileWithoutEndIsCut() throws Exception {
    assertThat(reason(shop.sh("exec cat /dev/zero > /pfs/out/file"))).isEqualTo(DISK);
    assertThat(reason(shop.sh("cat /dev/zero > /pfs/out/file; echo went on; exit 3")))
        .isEqualTo(DISK);
    assertThat(reason(shop.sh("exec cat /dev/zero > /tmp/file"))).isEqualTo(DISK);
  }

  @Test
  void codeThatIsToldSoIsStoppedToo() throws Exception {
    String python =
        """
        import sys
        try:
          open('/pfs/out/file', 'wb').write(bytes(20 << 20))
        except OSError:
          sys.exit(1)
        """;

    Task task = shop.task(Workshop.transform(List.of("python3", "-c", python)), shop.item());

    assertThat(reason(shop.run(task).getFirst())).isEqualTo(DISK);
  }

  @Test
  void filesWithoutEndAreStopped() throws Exception {
    String script =
        "mkdir /pfs/out/d; i=0; while :; do head -c 1048576 /dev/zero > /pfs/out/d/$i;"
            + " i=$(((i + 1) % 100)); done";

    assertThat(reason(shop.sh(script))).isEqualTo(DISK);
  }

  @Test
  void whatHasNoBytesYetCountsAsMuchAsIsStored() throws Exception {
    assertThat(reason(shop.sh("truncate -s 7M /pfs/out/a; truncate -s 7M /pfs/out/b")))
        .isEqualTo(DISK);
    assertThat(
            reason(shop.sh("head -c 5000000 /dev/urandom > /pfs/out/a; ln -s a /pfs/out/b; exit")))
        .isEqualTo(DISK);
    assertThat(shop.contents(shop.sh("head -c 8388608 /dev/zero > /pfs/out/a"))).hasSize(1);
  }

  @Test
  void processesWithoutEndAreStoppedAndTheNextDatumIsWell() throws Exception {
    assertThat(reason(shop.sh("while :; do sleep 1000 & done"))).isEqualTo(PROCESSES);
    assertThat(reason(shop.sh("b() { b | b & b; }; b"))).isEqualTo(PROCESSES);
    assertThat(shop.log(shop.sh("echo next; ps -e | wc -l"))).startsWith("next\n");
  }

  @Test
  void threadsCountAsProcesses() throws Exception {
    String python =
        """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(1000,)).start()
        """;

    Task task = shop.task(Workshop.transform(List.of("python3", "-c", python)), shop.item());

    assertThat(reason(shop.run(task).getFirst())).isEqualTo(PROCESSES);
  }

  @Test
  void memoryWithoutEndIsStopped() throws Exception {
    assertThat(reason(shop.sh("exec tail /dev/zero"))).isEqualTo(MEMORY);
    String script = "for i in 1 2 3 4; do tail /dev/zero & done; wait";
    assertThat(reason(shop.sh(script))).isEqualTo(MEMORY);
  }

  @Test
  void filesInMemoryCountAsMemory() throws Exception {
    String script = "i=0; while :; do head -c 4194304 /dev/zero > /dev/shm/$i; i=$((i + 1)); done";

    assertThat(reason(shop.sh(script))).isEqualTo(MEMORY);
  }

  @Test
  void memoryThatProcessesShareCountsOnce() throws Exception {
    String python =
        """
        import os, time
        kept = bytearray(os.urandom(1 << 20)) * 100
        for i in range(6):
          if os.fork() == 0:
            time.sleep(0.7)
            os._exit(0)
        for i in range(6): os.wait()
        open('/pfs/out/done', 'w').write(str(len(kept)))
        """;

    Task task = shop.task(Workshop.transform(List.of("python3", "-c", python)), shop.item());

    assertThat(shop.contents(shop.run(task).getFirst())).containsEntry("/done", "104857600");
  }

  @Test
  void aSpecMaySayLessAndItsFieldIsNamed() throws Exception {
    Resources less = new Resources(64 << 20, 0, 1 << 20);

    assertThat(reason(run("exec tail /dev/zero", less)))
        .isEqualTo(
            "The code used more than 64 MiB of memory and was killed: raise"
                + " `resourceLimits.memory` in the spec.");
    assertThat(reason(run("exec cat /dev/zero > /pfs/out/file", less)))
        .isEqualTo(
            "The code wrote more than 1 MiB to the disk and was ended: raise"
                + " `resourceLimits.disk` in the spec.");
    assertThat(reason(run("exec tail /dev/zero", new Resources(1L << 40, 0, 0)))).isEqualTo(MEMORY);
  }

  @Test
  void cpusAreThoseOfTheSpec() throws Exception {
    String all = Integer.toString(Runtime.getRuntime().availableProcessors());

    assertThat(shop.log(run("nproc", new Resources(0, 500, 0)))).isEqualTo("1\n");
    assertThat(shop.log(run("nproc", new Resources(0, 1_000_000, 0)))).isEqualTo(all + "\n");
    assertThat(shop.log(run("nproc", Resources.UNLIMITED))).isEqualTo(all + "\n");
  }

  @Test
  void theKernelChoosesCodeBeforeTheServerWhenMemoryRunsOut() throws Exception {
    int own = Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).strip());

    int code = Integer.parseInt(shop.log(shop.sh("cat /proc/self/oom_score_adj")).strip());

    assertThat(code).isGreaterThanOrEqualTo(900).isGreaterThanOrEqualTo(own);
  }

  @Test
  void aProgramForManyDatumsIsStoppedInTheDatumThatItHas() throws Exception {
    String python =
        """
        import os, socket
        def ask():
            server = socket.socket(socket.AF_UNIX)
            server.connect(os.environ["DASSIE_NEXT"])
            server.sendall(b"next\\n")
            answer = b"".join(iter(lambda: server.recv(65536), b""))
            return dict(p.split("=", 1) for p in answer.decode().split("\\0") if p)
        while datum := ask():
            if open(datum["in"]).read() == "hungry":
                kept = []
                while True: kept.append(bytearray(1 << 20))
        """;
    Map<String, String> files = Map.of("a", "fine", "b", "hungry", "c", "fine");
    Task.Item[] items = new Task.Item[3];
    for (int i = 0; i < 3; i++) {
      items[i] = shop.item(shop.part("in", shop.fileset(files), "abc".substring(i, i + 1)));
    }
    Task task = shop.task(Workshop.transform(List.of("python3", "-c", python)), items);

    List<Ending> endings = shop.run(batching(task));

    assertThat(endings.get(0)).isInstanceOf(Ending.Succeeded.class);
    assertThat(reason(endings.get(1))).isEqualTo(MEMORY);
    assertThat(endings.get(2)).isInstanceOf(Ending.Succeeded.class);
  }

  @Test
  void anOrdinaryUserHasTheSameLimits() throws Exception {
    assertThat(OrdinaryUser.run(UserLimits.class))
        .isEqualTo(DISK + "\n" + PROCESSES + "\n" + MEMORY);
  }

  @Test
  void whatIsNotKeptIsSaid() throws Exception {
    int cpus = Runtime.getRuntime().availableProcessors();

    assertThat(shop.executor.notes(Resources.UNLIMITED)).isEmpty();
    assertThat(shop.executor.notes(new Resources(1 << 20, 1000, 1 << 20))).isEmpty();
    assertThat(shop.executor.notes(new Resources(1 << 30, 500, 0)))
        .containsExactly(
            "`resourceLimits.cpu` is `500m`: the code may use 1, as only whole CPUs are given out.",
            "`resourceLimits.memory` is `1073741824`, and at most 192 MiB are allowed: raise"
                + " `datum_memory` in the configuration of the server.");
    assertThat(shop.executor.notes(new Resources(0, 1000 * (cpus + 1), 0)).getFirst())
        .endsWith("and this machine has " + cpus + " CPUs.");
  }

  private Ending run(String script, Resources resources) throws InterruptedException {
    Task task = shop.task(Workshop.shell(script), shop.item());
    return shop.run(within(task, resources)).getFirst();
  }

  private static Task within(Task task, Resources resources) {
    return new Task(
        task.lease(),
        task.pipeline(),
        task.transform(),
        task.source(),
        task.environment(),
        task.env(),
        task.items(),
        new Task.Limits(1, Optional.empty(), 1 << 20, resources));
  }

  private static Task batching(Task task) {
    return new Task(
        task.lease(),
        task.pipeline(),
        task.transform(),
        task.source(),
        task.environment(),
        task.secrets(),
        task.env(),
        task.items(),
        task.limits(),
        true);
  }

  static String reason(Ending ending) {
    return ending instanceof Ending.Failed failed ? failed.reason() : ending.toString();
  }
}
