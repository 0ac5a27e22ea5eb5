package dev.dassie.executor.process;

import static dev.dassie.executor.process.Workshop.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Processes that stay, in every sandbox.
class StayTest {
  /// Remembers what a process wrote, and tells when a word was among it.
  private static final class Listener implements Stay {
    private final StringBuilder text = new StringBuilder();
    private final String word;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();

    Listener(String word) {
      this.word = word;
    }

    @Override
    public void started() {}

    @Override
    public synchronized void wrote(byte[] bytes, int length) {
      text.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
      if (text.indexOf(word) >= 0) {
        heard.complete(null);
      }
    }

    synchronized String text() {
      return text.toString();
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void itSeesItsFilesAndItsOutputComesAtOnce(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      Task.Item item = shop.item(shop.part("in", shop.fileset(Map.of("q", "hello")), "/"));
      Listener listener = new Listener("hello");
      Task task = shop.task(shell("cat $in/q; exit 7"), item);

      Stay.End end = shop.executor.stay(task, listener);

      assertThat(listener.heard).isDone();
      assertThat(end.exitCode()).isEqualTo(7);
      assertThat(end.reason()).isEqualTo("The code ended with exit code 7.");
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void anInterruptEndsItWithAllThatItStarted(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      String script = "sleep 3141.59 & setsid sleep 2718.28 & echo begun; wait";
      Listener listener = new Listener("begun");
      Task task = shop.task(shell(script), shop.item());
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread runner =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Stay.End _ = shop.executor.stay(task, listener);
                  interrupted.complete(false);
                } catch (InterruptedException e) {
                  interrupted.complete(true);
                }
              });
      listener.heard.get();

      runner.interrupt();

      assertThat(interrupted.get()).isTrue();
      runner.join();
      assertThat(find("sleep 3141.59").or(() -> find("sleep 2718.28"))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Sandbox.class, names = "NAMESPACES")
  void itMayEndByItselfWhenItIsAskedTo(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      String script =
          "trap 'echo goodbye; exit 0' TERM; echo begun; while true; do sleep 0.05; done";
      Listener listener = new Listener("begun");
      Task task = shop.task(shell(script), shop.item());
      Thread runner =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Stay.End _ = shop.executor.stay(task, listener);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      listener.heard.get();

      runner.interrupt();
      runner.join();

      assertThat(listener.text()).endsWith("goodbye\n");
    }
  }

  private static Optional<ProcessHandle> find(String command) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith(command))
        .findFirst();
  }
}
