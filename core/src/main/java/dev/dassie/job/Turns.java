package dev.dassie.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/// The places of the executor, and who has them: each task takes a turn in one, and the [Rota] says
/// whose is next. Besides the places that all share there are some that only interactive work may
/// take, so that a person does not wait behind long datums. Thread-safe.
final class Turns {
  /// A turn, asked for or given.
  private static final class Ticket {
    private boolean given;
    private boolean reserved;
  }

  private static final int MIN_PLACES = 8;
  private static final int PLACES_PER_CORE = 4;

  private final IntSupplier places;
  private final int reserve;
  private final Rota rota = new Rota();
  private final Map<JobName, Deque<Ticket>> queues = new HashMap<>();
  private int used;
  private int reserveUsed;
  private int waiting;

  /// Places for as many tasks as keep this machine and all that the executor has elsewhere at work.
  static Turns of(Executor executor) {
    int cores = Runtime.getRuntime().availableProcessors();
    int own = Math.max(MIN_PLACES, PLACES_PER_CORE * cores);
    Turns turns = new Turns(() -> own + executor.others(), cores);
    executor.whenOthersChange(turns::grown);
    return turns;
  }

  /// @param places that all share
  /// @param reserve that only interactive work takes, where the others are taken
  Turns(int places, int reserve) {
    this(() -> places, reserve);
  }

  /// @param places that all share; where they grow, [#grown] MUST be called
  Turns(IntSupplier places, int reserve) {
    this.places = places;
    this.reserve = reserve;
  }

  /// A place that was given; [#close] gives it back.
  final class Turn implements AutoCloseable {
    private final Claim claim;
    private Optional<Ticket> ticket;

    private Turn(Claim claim, Ticket ticket) {
      this.claim = claim;
      this.ticket = Optional.of(ticket);
    }

    /// Lets whoever comes next have the place, and waits for another turn.
    void pass() throws InterruptedException {
      synchronized (Turns.this) {
        Ticket next = ask(claim);
        close();
        await(claim, next);
        ticket = Optional.of(next);
      }
    }

    /// Whether somebody waits for a turn.
    boolean wanted() {
      synchronized (Turns.this) {
        return waiting > 0;
      }
    }

    @Override
    public void close() {
      synchronized (Turns.this) {
        ticket.ifPresent(given -> release(claim, given));
        ticket = Optional.empty();
      }
    }
  }

  /// Waits for a turn.
  Turn take(Claim claim) throws InterruptedException {
    synchronized (this) {
      Ticket ticket = ask(claim);
      await(claim, ticket);
      return new Turn(claim, ticket);
    }
  }

  /// How many places all share.
  int places() {
    return places.getAsInt();
  }

  /// There are more places than before, or fewer.
  synchronized void grown() {
    give();
  }

  /// Whether all places are taken.
  synchronized boolean full() {
    return used >= places();
  }

  /// How a claim stands.
  ///
  /// @param position where it comes in the order of turns, from 1; nothing where it waits for none
  record Standing(Claim claim, Optional<Integer> position, int held, int waiting) {}

  /// All who have turns or wait for them: first those who wait, in the order of their turns.
  synchronized List<Standing> standings() {
    List<JobName> order = rota.order();
    List<Standing> standings = new ArrayList<>();
    for (Claim claim : rota.claims()) {
      int place = order.indexOf(claim.job());
      standings.add(
          new Standing(
              claim,
              place < 0 ? Optional.empty() : Optional.of(place + 1),
              rota.held(claim.job()),
              rota.waiting(claim.job())));
    }
    standings.sort(
        java.util.Comparator.comparingInt(one -> one.position().orElse(Integer.MAX_VALUE)));
    return standings;
  }

  synchronized Queue.Places load() {
    return new Queue.Places(places(), used, reserve, waiting);
  }

  private Ticket ask(Claim claim) {
    Ticket ticket = new Ticket();
    queues.computeIfAbsent(claim.job(), job -> new ArrayDeque<>()).add(ticket);
    rota.want(claim);
    waiting++;
    give();
    return ticket;
  }

  private void await(Claim claim, Ticket ticket) throws InterruptedException {
    try {
      while (!ticket.given) {
        wait();
      }
    } catch (InterruptedException e) {
      if (ticket.given) {
        release(claim, ticket);
      } else {
        forgo(claim, ticket);
      }
      throw e;
    }
  }

  private void forgo(Claim claim, Ticket ticket) {
    Deque<Ticket> queue = queues.getOrDefault(claim.job(), new ArrayDeque<>());
    if (queue.remove(ticket)) {
      waiting--;
      rota.forgo(claim);
    }
    if (queue.isEmpty()) {
      queues.remove(claim.job());
    }
  }

  private void release(Claim claim, Ticket ticket) {
    rota.end(claim);
    if (ticket.reserved) {
      reserveUsed--;
    } else {
      used--;
    }
    give();
  }

  /// Gives away the places that are free.
  private void give() {
    boolean more = true;
    while (more) {
      more = false;
      boolean shared = used < places();
      if (shared || reserveUsed < reserve) {
        Optional<JobName> next = rota.next(!shared);
        if (next.isPresent()) {
          hand(next.get(), !shared);
          more = true;
        }
      }
    }
  }

  private void hand(JobName job, boolean reserved) {
    Deque<Ticket> queue = Optional.ofNullable(queues.get(job)).orElseThrow();
    Ticket ticket = queue.remove();
    if (queue.isEmpty()) {
      queues.remove(job);
    }
    ticket.given = true;
    ticket.reserved = reserved;
    used += reserved ? 0 : 1;
    reserveUsed += reserved ? 1 : 0;
    waiting--;
    notifyAll();
  }
}
