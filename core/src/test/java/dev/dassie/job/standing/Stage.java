package dev.dassie.job.standing;

import dev.dassie.job.Environment;
import dev.dassie.job.Executor;
import dev.dassie.job.Report;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Transform;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An executor whose processes a test plays.
final class Stage implements Executor {
  /// Processes in the order in which they were started.
  private final LinkedBlockingQueue<Actor> started = new LinkedBlockingQueue<>();

  private final Set<String> commits = ConcurrentHashMap.newKeySet();

  /// One process.
  record Actor(
      Task task, Stay stay, CompletableFuture<Stay.End> end, CompletableFuture<Void> gone) {
    void write(String text) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      stay.wrote(bytes, bytes.length);
    }

    void exit(int code) {
      end.complete(new Stay.End(code, "The code ended with exit code " + code + "."));
    }
  }

  /// The next process that is started.
  Actor next() throws InterruptedException {
    return Optional.ofNullable(started.poll(60, TimeUnit.SECONDS)).orElseThrow();
  }

  /// The commits of the first inputs of all processes that were prepared, each once.
  Set<String> commits() {
    return Set.copyOf(commits);
  }

  boolean isIdle() {
    return started.isEmpty();
  }

  @Override
  public Stay.End stay(Task task, Stay stay) throws InterruptedException {
    task.items().getFirst().parts().stream().limit(1).forEach(part -> commits.add(part.commit()));
    stay.ready();
    Actor actor = new Actor(task, stay, new CompletableFuture<>(), new CompletableFuture<>());
    stay.started();
    started.add(actor);
    try {
      return actor.end().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      actor.gone().complete(null);
    }
  }

  @Override
  public String name() {
    return "stage";
  }

  @Override
  public String sandbox() {
    return "none";
  }

  @Override
  public Environment environment(Transform transform) {
    return new Environment(List.of(), List.of());
  }

  @Override
  public void run(Task task, Report report) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
