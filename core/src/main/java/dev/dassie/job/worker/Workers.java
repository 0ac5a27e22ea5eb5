package dev.dassie.job.worker;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.PackExchange;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// The workers outside of the server, and what they have of its work. All of it stands in memory:
/// after a start of the server no worker is known and no lease is good, so that each joins anew.
///
/// Traffic is per worker and per lease, never per datum: a worker asks for a task for each slot,
/// says every few seconds that it is there, and reports what has ended in groups. Thread-safe.
public final class Workers implements Dispatcher {
  private static final int ID_BYTES = 16;

  /// For how long a worker gets nothing after it gave work back for trouble of its own.
  private static final Duration REST = Duration.ofSeconds(10);

  private final Terms terms;
  private final Joining server;
  private final PackExchange packs;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /// There may be work, or a worker may take some.
  private final Condition work = lock.newCondition();

  /// A lease has ended that a worker still has.
  private final Condition news = lock.newCondition();

  private final Members members;
  private final Admission admission;
  private volatile Runnable changed = () -> {};
  private long lastLease;

  /// @param server what the server says of itself: workers must be like it, save name and slots
  /// @param own tasks that the server itself runs at once beside workers; 0 for none at all
  /// @param packs where workers are told of chunks, and tell of packs
  public Workers(
      Terms terms,
      Joining server,
      int own,
      PackExchange packs,
      InstantSource clock,
      RandomGenerator random) {
    this.terms = terms;
    this.server = server;
    this.packs = packs;
    this.clock = clock;
    this.random = random;
    this.members = new Members(terms, own, clock, work, news);
    this.admission = new Admission(packs);
  }

  public Terms terms() {
    return terms;
  }

  @Override
  public Joined join(Joining said) {
    said.check(server, terms);
    Member member;
    lock.lock();
    try {
      members.expire();
      byte[] id = new byte[ID_BYTES];
      random.nextBytes(id);
      member = new Member(HexFormat.of().formatHex(id), said, clock.instant());
      members.add(member);
    } finally {
      lock.unlock();
    }
    changed.run();
    return new Joined(member.id, terms);
  }

  @Override
  public Optional<Work> claim(String worker, Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + shorter(wait, terms.patience()).toNanos();
    while (true) {
      Optional<Lease> lease = take(worker, deadline);
      if (lease.isEmpty()) {
        return Optional.empty();
      }
      if (lease.get().begin()) {
        return Optional.of(new Work(lease.get().number, lease.get().task()));
      }
      withdraw(lease.get());
    }
  }

  private Optional<Lease> take(String worker, long deadline) throws InterruptedException {
    lock.lock();
    try {
      Member member = members.heard(worker);
      while (true) {
        Optional<Offer> offer =
            member.mayWork(clock.instant())
                ? members.offers().take(member)
                : Optional.<Offer>empty();
        if (offer.isPresent()) {
          Lease lease = new Lease(++lastLease, member.said.name(), offer.get(), clock.instant());
          member.leases.put(lease.number, lease);
          offer.get().taken = Optional.of(lease);
          offer.get().changed.signalAll();
          return Optional.of(lease);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return Optional.empty();
        }
        boolean _ = work.await(left, TimeUnit.NANOSECONDS);
        member = members.known(worker);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Long> beat(String worker, List<Long> held, boolean leaving, Duration wait)
      throws InterruptedException {
    long deadline = System.nanoTime() + shorter(wait, terms.beat()).toNanos();
    lock.lock();
    try {
      Member member = members.heard(worker);
      if (leaving && !member.leaving) {
        members.leaving(member);
      }
      Instant before = clock.instant().minus(terms.lease());
      for (Lease lease : List.copyOf(member.leases.values())) {
        if (lease.given.isBefore(before) && !held.contains(lease.number)) {
          members.drop(member, lease);
        }
      }
      while (true) {
        Member now = members.known(worker);
        List<Long> gone = held.stream().filter(one -> !now.leases.containsKey(one)).toList();
        long left = deadline - System.nanoTime();
        if (!gone.isEmpty() || left <= 0) {
          return gone;
        }
        boolean _ = news.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean report(String worker, long number, Results results) {
    Lease lease = held(worker, number);
    Lease.Taken taken = lease.report(results.ended(), () -> admission.of(lease, results));
    if (results.end()) {
      lease.end(Lease.End.RETURNED);
    }
    lock.lock();
    try {
      Optional<Member> member = members.find(worker);
      if (member.isPresent()) {
        member.get().done += taken.done();
        if (results.end() && member.get().leases.containsKey(number)) {
          returned(member.get(), lease, results);
        }
      }
    } finally {
      lock.unlock();
    }
    return taken.goes();
  }

  private void returned(Member member, Lease lease, Results results) {
    member.returned += lease.left().size();
    member.past(lease);
    results.lack().ifPresent(why -> member.lacks(lease.task().environment().facts(), why));
    if (results.trouble().isPresent()) {
      member.note = results.trouble();
      member.rests = clock.instant().plus(REST);
    }
    members.drop(member, lease);
  }

  private Lease held(String worker, long number) {
    lock.lock();
    try {
      members.expire();
      if (members.find(worker).isEmpty()) {
        throw Lease.refusal(number, worker);
      }
      Member member = members.heard(worker);
      return Optional.ofNullable(member.leases.get(number))
          .or(() -> member.former(number))
          .orElseThrow(() -> Lease.refusal(number, member.said.name()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave(String worker) {
    lock.lock();
    try {
      members.remove(members.heard(worker));
    } finally {
      lock.unlock();
    }
    changed.run();
  }

  @Override
  public List<Optional<String>> packs(String worker, List<Digest> chunks) {
    lock.lock();
    try {
      Member _ = members.heard(worker);
    } finally {
      lock.unlock();
    }
    return packs.packs(chunks);
  }

  public List<WorkerView> list() {
    lock.lock();
    try {
      members.expire();
      List<WorkerView> views = new ArrayList<>();
      members.all().forEach(member -> views.add(member.view(clock.instant())));
      return views;
    } finally {
      lock.unlock();
    }
  }

  /// Datums that workers can run at once.
  int slots() {
    return members.slots();
  }

  /// Calls, whenever workers came or went.
  void whenChanged(Runnable call) {
    this.changed = call;
  }

  /// Why nothing can run, where the server runs nothing itself.
  Optional<String> trouble() {
    lock.lock();
    try {
      members.expire();
      return members.offers().trouble(members.all());
    } finally {
      lock.unlock();
    }
  }

  /// Waits until somebody takes a task; nothing where the server itself is to run it, which MUST
  /// then say when it has ([#ownEnded]).
  Optional<Lease> place(Offer offer) throws InterruptedException {
    lock.lock();
    try {
      members.expire();
      members.offers().add(offer, members.none());
      work.signalAll();
      while (offer.taken.isEmpty() && !offer.own) {
        boolean _ = offer.changed.await(terms.beat().toNanos(), TimeUnit.NANOSECONDS);
        members.expire();
      }
      return offer.taken;
    } catch (InterruptedException e) {
      offer.taken.ifPresent(this::withdraw);
      members.offers().remove(offer, members.none());
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the server itself is to run a task at once; then [#ownEnded] MUST follow.
  boolean takeOwn() {
    lock.lock();
    try {
      return members.offers().takeOwn(members.none());
    } finally {
      lock.unlock();
    }
  }

  void ownEnded() {
    lock.lock();
    try {
      members.offers().ownEnded(members.none());
    } finally {
      lock.unlock();
    }
  }

  /// An offer that nobody has seen yet.
  Offer offer(Task task, Report report, ChunkStore.Session hold) {
    return new Offer(task, report, hold, lock.newCondition());
  }

  /// Waits until a lease has ended. An interrupt ends it.
  void awaitEnd(Offer offer, Lease lease) throws InterruptedException {
    lock.lock();
    try {
      while (members.holder(lease).isPresent()) {
        boolean _ = offer.changed.await(terms.beat().toNanos(), TimeUnit.NANOSECONDS);
        members.expire();
      }
    } finally {
      lock.unlock();
    }
    lease.end(Lease.End.LOST);
  }

  /// Ends a lease, so that nothing that comes under it counts, and tells its worker.
  void withdraw(Lease lease) {
    lock.lock();
    try {
      members.holder(lease).ifPresent(member -> members.drop(member, lease));
    } finally {
      lock.unlock();
    }
    lease.end(Lease.End.WITHDRAWN);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
