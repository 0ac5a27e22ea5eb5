package dev.dassie.job.worker;

import dev.dassie.content.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A dispatcher that remembers what it told a worker, and counts what it was asked; all that goes
/// through it takes the form in which it goes over a connection.
class Told implements Dispatcher {
  final AtomicInteger reports = new AtomicInteger();
  private final Dispatcher server;
  private volatile String id = "";

  Told(Dispatcher server) {
    this.server = server;
  }

  String id() {
    return id;
  }

  @Override
  public Joined join(Joining said) {
    Joined joined = server.join(said);
    id = joined.id();
    return joined;
  }

  @Override
  public Optional<Work> claim(String worker, Duration wait) throws InterruptedException {
    return server.claim(worker, wait).map(work -> Work.decode(work.encode()));
  }

  @Override
  public List<Long> beat(String worker, List<Long> held, boolean leaving, Duration wait)
      throws InterruptedException {
    return server.beat(worker, held, leaving, wait);
  }

  @Override
  public boolean report(String worker, long lease, Results results) {
    reports.incrementAndGet();
    return server.report(worker, lease, Results.decode(results.encode()));
  }

  @Override
  public void leave(String worker) {
    server.leave(worker);
  }

  @Override
  public List<Optional<String>> packs(String worker, List<Digest> chunks) {
    return server.packs(worker, chunks);
  }
}
