package dev.dassie.version;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives every branch downstream of a head that moved an open commit of the same set (design S2):
/// each branch once, after all that it is computed from.
final class Propagation {
  private final Change change;
  private final Snapshot snapshot;

  Propagation(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
  }

  void run() {
    if (change.moved().isEmpty() && change.rewired().isEmpty()) {
      return;
    }
    for (Ref.Branch branch : ordered(affected())) {
      derive(branch);
    }
  }

  /// Whether a repo that would get a commit has one of the set, from an earlier transaction.
  boolean isTaken() {
    return affected().values().stream()
        .anyMatch(branch ->
            snapshot.commit(new CommitName(branch.name().repo(), change.set())).isPresent());
  }

  /// Branches whose provenance changed, and all downstream of them and of moved heads, but not
  /// through sources that start nothing.
  private Map<BranchName, Ref.Branch> affected() {
    Map<BranchName, Ref.Branch> found = new LinkedHashMap<>();
    Deque<BranchName> queue = new ArrayDeque<>(change.moved().keySet());
    for (BranchName name : change.rewired()) {
      // A later step of the transaction may have deleted it.
      snapshot
          .branch(name)
          .filter(branch -> !isSilent(branch))
          .ifPresent(branch -> {
            found.put(name, branch);
            queue.add(name);
          });
    }
    while (!queue.isEmpty()) {
      BranchName source = queue.remove();
      for (BranchName reader : snapshot.subscribers(source)) {
        if (!found.containsKey(reader) && !snapshot.quiet(reader).contains(source)) {
          found.put(reader, snapshot.needBranch(reader));
          queue.add(reader);
        }
      }
    }
    return found;
  }

  /// Whether no source of it gives it commits.
  private boolean isSilent(Ref.Branch branch) {
    return !branch.provenance().isEmpty()
        && snapshot.quiet(branch.name()).containsAll(branch.provenance());
  }

  /// Sources before what is computed from them (Kahn's algorithm; [Wiring] has kept circles out).
  private static List<Ref.Branch> ordered(Map<BranchName, Ref.Branch> affected) {
    Map<BranchName, List<Ref.Branch>> readers = new HashMap<>();
    Map<BranchName, Integer> waiting = new LinkedHashMap<>();
    affected.forEach((name, branch) -> {
      int sources = 0;
      for (BranchName source : branch.provenance()) {
        if (affected.containsKey(source)) {
          readers.computeIfAbsent(source, key -> new ArrayList<>()).add(branch);
          sources++;
        }
      }
      waiting.put(name, sources);
    });
    Deque<Ref.Branch> ready = new ArrayDeque<>();
    affected.forEach((name, branch) -> {
      if (waiting.getOrDefault(name, 0) == 0) {
        ready.add(branch);
      }
    });
    List<Ref.Branch> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      Ref.Branch next = ready.remove();
      order.add(next);
      for (Ref.Branch reader : readers.getOrDefault(next.name(), List.of())) {
        if (waiting.merge(reader.name(), -1, Integer::sum) == 0) {
          ready.add(reader);
        }
      }
    }
    if (order.size() != affected.size()) {
      throw new IllegalStateException("branches are computed from each other in a circle");
    }
    return order;
  }

  /// The commit names the heads of all sources that have one; without any commit of data there is
  /// nothing to compute yet.
  private void derive(Ref.Branch branch) {
    List<Commit.Source> provenance = new ArrayList<>();
    boolean data = false;
    for (BranchName source : branch.provenance()) {
      Optional<CommitName> head = snapshot.head(source);
      if (head.isPresent()) {
        provenance.add(new Commit.Source(head.get(), source.branch()));
        data |= source.repo().type() == RepoName.Type.USER;
      }
    }
    if (data) {
      change.commits().derive(branch, provenance);
    }
  }
}
