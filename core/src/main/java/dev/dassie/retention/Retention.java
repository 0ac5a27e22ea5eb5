package dev.dassie.retention;

import dev.dassie.content.Collector;
import dev.dassie.content.Digest;
import dev.dassie.content.ObjectStore;
import dev.dassie.content.Pace;
import dev.dassie.content.PackRepair;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.ResultHoldings;
import dev.dassie.retention.Holder.Kind;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.Expiry;
import dev.dassie.version.Holdings;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
  private volatile Copies copies =
      (name, scratch) -> {
        throw new Fault.Unsupported("A copy of the store", Optional.empty()).asException();
      };
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
    return alone(() -> unharmed(() -> collect(grace, dryRun, pace)));
  }

  private GcReport collect(Duration grace, boolean dryRun, Pace pace) {
    long start = System.nanoTime();
    Instant cutoff = versions.clock().instant().minus(grace);
    try (Collector collector = packs.collector()) {
      Marker marker = new Marker(packs, collector::mark);
      new RecordedRoots(holdings, results, commit -> true, true).each(marker);
      markOthers(marker);
      marker.by(Holder.of(Kind.DELETED));
      holdings.deleted(gone -> {
        if (!gone.at().isBefore(cutoff)) {
          marker.files(gone.files());
        }
      });
      collector.markTreeChunks(holdings::isLiveRecord);
      if (!dryRun) {
        // Before their bytes: a row whose files are gone would make the next collection find
        // damage.
        long _ = holdings.forget(cutoff);
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
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new GcReport(dryRun, new LinkedHashMap<>(marker.held()), all, live, dead, swept, took);
    }
  }

  private void markOthers(Marker marker) {
    for (Roots roots : others) {
      marker.by(Holder.of(Kind.UPLOADS));
      roots.each(marker);
    }
  }

  /// What holds the bytes of a repo: who else, and how much would come back if it were deleted.
  public Explanation explain(RepoName repo) {
    boolean _ = versions.repo(repo).name().equals(repo);
    return alone(() -> unharmed(() -> explained(repo)));
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
      markOthers(theirs);
      Map<Holder, Long> shared = new LinkedHashMap<>(theirs.held());
      shared.values().removeIf(bytes -> bytes == 0);
      long also = shared.values().stream().mapToLong(Long::longValue).sum();
      return new Explanation(repo.key(), total, total - also, shared);
    }
  }

  private static boolean isOf(RepoName repo, Commit commit) {
    return commit.name().repo().equals(repo);
  }

  /// Says how a copy of the store is opened, read only, from what a person calls it.
  public void openCopiesWith(Copies opener) {
    copies = opener;
  }

  /// Opens copies of the store, for reading only.
  public interface Copies {
    /// @param name what a person calls it: a folder, or an address
    /// @param scratch an empty folder for what opening it needs; it is removed with all in it
    Opened open(String name, Path scratch);
  }

  /// A copy that is open; closed after its use.
  public record Opened(ObjectStore objects, Runnable ending) implements AutoCloseable {
    @Override
    public void close() {
      ending.run();
    }
  }

  /// Checks everything and tells each damage as it is found, while readers and writers go on.
  /// Refused while a collection or another check runs.
  public FsckReport fsck(FsckReport.Listener listener) {
    return alone(() -> fsck().check(Optional.empty(), listener));
  }

  /// The same after a repair: of records, from those in the store; of packs, from a copy of the
  /// store, if one is named.
  public FsckReport repair(Optional<String> copy, FsckReport.Listener listener) {
    return alone(() -> {
      Fsck fsck = fsck();
      PackRepair.Repaired packs =
          copy.map(name -> repairPacks(fsck, name, listener)).orElse(new PackRepair.Repaired(0, 0));
      FsckReport.Repaired done =
          new FsckReport.Repaired(packs.packs(), packs.chunks(), fsck.repairRecords());
      return fsck.check(Optional.of(done), listener);
    });
  }

  private Fsck fsck() {
    return new Fsck(packs, versions, others);
  }

  private PackRepair.Repaired repairPacks(Fsck fsck, String name, FsckReport.Listener listener) {
    try {
      Path scratch = Files.createTempDirectory(versions.spillFolder(), "copy");
      try (Opened copy = copies.open(name, Files.createDirectory(scratch.resolve("store")));
          Packs copied = new Packs(copy.objects(), scratch.resolve("index"))) {
        return fsck.repairPacks(copied, listener::alive);
      } finally {
        remove(scratch);
      }
    } catch (IOException e) {
      throw ObjectStore.translate(versions.spillFolder().toString(), e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// Lets go of the commits that the rules of branches do not keep, see [Expiry#run].
  public long expire(
      Optional<BranchName> only, Optional<Call> call, Consumer<Expiry.Judged> judged) {
    return new Expiry(versions).run(only, call, judged);
  }

  /// Merges small packs, and says what was done where it was anything.
  public Packs.Merged mergeSmallPacks(Pace pace) {
    return packs.mergeSmall(pace);
  }

  private <T> T alone(Supplier<T> work) {
    if (!collecting.compareAndSet(false, true)) {
      throw new Fault.Conflict(
              "A collection or check is running.",
              Optional.of("Wait for its end, then repeat the command."))
          .asException();
    }
    try {
      return work.get();
    } finally {
      collecting.set(false);
    }
  }

  private static <T> T unharmed(Supplier<T> work) {
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
