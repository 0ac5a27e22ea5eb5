package dev.dassie.version;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Writers of one branch take turns, in the order they came, so that none starves. The first in
/// line leads: it works for all small writes that wait, and then hands over. A large write waits at
/// most for what was before it and one group. The transaction checks again what a write stands on.
/// Thread-safe.
final class Line {
  /// Writes that share packs and a transaction at most.
  static final int MAX_GROUP = 128;

  /// Writes that wait, by branch. A branch is here while somebody works on it.
  private final Map<BranchName, Deque<Write>> waiting = new HashMap<>();

  /// Returns when the write has an outcome. `work` is run for one group at a time of a branch, by
  /// the thread of one of them, and MUST give each an outcome.
  void pass(Write write, Consumer<List<Write>> work) {
    if (!enter(write) && !write.awaitTurn()) {
      return;
    }
    List<Write> group = group(write);
    try {
      work.accept(group);
    } catch (RuntimeException | Error e) {
      group.forEach(member -> member.refuse(e));
    } finally {
      handOver(write.branch());
    }
  }

  /// Whether the write need not wait.
  private synchronized boolean enter(Write write) {
    Deque<Write> others = waiting.get(write.branch());
    if (others == null) {
      waiting.put(write.branch(), new ArrayDeque<>());
      return true;
    }
    others.add(write);
    return false;
  }

  /// The leader and those that may go with it, which leave the line.
  private synchronized List<Write> group(Write leader) {
    List<Write> group = new ArrayList<>();
    group.add(leader);
    Iterator<Write> others = waiting.getOrDefault(leader.branch(), new ArrayDeque<>()).iterator();
    while (others.hasNext() && group.size() < MAX_GROUP) {
      Write next = others.next();
      if (group.stream().allMatch(next::joins)) {
        group.add(next);
        others.remove();
      }
    }
    return group;
  }

  private synchronized void handOver(BranchName branch) {
    Deque<Write> others = waiting.getOrDefault(branch, new ArrayDeque<>());
    if (others.isEmpty()) {
      waiting.remove(branch);
    } else {
      others.remove().lead();
    }
  }

  synchronized int waiting(BranchName branch) {
    return waiting.getOrDefault(branch, new ArrayDeque<>()).size();
  }
}
