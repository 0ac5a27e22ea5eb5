package dev.dassie.retention;

import dev.dassie.content.PackCheck;
import dev.dassie.content.PackRepair;
import dev.dassie.content.Packs;
import dev.dassie.job.JobConsistency;
import dev.dassie.job.ResultHoldings;
import dev.dassie.pipeline.PipelineConsistency;
import dev.dassie.version.Consistency;
import dev.dassie.version.Holdings;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Checks an instance (design S12): records against records, then every byte of every pack, then
/// everything that records name. Readers and writers go on meanwhile. One at a time.
final class Fsck {
  private final Packs packs;
  private final Versions versions;
  private final Consistency records;
  private final PipelineConsistency pipelines;
  private final JobConsistency jobs;
  private final Holdings holdings;
  private final List<Roots> others;

  Fsck(Packs packs, Versions versions, List<Roots> others) {
    this.packs = packs;
    this.versions = versions;
    this.records = new Consistency(versions);
    this.pipelines = new PipelineConsistency(versions);
    this.jobs = new JobConsistency(versions.metadata());
    this.holdings = new Holdings(versions);
    ResultHoldings results = new ResultHoldings(versions.metadata());
    this.others = new java.util.ArrayList<>(others);
    this.others.addFirst(new RecordedRoots(holdings, results, commit -> false, true));
  }

  /// Tells every damage as it is found, after the repair if there was one.
  FsckReport check(Optional<FsckReport.Repaired> repaired, FsckReport.Listener listener) {
    long[] findings = {0};
    Consumer<Finding> found =
        finding -> {
          findings[0]++;
          listener.found(finding);
        };
    Consumer<Consistency.Gap> gaps =
        gap -> found.accept(Finding.record(gap.repo(), gap.commit(), gap.message()));
    records.check(gaps);
    pipelines.check(gaps);
    jobs.check(gaps);
    try (PackCheck check = packs.check()) {
      long all =
          check.packs(
              damage -> found.accept(Finding.pack(damage.pack(), damage.problem())),
              listener::alive);
      try (DamageWalk walk =
          new DamageWalk(packs, check, new Sharing(versions), id -> false, found)) {
        long commits = walk.commits(holdings, listener::alive);
        others.forEach(walk::others);
        return new FsckReport(all, commits, findings[0], repaired);
      }
    }
  }

  /// Brings what damaged packs held from a copy of the store.
  PackRepair.Repaired repairPacks(Packs copy, Runnable alive) {
    try (PackCheck check = packs.check()) {
      long _ = check.packs(damage -> {}, alive);
      try (PackRepair repair = check.repair(copy)) {
        repair.replaceDamaged();
        try (DamageWalk walk =
            new DamageWalk(packs, check, new Sharing(versions), repair::bring, finding -> {})) {
          long _ = walk.commits(holdings, alive);
          others.forEach(walk::others);
          return repair.finish(walk.lost() == 0);
        }
      }
    }
  }

  /// Writes records anew that are missing and follow from others, or from records in tree packs.
  long repairRecords() {
    return records.repair(packs::readableTreeChunks, packs) + pipelines.repair() + jobs.repair();
  }
}
