package dev.dassie.job.worker;

import dev.dassie.fault.Fault;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/// Who takes part, and the tasks that wait for them. Guarded by the lock of [Workers].
final class Members {
  private final Terms terms;
  private final InstantSource clock;
  private final Condition work;
  private final Condition news;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Offers offers;
  private volatile int slots;

  /// @param work signalled where a worker may take something
  /// @param news signalled where a lease has ended that a worker still has
  Members(Terms terms, int own, InstantSource clock, Condition work, Condition news) {
    this.terms = terms;
    this.clock = clock;
    this.work = work;
    this.news = news;
    this.offers = new Offers(own);
  }

  Offers offers() {
    return offers;
  }

  Collection<Member> all() {
    return members.values();
  }

  boolean none() {
    return members.isEmpty();
  }

  void add(Member member) {
    if (members.size() >= terms.workers()) {
      throw new Fault.Conflict(
              "The worker `%s` cannot take part: there are %,d workers, the most that may be."
                  .formatted(member.said.name(), members.size()),
              Optional.empty())
          .asException();
    }
    members.put(member.id, member);
    count();
  }

  Optional<Member> find(String worker) {
    return Optional.ofNullable(members.get(worker));
  }

  /// The worker, which is heard of just now.
  Member heard(String worker) {
    Member member = known(worker);
    member.seen = clock.instant();
    return member;
  }

  Member known(String worker) {
    expire();
    Member member = members.get(worker);
    if (member == null) {
      throw new Fault.NotFound(
              "worker",
              worker,
              Optional.of(
                  "It was silent for more than %d s, or the server was started since: it joins anew."
                      .formatted(terms.lease().toSeconds())))
          .asException();
    }
    return member;
  }

  /// Forgets the workers that were silent for too long; what they had goes to others.
  void expire() {
    Instant before = clock.instant().minus(terms.lease());
    List<Member> silent =
        members.values().stream().filter(member -> member.seen.isBefore(before)).toList();
    silent.forEach(this::remove);
  }

  void remove(Member member) {
    List.copyOf(member.leases.values()).forEach(lease -> drop(member, lease));
    members.remove(member.id);
    offers.giveOwn(none());
    count();
  }

  Optional<Member> holder(Lease lease) {
    return members.values().stream()
        .filter(member -> member.leases.containsKey(lease.number))
        .findFirst();
  }

  /// The worker has the lease no longer.
  void drop(Member member, Lease lease) {
    member.leases.remove(lease.number);
    lease.offer().changed.signalAll();
    news.signalAll();
    work.signalAll();
  }

  void leaving(Member member) {
    member.leaving = true;
    count();
  }

  /// Datums that they can run at once; from any thread.
  int slots() {
    return slots;
  }

  private void count() {
    slots =
        members.values().stream()
            .filter(member -> !member.leaving)
            .mapToInt(member -> member.said.slots())
            .sum();
  }
}
