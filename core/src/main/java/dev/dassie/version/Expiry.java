package dev.dassie.version;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Lets go of the commits that the rules of branches do not keep. A commit goes with all that was
/// made from it, and only where each of them is let go by the rule of its own branch, and no branch
/// or tag names it. It leaves a stub and an event; a commit that has others behind it is squashed.
/// Newer ones go first, one transaction each. Thread-safe.
public final class Expiry {
  private final Versions versions;

  public Expiry(Versions versions) {
    this.versions = versions;
  }

  /// A commit that was judged.
  ///
  /// @param goes whether it went, or would go
  /// @param reason the rule that lets it go, or a sentence on what keeps it
  public record Judged(Commit commit, boolean goes, String reason) {}

  /// Judges every commit of the branches that have a rule, newest first.
  ///
  /// @param only the one branch to look at; without a rule it has nothing to judge
  /// @param call who lets go of commits; without one it is only said which would go
  /// @return how many went, or would go
  public long run(Optional<BranchName> only, Optional<Call> call, Consumer<Judged> judged) {
    Run run = new Run(call, judged);
    if (only.isPresent()) {
      String _ = versions.branch(only.get()).name().branch();
      versions.rule(only.get()).ifPresent(rule -> run.branch(only.get(), rule));
      return run.gone;
    }
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch =
          versions.metadata().read(rows -> rows.scan(Tables.RULE, "", from, Snapshot.BATCH));
      for (Row row : batch) {
        run.branch(Tables.branchName(row.name()), Tables.decodeRule(row.value()));
      }
      if (batch.size() < Snapshot.BATCH) {
        return run.gone;
      }
      after = batch.getLast().name();
    }
  }

  private final class Run {
    private final Optional<Call> call;
    private final Consumer<Judged> judged;
    private final Thresholds thresholds = new Thresholds(versions.clock().instant());
    private long gone;

    Run(Optional<Call> call, Consumer<Judged> judged) {
      this.call = call;
      this.judged = judged;
    }

    void branch(BranchName branch, KeepRule rule) {
      String prefix = branch.repo().key() + "/";
      String before = "";
      while (true) {
        String from = before;
        List<Row> batch =
            ask(snapshot ->
                snapshot.rows().scanBackwards(Tables.BY_REPO, prefix, from, Snapshot.BATCH));
        for (Row row : batch) {
          CommitName name = new CommitName(branch.repo(), new CommitId(Snapshot.text(row)));
          ask(snapshot -> snapshot.commit(name))
              .filter(found -> found.commit().branch().equals(branch.branch()))
              .ifPresent(found -> commit(found, branch, rule));
        }
        if (batch.size() < Snapshot.BATCH) {
          return;
        }
        before = batch.getLast().name();
      }
    }

    private <T> T ask(Function<Snapshot, T> question) {
      return versions.metadata().read(rows -> question.apply(new Snapshot(rows)));
    }

    private void commit(CommitRow row, BranchName branch, KeepRule rule) {
      String reason = "The branch `%s` keeps %s.".formatted(branch, rule);
      Optional<String> kept;
      try {
        kept = made(row).or(() -> ask(snapshot -> expirable(snapshot, row)));
        if (kept.isEmpty() && call.isPresent()) {
          expire(row.name(), new Call(call.get().principal(), reason));
        }
      } catch (DassieException e) {
        if (!(e.fault() instanceof Fault.Conflict || e.fault() instanceof Fault.NotFound)) {
          throw e;
        }
        kept = Optional.of(e.fault().message());
      }
      gone += kept.isEmpty() ? 1 : 0;
      judged.accept(new Judged(row.commit(), kept.isEmpty(), kept.orElse(reason)));
    }

    private static Optional<String> made(CommitRow row) {
      return row.commit().provenance().stream()
          .findFirst()
          .map(source ->
              "It goes with `%s`, which it was made from, and not before."
                  .formatted(source.commit()));
    }

    private Optional<String> expirable(Snapshot snapshot, CommitRow row) {
      try {
        List<CommitRow> _ = new RemovalCheck(snapshot).expirable(row.name(), thresholds);
        return Optional.empty();
      } catch (DassieException e) {
        if (e.fault() instanceof Fault.Conflict conflict) {
          return Optional.of(conflict.message());
        }
        throw e;
      }
    }

    private void expire(CommitName name, Call by) {
      boolean _ =
          versions.change(
              by,
              change -> {
                change.expireCommit(name, thresholds);
                return true;
              });
    }
  }
}
