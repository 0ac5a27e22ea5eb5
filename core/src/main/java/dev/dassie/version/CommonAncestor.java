package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the newest commit that two commits both have in their history, where a merge has two
/// histories: that of its parent and that of the commit it merged.
///
/// Between merges a history is a chain of parents, on which jump pointers find a common ancestor in
/// steps that grow with the logarithm of its length. The merges of a repo are looked at from the
/// newest down, and not below the best ancestor found so far: what costs is the number of merges
/// since then, never that of commits.
final class CommonAncestor {
  /// Merges that are looked at; more are refused.
  private static final int MAX_MERGES = 10_000;

  /// Chains that one history may have.
  private static final int MAX_CHAINS = 1_000;

  private final Snapshot snapshot;
  private final History history;

  CommonAncestor(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.history = new History(snapshot);
  }

  Optional<CommitRow> of(CommitRow first, CommitRow second) {
    List<CommitRow> left = new ArrayList<>(List.of(first));
    List<CommitRow> right = new ArrayList<>(List.of(second));
    Optional<CommitRow> best = common(left, right);
    RepoName repo = first.name().repo();
    String prefix = repo.key() + "/";
    String before = prefix + Tables.ordered(Math.max(first.order(), second.order()) + 1);
    for (int seen = 0; seen < MAX_MERGES; ) {
      List<Row> batch = snapshot.rows().scanBackwards(Tables.MERGE, prefix, before, Snapshot.BATCH);
      for (Row row : batch) {
        Merged merged = Merged.decode(row.value());
        if (best.filter(
                found -> Tables.ordered(found.order()).compareTo(Tables.last(row.name())) >= 0)
            .isPresent()) {
          return best;
        }
        boolean longer = grow(left, repo, merged);
        boolean wider = grow(right, repo, merged);
        best = longer || wider ? common(left, right) : best;
      }
      if (batch.size() < Snapshot.BATCH) {
        return best;
      }
      seen += batch.size();
      before = batch.getLast().name();
    }
    throw new Fault.Conflict(
            "More than %d merges lie between `%s` and `%s`."
                .formatted(MAX_MERGES, first.name(), second.name()),
            Optional.of("Merge more often, or merge a commit between them first."))
        .asException();
  }

  /// A merge that is in a history brings what it merged into it.
  private boolean grow(List<CommitRow> chains, RepoName repo, Merged merged) {
    Optional<CommitRow> merge = snapshot.commit(new CommitName(repo, merged.commit()));
    Optional<CommitRow> other = standing(new CommitName(repo, merged.other()));
    if (merge.isEmpty() || other.isEmpty() || !covered(chains, merge.get())) {
      return false;
    }
    if (covered(chains, other.get())) {
      return false;
    }
    if (chains.size() == MAX_CHAINS) {
      throw new Fault.Conflict(
              "The history of `%s` has more than %d branches that were merged."
                  .formatted(chains.getFirst().name(), MAX_CHAINS),
              Optional.empty())
          .asException();
    }
    chains.add(other.get());
    return true;
  }

  /// The commit, or where it was deleted the nearest one before it that is there.
  private Optional<CommitRow> standing(CommitName name) {
    Optional<CommitRow> row = snapshot.commit(name);
    Optional<Stub> stub = row.isPresent() ? Optional.empty() : snapshot.stub(name);
    for (int steps = 0; row.isEmpty() && stub.isPresent() && steps < MAX_MERGES; steps++) {
      Optional<CommitName> parent =
          stub.get().commit().parent().map(id -> new CommitName(name.repo(), id));
      row = parent.flatMap(snapshot::commit);
      stub = parent.flatMap(snapshot::stub);
    }
    return row;
  }

  private boolean covered(List<CommitRow> chains, CommitRow row) {
    return chains.stream().anyMatch(chain -> history.contains(chain, row));
  }

  private Optional<CommitRow> common(List<CommitRow> left, List<CommitRow> right) {
    Optional<CommitRow> best = Optional.empty();
    for (CommitRow one : left) {
      for (CommitRow other : right) {
        Optional<CommitRow> found = history.common(one, other);
        if (found.isPresent() && best.filter(row -> row.order() >= found.get().order()).isEmpty()) {
          best = found;
        }
      }
    }
    return best;
  }
}
