package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Collects chunks that nothing needs, while everybody writes (design S12). The caller marks what
/// is reachable, then condemns, then sweeps:
///
/// 1. When this begins, the packs that may lose chunks are fixed: those that are there and that
///    nobody at work has published.
/// 2. [#mark] each chunk that is reachable.
/// 3. [#condemn]: from here on a writer that wants to reuse a chunk without a mark stores it again;
///    chunks that writers reused before are marked, with all beneath.
/// 4. [#sweep] moves marked chunks out of packs that are mostly dead, and deletes those packs.
///
/// Packs published since are not touched, so what a writer stores again stays. Closing without
/// sweeping changes nothing. Used by one thread; one at a time.
public final class Collector implements AutoCloseable {
  /// Digests younger than the collection that are remembered as seen.
  private static final int NEWER = 1 << 18;

  private static final System.Logger LOG = System.getLogger(Collector.class.getName());

  private final Packs packs;
  private final ChunkStore.Hold hold;
  private final Marks marks;
  private final Set<PackId> held;
  private final Set<Digest> newer = new HashSet<>();

  Collector(Packs packs) {
    this.packs = packs;
    packs.holds().rotate();
    this.hold = packs.hold();
    Set<PackId> dead = packs.index().dead();
    this.marks = new Marks(packs.index().settled(), dead);
    this.held = packs.holds().packs();
  }

  /// Marks a chunk as needed. Returns the bytes that it takes in its pack, or a negative number if
  /// it had been marked before. A chunk that is nowhere is `Fault.Corrupt`: a collection on a
  /// damaged store would lose what the damage hides.
  public long mark(Digest id) {
    Optional<Marks.At> at = marks.find(id);
    if (at.isPresent()) {
      if (marks.isMarked(at.get())) {
        return -1;
      }
      marks.mark(at.get());
      return stored(marks.place(at.get()));
    }
    Optional<Place> place = packs.index().find(id);
    if (place.isEmpty()) {
      throw new Fault.Corrupt("The chunk `" + id + "`", "a pack that holds it", "none")
          .asException();
    }
    boolean seen = newer.size() < NEWER ? !newer.add(id) : newer.contains(id);
    return seen ? -1 : stored(place.get());
  }

  /// The bytes that a chunk takes in its pack; 0 if it is nowhere.
  public long stored(Digest id) {
    return packs.index().find(id).map(Collector::stored).orElse(0L);
  }

  /// Its share of the block that it lies in.
  private static long stored(Place place) {
    Block block = place.block();
    return block.raw() == 0 ? 0 : (long) block.stored() * place.length() / block.raw();
  }

  /// Shows every tree chunk that has no mark, and could go, to `wanted`; marks those that it wants.
  /// For chunks that no other chunk names. A chunk that cannot be read gets a mark.
  public void markTreeChunks(Predicate<byte[]> wanted) {
    for (Map.Entry<PackId, Tally> pack : tallies().entrySet()) {
      if (pack.getKey().role() == ChunkStore.Role.TREE && pack.getValue().dead > 0) {
        for (PackContents.Located chunk : packs.reader().contents(pack.getKey()).chunks()) {
          Optional<Marks.At> at = marks.find(chunk.id());
          if (at.isPresent() && !marks.isMarked(at.get()) && isWanted(chunk, wanted)) {
            marks.mark(at.get());
          }
        }
      }
    }
  }

  private boolean isWanted(PackContents.Located chunk, Predicate<byte[]> wanted) {
    try {
      return wanted.test(packs.reader().read(chunk.id(), chunk.place()));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt) {
        return true;
      }
      throw e;
    }
  }

  /// Condemns what has no mark. `reached` is called with tree chunks that writers reused before; it
  /// MUST mark them and all that they name.
  public void condemn(Consumer<Digest> reached) {
    packs.condemn(this::isCondemned);
    marks.each((at, id, place) -> {
      if (!marks.isMarked(at) && packs.holds().mayHold(id) && !isMarked(id)) {
        if (place.pack().role() == ChunkStore.Role.TREE) {
          reached.accept(id);
        } else {
          marks.mark(at);
        }
      }
    });
    packs.settle();
  }

  /// Whether a chunk has a mark; one that is younger than the collection counts as marked.
  public boolean isMarked(Digest id) {
    return marks.find(id).map(marks::isMarked).orElse(true);
  }

  /// A chunk that lies only in packs that may lose it.
  private boolean isCondemned(Digest id) {
    Optional<Marks.At> at = marks.find(id);
    if (at.isEmpty() || marks.isMarked(at.get())) {
      return false;
    }
    Set<PackId> passed = new HashSet<>();
    Optional<Place> place = packs.index().find(id);
    while (place.isPresent()) {
      PackId pack = place.get().pack();
      if (held.contains(pack) || !isOld(id, pack)) {
        return false;
      }
      passed.add(pack);
      place = packs.index().find(id, passed);
    }
    return true;
  }

  private boolean isOld(Digest id, PackId pack) {
    return marks.holds(id, pack);
  }

  /// What the packs that may lose chunks hold, by role: bytes needed, bytes not needed.
  public Map<ChunkStore.Role, Balance> balance() {
    Map<ChunkStore.Role, Balance> sums = new EnumMap<>(ChunkStore.Role.class);
    for (ChunkStore.Role role : ChunkStore.Role.values()) {
      sums.put(role, new Balance(0, 0, 0));
    }
    tallies()
        .forEach((pack, tally) ->
            sums.computeIfPresent(pack.role(), (role, sum) -> sum.plus(tally.live, tally.dead)));
    return sums;
  }

  /// Bytes in packs.
  public record Balance(long packs, long live, long dead) {
    Balance plus(long moreLive, long moreDead) {
      return new Balance(packs + 1, live + moreLive, dead + moreDead);
    }
  }

  private static final class Tally {
    private long live;
    private long dead;
  }

  private Map<PackId, Tally> tallies() {
    Map<PackId, Tally> tallies = new HashMap<>();
    marks.each((at, id, place) -> {
      if (!held.contains(place.pack())) {
        Tally tally = tallies.computeIfAbsent(place.pack(), pack -> new Tally());
        // An empty chunk counts too, so that a pack of nothing else is not taken for a dead one.
        long bytes = Math.max(1, stored(place));
        if (marks.isMarked(at)) {
          tally.live += bytes;
        } else {
          tally.dead += bytes;
        }
      }
    });
    return tallies;
  }

  /// What a sweep did, or would do.
  ///
  /// @param deleted packs that went as they were
  /// @param rewritten packs whose rest was moved
  /// @param freed bytes that came back
  /// @param left bytes that nothing needs and that stay, in packs that are mostly needed
  public record Swept(long deleted, long rewritten, long freed, long left) {}

  /// What [#sweep] would do.
  public Swept plan() {
    return visit((pack, tally) -> true);
  }

  /// Deletes packs without a marked chunk, and rewrites those that are worth it: a third or more of
  /// them, or anything of a pack under 16 MiB, is not needed. Ends early when the thread is
  /// interrupted.
  public Swept sweep(Pace pace) {
    Map<ChunkStore.Role, Relocation> moves = new EnumMap<>(ChunkStore.Role.class);
    try {
      for (ChunkStore.Role role : ChunkStore.Role.values()) {
        moves.put(role, new Relocation(packs, role, pace));
      }
      Swept swept =
          visit((pack, tally) -> {
            if (tally.live == 0) {
              packs.drop(Set.of(pack));
              return true;
            }
            return rewrite(pack, Optional.ofNullable(moves.get(pack.role())).orElseThrow());
          });
      moves.values().forEach(Relocation::finish);
      packs.index().clean();
      return swept;
    } finally {
      moves.values().forEach(Relocation::close);
    }
  }

  /// A damaged pack stays as it is, for fsck to find.
  private boolean rewrite(PackId pack, Relocation move) {
    try {
      move.move(packs.reader().contents(pack), chunk -> marks.isMarked(chunk.id(), pack));
      return true;
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt damage) {
        LOG.log(System.Logger.Level.WARNING, damage.message());
        return false;
      }
      throw e;
    }
  }

  private Swept visit(BiPredicate<PackId, Tally> action) {
    long deleted = 0;
    long rewritten = 0;
    long freed = 0;
    long left = 0;
    for (Map.Entry<PackId, Tally> entry : tallies().entrySet()) {
      Tally tally = entry.getValue();
      long size = packs.size(entry.getKey()).orElse(0L);
      boolean worth = size < PackMerge.SMALL || tally.dead * 3 >= tally.live + tally.dead;
      if (tally.dead == 0) {
        continue;
      }
      if (Thread.currentThread().isInterrupted()
          || (tally.live > 0 && !worth)
          || !action.test(entry.getKey(), tally)) {
        left += tally.dead;
        continue;
      }
      freed += tally.live == 0 ? size : tally.dead;
      deleted += tally.live == 0 ? 1 : 0;
      rewritten += tally.live == 0 ? 0 : 1;
    }
    return new Swept(deleted, rewritten, freed, left);
  }

  /// Ends the collection; condemned chunks that are left may be reused again.
  @Override
  public void close() {
    hold.close();
    packs.release();
  }
}
