package dev.dassie.job.worker;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.TreeRoot;
import dev.dassie.job.Ending;
import dev.dassie.job.Environment;
import dev.dassie.job.Executor;
import dev.dassie.job.Report;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import dev.dassie.job.Terminal;
import dev.dassie.job.Written;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The executor of a server that workers take part in: each task goes to the server's own executor
/// or to a worker, whoever is free, and what a worker did not do goes to others. The server's own
/// decides what code runs on (the environment of datum keys); processes that stay, shells, and code
/// that reaches buckets of the server run there always. Thread-safe.
public final class SharedExecutor implements Executor {
  /// The variable of code that has an address of the server to reach.
  private static final String BUCKETS = "S3_ENDPOINT";

  private final Executor own;
  private final Workers workers;
  private final ChunkStore chunks;
  private final InstantSource clock;

  /// @param own what runs datums in the process of the server; the caller's to close
  public SharedExecutor(Executor own, Workers workers, ChunkStore chunks, InstantSource clock) {
    this.own = own;
    this.workers = workers;
    this.chunks = chunks;
    this.clock = clock;
  }

  @Override
  public String name() {
    return own.name();
  }

  @Override
  public String sandbox() {
    return own.sandbox();
  }

  @Override
  public String note() {
    return own.note();
  }

  @Override
  public Set<String> uses() {
    return own.uses();
  }

  @Override
  public Optional<String> trouble() {
    return own.trouble().or(workers::trouble);
  }

  @Override
  public int others() {
    return workers.slots();
  }

  @Override
  public void whenOthersChange(Runnable call) {
    workers.whenChanged(call);
  }

  @Override
  public Environment environment(Transform transform) {
    return own.environment(transform);
  }

  @Override
  public void check(Transform transform) {
    own.check(transform);
  }

  @Override
  public List<String> notes(Resources limits) {
    return own.notes(limits);
  }

  @Override
  public void run(Task task, Report report) throws InterruptedException {
    if (task.outbox().isPresent() || task.env().containsKey(BUCKETS)) {
      own.run(task, report);
      return;
    }
    if (workers.takeOwn()) {
      home(task, report);
      return;
    }
    Map<Digest, Integer> losses = new HashMap<>();
    List<Task.Item> left = task.items();
    boolean goes = true;
    while (goes && !left.isEmpty()) {
      Task now = task.with(left);
      try (ChunkStore.Session hold = chunks.session()) {
        hold(now, hold);
        Offer offer = workers.offer(now, report, hold);
        Optional<Lease> lease = workers.place(offer);
        if (lease.isEmpty()) {
          home(now, report);
          return;
        }
        goes = abroad(offer, lease.get(), losses);
        left = lease.get().left();
      }
    }
  }

  private void home(Task task, Report report) throws InterruptedException {
    try {
      own.run(task, report);
    } finally {
      workers.ownEnded();
    }
  }

  /// Waits for the end of a lease. False where whoever asked wants no more of the task.
  private boolean abroad(Offer offer, Lease lease, Map<Digest, Integer> losses)
      throws InterruptedException {
    try {
      workers.awaitEnd(offer, lease);
    } catch (InterruptedException e) {
      workers.withdraw(lease);
      throw e;
    }
    if (lease.ended().equals(Optional.of(Lease.End.LOST)) && !lease.left().isEmpty()) {
      Digest ran = lease.left().getFirst().key();
      if (losses.merge(ran, 1, Integer::sum) >= Terms.LOSSES) {
        lease.settle(ran, lost(lease.worker));
      }
    }
    return !lease.isStopped();
  }

  private Ending lost(String worker) {
    String sentence =
        "%d workers were lost while the datum ran, the last of them `%s`."
            .formatted(Terms.LOSSES, worker);
    Instant now = clock.instant();
    return new Ending.Failed(
        sentence,
        List.of(new Ending.Try(-1, Optional.of(sentence), Body.Inline.EMPTY, now, 0, 0, 0, 0)));
  }

  /// Keeps what the datums read, with all beneath it.
  private static void hold(Task task, ChunkStore.Session hold) {
    for (Task.Item item : task.items()) {
      for (Task.Part part : item.parts()) {
        chunk(part.match()).ifPresent(hold::reuse);
      }
    }
  }

  /// The one chunk that stands for an input; nothing where it stands in the task itself.
  static Optional<Digest> chunk(Entry entry) {
    return switch (entry) {
      case Entry.Directory(var _, TreeRoot.Stored(Digest digest), var _, var _) ->
          Optional.of(digest);
      case Entry.Directory _ -> Optional.empty();
      case Entry.File file ->
          switch (file.body()) {
            case Body.Single single -> Optional.of(single.chunk());
            case Body.Recipe recipe -> Optional.of(recipe.root());
            case Body.Inline _, Body.Reference _ -> Optional.empty();
          };
    };
  }

  /// What runs at a worker is seen when it has ended.
  @Override
  public Optional<Written> written(Digest key) throws InterruptedException {
    return own.written(key);
  }

  @Override
  public Stay.End stay(Task task, Stay stay) throws InterruptedException {
    return own.stay(task, stay);
  }

  @Override
  public Terminal open(Task task, Optional<Terminal.Size> size) throws InterruptedException {
    return own.open(task, size);
  }

  @Override
  public void close() {
    own.close();
  }
}
