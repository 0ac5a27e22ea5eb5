package dev.dassie.job.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The tasks that wait for somebody to run them, in their order, and the places of the server's
/// own. Guarded by the lock of [Workers].
final class Offers {
  private final int own;
  private final List<Offer> waiting = new ArrayList<>();
  private int ownUsed;

  /// @param own tasks that the server runs at once beside workers; 0 for none at all
  Offers(int own) {
    this.own = own;
  }

  /// @param alone whether there is no worker: then the server runs what comes
  void add(Offer offer, boolean alone) {
    waiting.add(offer);
    giveOwn(alone);
  }

  /// Takes a place of the server's own where one is free and nobody waits.
  boolean takeOwn(boolean alone) {
    boolean free = waiting.isEmpty() && own > 0 && (alone || ownUsed < own);
    ownUsed += free ? 1 : 0;
    return free;
  }

  /// Takes the oldest one that a worker can run.
  Optional<Offer> take(Member member) {
    for (Iterator<Offer> each = waiting.iterator(); each.hasNext(); ) {
      Offer offer = each.next();
      if (member.fits(offer.task.environment().facts())) {
        each.remove();
        return Optional.of(offer);
      }
    }
    return Optional.empty();
  }

  /// Whoever offered it does not wait any more.
  void remove(Offer offer, boolean alone) {
    waiting.remove(offer);
    if (offer.own) {
      ownEnded(alone);
    }
  }

  void ownEnded(boolean alone) {
    ownUsed--;
    giveOwn(alone);
  }

  /// Hands tasks to the server itself, as far as it has places.
  void giveOwn(boolean alone) {
    while (!waiting.isEmpty() && own > 0 && (alone || ownUsed < own)) {
      Offer offer = waiting.removeFirst();
      offer.own = true;
      ownUsed++;
      offer.changed.signalAll();
    }
  }

  /// Why nothing can run, where the server runs nothing itself.
  Optional<String> trouble(Collection<Member> members) {
    if (own > 0) {
      return Optional.empty();
    }
    if (members.isEmpty()) {
      return Optional.of(
          "No worker takes part, and the server runs no datums itself (`workers` is `none`): start"
              + " one with `dassie worker`.");
    }
    for (Offer offer : waiting) {
      List<String> facts = offer.task.environment().facts();
      List<Optional<String>> lacks = members.stream().map(member -> member.lack(facts)).toList();
      if (lacks.stream().allMatch(Optional::isPresent)) {
        return lacks.getFirst();
      }
    }
    return Optional.empty();
  }
}
