package dev.dassie.job.worker;

import dev.dassie.content.FarPacks;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Executor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A worker: joins a server, runs what it is given by an executor, and reports it, until it is told
/// to end. A server that is away is waited for; what ran meanwhile is lost with its lease.
///
/// It is the executor of the server in another process: sandboxes, limits, tries and logs are the
/// same code. One thread calls [#run]; [#drain] may come from any.
public final class Worker {
  private static final System.Logger LOG = System.getLogger("dassie.worker");
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Dispatcher server;
  private final Executor executor;
  private final FarPacks packs;
  private final Joining said;
  private final CountDownLatch ending = new CountDownLatch(1);
  private Optional<Membership> membership = Optional.empty();

  /// @param packs what the executor reads and writes
  public Worker(Dispatcher server, Executor executor, FarPacks packs, Joining said) {
    this.server = server;
    this.executor = executor;
    this.packs = packs;
    this.said = said;
  }

  /// Works until [#drain]. A server that refuses the worker ends it.
  ///
  /// @param whenJoined called each time the server has taken it in, with its id
  public void run(Consumer<Dispatcher.Joined> whenJoined) throws InterruptedException {
    boolean told = false;
    while (!ends()) {
      try {
        Dispatcher.Joined joined = server.join(said);
        told = false;
        whenJoined.accept(joined);
        Optional<Membership> member = begin(joined);
        if (member.isEmpty()) {
          server.leave(joined.id());
          return;
        }
        member.get().work();
        boolean _ = ending.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (DassieException e) {
        if (!(e.fault() instanceof Fault.Unavailable)) {
          throw e;
        }
        if (!told) {
          LOG.log(System.Logger.Level.WARNING, e.fault().message() + " It is tried again.");
          told = true;
        }
        boolean _ = ending.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private synchronized Optional<Membership> begin(Dispatcher.Joined joined) {
    membership =
        ends()
            ? Optional.empty()
            : Optional.of(new Membership(server, executor, packs, said, joined));
    return membership;
  }

  private boolean ends() {
    return ending.getCount() == 0;
  }

  /// Takes no more work; the datums that run now may end within a time, and what is left goes back.
  /// [#run] returns soon after.
  public void drain(Duration grace) {
    Optional<Membership> member;
    synchronized (this) {
      ending.countDown();
      member = membership;
    }
    member.ifPresent(one -> one.drain(grace));
  }
}
