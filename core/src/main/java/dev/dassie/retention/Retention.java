package dev.dassie.retention;

import dev.dassie.content.Collector;
import dev.dassie.content.Digest;
import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.ResultHoldings;
import dev.dassie.retention.Holder.Kind;
import dev.dassie.version.Commit;
import dev.dassie.version.Holdings;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// Keeps what something holds, and gives back the rest (design S12). Thread-safe; one collection,
/// or one merge of packs, runs at a time.
public final class Retention {
  /// How long what was deleted is kept unless the caller says otherwise.
  public static final Duration GRACE = Duration.ofHours(24);

  private final Packs packs;
  private final Versions versions;
  private final Holdings holdings;
  private final ResultHoldings results;
  private final List<Roots> others = new CopyOnWriteArrayList<>();
  private final AtomicBoolean collecting = new AtomicBoolean();

  public Retention(Packs packs, Versions versions) {
    this.packs = packs;
    this.versions = versions;
    this.holdings = new Holdings(versions);
    this.results = new ResultHoldings(versions.metadata());
  }

  /// Adds a source of roots beside the records: what a door keeps in memory. To be called before
  /// the first collection.
  public void keep(Roots roots) {
    others.add(roots);
  }

  /// Collects what nothing holds, while everybody goes on. A second one at the same time is
  /// `Fault.Conflict`; damage to what something holds is `Fault.Corrupt`, and then nothing is
  /// collected.
  ///
  /// @param grace how long what was deleted is kept
  /// @param dryRun says only what would go
  public GcReport gc(Duration grace, boolean dryRun, Pace pace) {
    return alone(() -> collect(grace, dryRun, pace));
  }

  private GcReport collect(Duration grace, boolean dryRun, Pace pace) {
    long start = System.nanoTime();
    Instant cutoff = versions.clock().instant().minus(grace);
    try (Collector collector = packs.collector()) {
      Marker marker = new Marker(packs, collector::mark);
      new RecordedRoots(holdings, results, commit -> true, true).each(marker);
      marker.by(Holder.of(Kind.UPLOADS));
      others.forEach(roots -> roots.each(marker));
      marker.by(Holder.of(Kind.DELETED));
      holdings.deleted(gone -> {
        if (!gone.at().isBefore(cutoff)) {
          marker.files(gone.files());
        }
      });
      collector.markTreeChunks(holdings::isLiveRecord);
      if (!dryRun) {
        marker.by(Holder.of(Kind.WRITERS));
        collector.condemn(marker::chunk);
      }
      long live = 0;
      long dead = 0;
      long all = 0;
      for (Collector.Balance balance : collector.balance().values()) {
        live += balance.live();
        dead += balance.dead();
        all += balance.packs();
      }
      Collector.Swept swept = dryRun ? collector.plan() : collector.sweep(pace);
      if (!dryRun) {
        long _ = holdings.forget(cutoff);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new GcReport(dryRun, new LinkedHashMap<>(marker.held()), all, live, dead, swept, took);
    }
  }

  /// What holds the bytes of a repo: who else, and how much would come back if it were deleted.
  public Explanation explain(RepoName repo) {
    boolean _ = versions.repo(repo).name().equals(repo);
    return alone(() -> explained(repo));
  }

  private Explanation explained(RepoName repo) {
    try (Collector own = packs.collector();
        Collector rest = packs.collector()) {
      Marker mine = new Marker(packs, own::mark);
      new RecordedRoots(holdings, results, commit -> isOf(repo, commit), false).each(mine);
      long total = mine.held().values().stream().mapToLong(Long::longValue).sum();
      Marker theirs =
          new Marker(
              packs,
              id -> {
                long bytes = rest.mark(id);
                return bytes > 0 && !own.isMarked(id) ? 0 : bytes;
              });
      new RecordedRoots(holdings, results, commit -> !isOf(repo, commit), true).each(theirs);
      others.forEach(roots -> roots.each(theirs));
      Map<Holder, Long> shared = new LinkedHashMap<>(theirs.held());
      shared.values().removeIf(bytes -> bytes == 0);
      long also = shared.values().stream().mapToLong(Long::longValue).sum();
      return new Explanation(repo.key(), total, total - also, shared);
    }
  }

  private static boolean isOf(RepoName repo, Commit commit) {
    return commit.name().repo().equals(repo);
  }

  /// Merges small packs, and says what was done where it was anything.
  public Packs.Merged mergeSmallPacks(Pace pace) {
    return packs.mergeSmall(pace);
  }

  private <T> T alone(Supplier<T> work) {
    if (!collecting.compareAndSet(false, true)) {
      throw new Fault.Conflict(
              "A collection is running.", Optional.of("Wait for its end, then repeat the command."))
          .asException();
    }
    try {
      return work.get();
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt) {
        throw new DassieException(
            new Fault.Failed(
                e.fault().message() + " Nothing was collected.",
                Optional.of("`dassie fsck` finds all damage and names the files.")),
            e);
      }
      throw e;
    } finally {
      collecting.set(false);
    }
  }

  Packs packs() {
    return packs;
  }

  Versions versions() {
    return versions;
  }

  /// Whether a chunk is there, for tests.
  boolean has(Digest id) {
    return packs.contains(id);
  }
}
