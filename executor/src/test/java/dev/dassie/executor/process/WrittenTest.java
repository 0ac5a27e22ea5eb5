package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.job.Ending;
import dev.dassie.job.Executor;
import dev.dassie.job.Task;
import dev.dassie.job.Written;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a datum writes is seen while it runs, in every sandbox.
@Timeout(60)
class WrittenTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void whatADatumWroteIsSeenWhileItRuns(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      Task.Item item = item(shop, "a");
      CompletableFuture<List<Ending>> run =
          run(shop, "echo hello; until false; do sleep 0.05; done", 2, item);

      Written written = seen(shop.executor, item.key(), 6);

      assertThat(written.total()).isEqualTo(6);
      assertThat(new String(written.end(), StandardCharsets.UTF_8)).isEqualTo("hello\n");
      assertThat(shop.log(run.join().getFirst())).isEqualTo("hello\n");
      assertThat(shop.executor.written(item.key())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void ofMuchOutputTheEndIsSeenHoweverLittleIsKept(Sandbox sandbox) throws Exception {
    long total = 3_000_000 + 5;
    try (Workshop shop = new Workshop(sandbox)) {
      Task.Item item = item(shop, "b");
      CompletableFuture<List<Ending>> run =
          run(
              shop,
              "head -c 3000000 /dev/zero | tr '\\0' x; echo last; until false; do sleep 0.05; done",
              3,
              item);

      Written written = seen(shop.executor, item.key(), total);

      assertThat(written.total()).isEqualTo(total);
      assertThat(written.end()).hasSize(Written.MOST);
      assertThat(new String(written.end(), StandardCharsets.UTF_8)).endsWith("xxlast\n");
      assertThat(run.join()).hasSize(1);
    }
  }

  private static Task.Item item(Workshop shop, String text) throws Exception {
    return shop.item(shop.part("in", shop.fileset(Map.of("f", text)), "f"));
  }

  /// Runs a script that its time limit ends.
  private static CompletableFuture<List<Ending>> run(
      Workshop shop, String script, int seconds, Task.Item item) {
    Task task =
        shop.task(
            Workshop.transform(List.of("sh", "-c", script)),
            1,
            Optional.of(Duration.ofSeconds(seconds)),
            item);
    CompletableFuture<List<Ending>> run = new CompletableFuture<>();
    Thread _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                run.complete(shop.run(task));
              } catch (Exception e) {
                run.completeExceptionally(e);
              }
            });
    return run;
  }

  private static Written seen(Executor executor, Digest key, long total) throws Exception {
    long deadline = System.nanoTime() + PATIENCE;
    while (System.nanoTime() < deadline) {
      Optional<Written> written = executor.written(key);
      if (written.filter(one -> one.total() >= total).isPresent()) {
        return written.get();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("nothing was seen of " + key);
  }
}
