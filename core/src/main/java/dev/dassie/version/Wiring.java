package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks what a branch may be computed from.
final class Wiring {
  /// Branches upstream of one; more is refused.
  private static final int MAX_UPSTREAM = 10_000;

  private final Snapshot snapshot;

  Wiring(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// Refuses provenance that is missing, that comes back to the branch's own repo, or that would
  /// make one change need two commits of that repo: a commit set has at most one of each.
  void check(BranchName name, List<BranchName> provenance) {
    for (BranchName source : provenance) {
      if (source.isPinned()) {
        snapshot.needCommit(new CommitName(source.repo(), new CommitId(source.branch())));
      } else if (snapshot.ref(source).isEmpty()) {
        throw snapshot.missingRef(source.repo(), source.branch()).asException();
      }
    }
    Set<BranchName> upstream = upstream(provenance);
    if (upstream.stream().anyMatch(source -> source.repo().equals(name.repo()))) {
      throw new Fault.Conflict(
              "The branch `%s` would be computed from its own repo, through `%s`."
                  .formatted(name, back(name, provenance)),
              Optional.empty())
          .asException();
    }
    for (Ref ref : snapshot.refs(name.repo())) {
      if (ref instanceof Ref.Branch other
          && !other.name().equals(name)
          && !other.provenance().isEmpty()) {
        refuseShared(name, upstream, other);
      }
    }
  }

  /// Which of the sources leads back to the repo of the branch.
  private BranchName back(BranchName name, List<BranchName> provenance) {
    return provenance.stream()
        .filter(source ->
            upstream(List.of(source)).stream().anyMatch(far -> far.repo().equals(name.repo())))
        .findFirst()
        .orElse(name);
  }

  private void refuseShared(BranchName name, Set<BranchName> upstream, Ref.Branch other) {
    for (BranchName source : upstream(other.provenance())) {
      if (upstream.contains(source)) {
        throw new Fault.Conflict(
                "The branches `%s` and `%s` would both be computed from `%s`; one change makes one commit per repo."
                    .formatted(name, other.name(), source),
                Optional.of("Write to another repo."))
            .asException();
      }
    }
  }

  /// The branches that could move, at any distance: tags and pinned commits never do.
  private Set<BranchName> upstream(List<BranchName> provenance) {
    Set<BranchName> found = new LinkedHashSet<>();
    Set<BranchName> seen = new HashSet<>(provenance);
    Deque<BranchName> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      Optional<Ref.Branch> branch = snapshot.branch(queue.remove());
      if (branch.isEmpty()) {
        continue;
      }
      found.add(branch.get().name());
      if (found.size() > MAX_UPSTREAM) {
        throw new Fault.Conflict(
                "More than %d branches are upstream of it.".formatted(MAX_UPSTREAM),
                Optional.empty())
            .asException();
      }
      for (BranchName source : branch.get().provenance()) {
        if (seen.add(source)) {
          queue.add(source);
        }
      }
    }
    return found;
  }
}
