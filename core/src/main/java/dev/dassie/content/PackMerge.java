package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Merges packs under 16 MiB, so that their number, and with it the time to start, does not grow
/// with the number of commits. Sixteen packs of one size class (each class eight times the one
/// before) become one, as in a log-structured merge tree (P. O'Neil and others, 1996): a chunk is
/// rewritten a handful of times in its life, however small the packs it came in. What nothing holds
/// moves too; telling that apart is the collector's work. Not thread-safe.
final class PackMerge {
  /// Packs of this size or more stay as they are.
  static final long SMALL = 16L << 20;

  /// Packs of one class that are merged.
  static final int GROUP = 16;

  private static final int FIRST_CLASS_BITS = 17;
  private static final System.Logger LOG = System.getLogger(PackMerge.class.getName());

  private final Packs packs;
  private final Pace pace;
  private final Map<PackId, Long> sizes = new HashMap<>();
  private long before;
  private long after;
  private long bytes;

  PackMerge(Packs packs, Pace pace) {
    this.packs = packs;
    this.pace = pace;
  }

  Packs.Merged run() {
    for (PackId pack : packs.index().packs()) {
      packs.size(pack).ifPresent(size -> sizes.put(pack, size));
    }
    for (ChunkStore.Role role : ChunkStore.Role.values()) {
      Map<Integer, List<PackId>> classes = new TreeMap<>();
      sizes.forEach((pack, size) -> {
        if (pack.role() == role && size < SMALL) {
          classes.computeIfAbsent(sizeClass(size), any -> new ArrayList<>()).add(pack);
        }
      });
      classes.values().stream().filter(all -> all.size() >= GROUP).forEach(all -> merge(role, all));
    }
    if (before > 0) {
      packs.index().clean();
    }
    return new Packs.Merged(before, after, bytes);
  }

  /// 0 below 128 KiB, 1 below 1 MiB, 2 below 8 MiB, else 3.
  private static int sizeClass(long size) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size >>> FIRST_CLASS_BITS);
    return (bits + 2) / 3;
  }

  private void merge(ChunkStore.Role role, List<PackId> group) {
    try (Relocation relocation = new Relocation(packs, role, pace)) {
      for (PackId pack : group) {
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
        try {
          relocation.move(packs.reader().contents(pack), chunk -> true);
          before++;
          bytes += sizes.getOrDefault(pack, 0L);
        } catch (DassieException e) {
          if (!(e.fault() instanceof Fault.Corrupt)) {
            throw e;
          }
          // What is damaged stays where it is, for fsck to find.
          LOG.log(System.Logger.Level.WARNING, e.fault().message());
        }
      }
      after += relocation.finish();
    }
  }
}
