package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Runs users' code somewhere: a process, a container, a pod. Thread-safe. Every implementation
/// passes `ExecutorContract` and
/// - MUST show each datum its own files (read-only) and an empty output folder, and nothing else of
///   Dassie's;
/// - MUST return the code's exit code, never throw because of it;
/// - MUST end every process that a datum started when the datum ends, and all when interrupted;
/// - MUST have made output and logs durable before it reports a datum done.
public interface Executor extends AutoCloseable {
  /// The name in specs and reports: `process`, `container`.
  String name();

  /// How datums are kept apart: `namespaces`, `bubblewrap`, `none` or `container`. Recorded with
  /// every result.
  String sandbox();

  /// What a person who looks at the server should know of it, in a sentence or two; empty for
  /// nothing.
  default String note() {
    return "";
  }

  /// Fields of specs that it uses and that others do not: `transform.image`.
  default Set<String> uses() {
    return Set.of();
  }

  /// Why nothing can run now, in a sentence that says what to do; datums wait until it is over.
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /// How many datums it can run at once elsewhere, beside those that this machine runs.
  default int others() {
    return 0;
  }

  /// Calls whenever [#others] may have changed, at once, on a thread of the executor.
  default void whenOthersChange(Runnable call) {}

  /// What the code would run on; part of the datum key. A `cmd[0]` that cannot be found is a fault.
  Environment environment(Transform transform);

  /// Refuses code that this executor will never run, so that no pipeline is made with it.
  default void check(Transform transform) {}

  /// What of the limits of a spec this executor cannot keep here, and how it keeps others; a
  /// sentence each. Where it says nothing they are kept as they stand.
  default List<String> notes(Resources limits) {
    return List.of();
  }

  /// Runs the datums of a task, one after another, and reports each; returns when all are reported
  /// or the report told it to stop. An interrupt ends what runs and returns early.
  void run(Task task, Report report) throws InterruptedException;

  /// What a datum that runs here has written so far; nothing where it does not run, where it has
  /// secrets, whose values are taken out of whole logs only, or where the sandbox cannot tell. From
  /// any thread; costs those who run datums nothing unless somebody asks.
  default Optional<Written> written(Digest key) throws InterruptedException {
    return Optional.empty();
  }

  /// Runs the code of a task as a process that stays, with the files of its one item, and returns
  /// when it has ended. [Stay#ready] is called when the files are there. An interrupt asks it to
  /// end (SIGTERM), ends it with all that it started a few seconds later, and is thrown then.
  /// Limits of tries and time do not count.
  default Stay.End stay(Task task, Stay stay) throws InterruptedException {
    throw new Fault.Unsupported(
            "A process that stays on the executor `%s`".formatted(name()), Optional.empty())
        .asException();
  }

  /// Opens a shell where the one datum of a task would run, with its files and variables. Without a
  /// size it has no screen: it reads commands and writes output through pipes. `Fault.Unsupported`
  /// where the sandbox has none.
  default Terminal open(Task task, Optional<Terminal.Size> size) throws InterruptedException {
    throw new Fault.Unsupported(
            "a shell in a datum on the executor `" + name() + "`", Optional.empty())
        .asException();
  }

  @Override
  void close();
}
