package dev.dassie.version;

import dev.dassie.metadata.Metadata.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From where on the rules of branches keep commits, as of one moment: commits that come later only
/// move that on. Remembers what it found out. Not thread-safe.
final class Thresholds {
  /// What a rule keeps.
  ///
  /// @param order the place of the last of the newest commits that are kept; 0 keeps all
  /// @param ended the time from which on commits are kept
  private record Threshold(KeepRule rule, long order, Optional<Instant> ended) {}

  private final Instant now;
  private final Map<BranchName, Optional<Threshold>> known = new HashMap<>();

  Thresholds(Instant now) {
    this.now = now;
  }

  /// Looks up what a commit is judged by: the rule as it is in this transaction. To be called
  /// before [#keeps].
  void learn(Snapshot snapshot, BranchName branch) {
    Optional<KeepRule> rule = snapshot.rule(branch);
    Optional<KeepRule> before = known.getOrDefault(branch, Optional.empty()).map(Threshold::rule);
    if (!before.equals(rule)) {
      known.put(branch, rule.map(set -> threshold(snapshot, branch, set)));
    }
  }

  private Threshold threshold(Snapshot snapshot, BranchName branch, KeepRule rule) {
    return new Threshold(
        rule,
        rule.last().map(count -> newest(snapshot, branch, count)).orElse(Long.MAX_VALUE),
        rule.age().map(now::minus));
  }

  /// The place of the finished commit of the branch that has `count` - 1 newer ones.
  private static long newest(Snapshot snapshot, BranchName branch, int count) {
    String prefix = branch.repo().key() + "/";
    String before = "";
    int found = 0;
    while (true) {
      List<Row> batch =
          snapshot.rows().scanBackwards(Tables.BY_REPO, prefix, before, Snapshot.BATCH);
      for (Row row : batch) {
        Optional<CommitRow> commit =
            snapshot.commit(new CommitName(branch.repo(), new CommitId(Snapshot.text(row))));
        boolean counts =
            commit
                .map(CommitRow::commit)
                .filter(one -> one.branch().equals(branch.branch()))
                .filter(one -> one.finishedFiles().isPresent())
                .isPresent();
        found += counts ? 1 : 0;
        if (found == count) {
          return commit.map(CommitRow::order).orElse(0L);
        }
      }
      if (batch.size() < Snapshot.BATCH) {
        return 0;
      }
      before = batch.getLast().name();
    }
  }

  /// Why the rule of its branch keeps a commit; empty where it does not.
  Optional<String> keeps(CommitRow row) {
    BranchName branch = branch(row);
    Optional<Threshold> rule = known.getOrDefault(branch, Optional.empty());
    if (rule.isEmpty()) {
      return Optional.of("is of `%s`, which keeps all".formatted(branch));
    }
    Optional<Instant> ended =
        switch (row.commit().state()) {
          case Commit.Open _ -> Optional.empty();
          case Commit.Finished finished -> Optional.of(finished.at());
          case Commit.Failed failed -> Optional.of(failed.at());
        };
    if (ended.isEmpty()) {
      return Optional.of("is open");
    }
    Threshold threshold = rule.get();
    if (row.order() >= threshold.order()) {
      return Optional.of(
          "is among the newest %d of `%s`".formatted(threshold.rule().last().orElse(0), branch));
    }
    if (threshold.ended().filter(from -> !ended.get().isBefore(from)).isPresent()) {
      Duration age = Duration.between(ended.get(), now);
      return Optional.of(
          "is %d h old, and `%s` keeps %s".formatted(age.toHours(), branch, threshold.rule()));
    }
    return Optional.empty();
  }

  static BranchName branch(CommitRow row) {
    return new BranchName(row.name().repo(), row.commit().branch());
  }
}
