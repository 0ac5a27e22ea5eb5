package dev.dassie.job.worker;

import dev.dassie.content.FarPacks;
import dev.dassie.content.PackExchange;
import dev.dassie.job.CodeExecutor;
import dev.dassie.job.Lab;
import dev.dassie.version.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/// An instance in memory whose datums run on workers of the same process, which read and write the
/// object store as those of another one would.
final class Gang implements AutoCloseable {
  static final Joining SERVER =
      new Joining("server", "1.0 abc", "code", "none", "linux amd64", "store-1", 1);

  final Lab lab;
  final World.TestClock clock = new World.TestClock();
  final Workers workers;
  private final Path folder;
  private final List<Running> running = new ArrayList<>();

  /// A worker that works.
  static final class Running {
    final Worker worker;
    final CodeExecutor executor;
    private final Thread thread;
    private final FarPacks packs;

    Running(Worker worker, CodeExecutor executor, FarPacks packs) {
      this.worker = worker;
      this.executor = executor;
      this.packs = packs;
      CountDownLatch joined = new CountDownLatch(1);
      this.thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  worker.run(one -> joined.countDown());
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      try {
        joined.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void end() {
      worker.drain(Duration.ofSeconds(30));
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      packs.close();
    }
  }

  /// @param own tasks that the server runs itself
  Gang(Path folder, int own) {
    this.folder = folder;
    this.lab = new Lab(folder.resolve("lab"));
    this.workers =
        new Workers(Terms.USUAL, SERVER, own, new PackExchange(lab.packs), clock, new Random(7));
    lab.runs = new SharedExecutor(lab.executor, workers, lab.world.chunks, clock);
    lab.restart().close();
  }

  static Joining named(String name, int slots) {
    return new Joining(name, "1.0 abc", "code", "none", "linux amd64", "store-1", slots);
  }

  /// Starts a worker that the server knows when this returns.
  Running start(String name, int slots) {
    return start(name, slots, workers);
  }

  Running start(String name, int slots, Dispatcher server) {
    Told told = new Told(server);
    FarPacks packs =
        new FarPacks(lab.objects, folder.resolve(name), chunks -> server.packs(told.id(), chunks));
    CodeExecutor executor = new CodeExecutor(packs, folder);
    Running one =
        new Running(new Worker(told, executor, packs, named(name, slots)), executor, packs);
    running.add(one);
    return one;
  }

  @Override
  public void close() {
    running.forEach(Running::end);
    lab.close();
  }
}
