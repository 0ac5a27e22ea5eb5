package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The chunks of an instance in packs of up to 64 MiB (docs/format.md, "Packs"), with an index of
/// where each one is. Packs lie under `packs/data/` and `packs/tree/` of the object store; the
/// index is a local folder that may be lost: it is made anew from the packs.
///
/// One `Packs` at a time may use an index folder. Thread-safe.
public final class Packs implements ChunkStore, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Packs.class.getName());
  private static final int LIST_PAGE = 4096;
  private static final long CACHE = 64L << 20;

  /// Chunks that are lent outside of the heap at a time, each up to 1 MiB.
  static final int BUFFERS = 32;

  private static final Duration LONGEST_SETTLING = Duration.ofSeconds(30);

  private final ObjectStore objects;
  private final RandomGenerator names;
  private final BlockCodec codec = new BlockCodec();
  private final CheckedBlocks checked = new CheckedBlocks(CheckedBlocks.SLOTS);
  private final PackReader reader;
  private final ChunkIndex index;
  private final List<Fault> damaged = new ArrayList<>();
  private final Holds holds = new Holds();
  private final ReentrantLock upkeep = new ReentrantLock();
  private final Map<PackId, Long> sizes = new ConcurrentHashMap<>();
  private final AtomicLong published = new AtomicLong();

  /// Packs that a check found damaged: what lies in them is not reused.
  private volatile Set<PackId> suspects = Set.of();

  private volatile Condemned condemned = Condemned.NOTHING;

  /// Chunks that are about to be collected; `round` counts collections. Until `settled`, some of
  /// them are still found to be held, and spared.
  record Condemned(long round, Predicate<Digest> chunks, CountDownLatch settled) {
    static final Condemned NOTHING = nothing(0);

    static Condemned nothing(long round) {
      return new Condemned(round, id -> false, new CountDownLatch(0));
    }
  }

  /// Opens the chunks in `objects`. Packs that the index in `indexFolder` does not cover have their
  /// footers read.
  public Packs(ObjectStore objects, Path indexFolder) {
    this(objects, indexFolder, new SecureRandom());
  }

  Packs(ObjectStore objects, Path indexFolder, RandomGenerator names) {
    this(objects, names, new ChunkIndex(indexFolder));
  }

  Packs(ObjectStore objects, RandomGenerator names, ChunkIndex index) {
    this.objects = objects;
    this.names = names;
    this.reader =
        new PackReader(
            objects,
            codec,
            new BlockCache(CACHE),
            checked,
            new Buffers(BUFFERS, ChunkStore.MAX_CHUNK));
    this.index = index;
    catchUp();
  }

  /// Brings the index up to the packs that are there.
  private void catchUp() {
    Set<PackId> covered = index.packs();
    for (Role role : Role.values()) {
      forEachPack(
          role,
          pack -> {
            if (!covered.remove(pack)) {
              readFooter(pack).ifPresent(index::add);
            }
          });
    }
    // A store may list late: only packs that cannot be found either are gone.
    covered.removeIf(pack -> stat(pack).isPresent());
    if (!covered.isEmpty()) {
      index.forget(covered);
    }
  }

  /// Packs whose footers could not be read when this was opened; their chunks are missing.
  public List<Fault> damaged() {
    return List.copyOf(damaged);
  }

  @Override
  public boolean contains(Digest id) {
    return index.find(id).isPresent();
  }

  /// Reads the chunk from the first pack that has it whole.
  @Override
  public byte[] read(Digest id) {
    return fromAny(id, place -> reader.read(id, place));
  }

  @Override
  public Lent lend(Digest id) {
    return fromAny(id, place -> reader.lend(id, place));
  }

  private <T> T fromAny(Digest id, Function<Place, T> read) {
    Set<PackId> bad = Set.of();
    Optional<DassieException> first = Optional.empty();
    while (true) {
      Optional<Place> place = index.find(id, bad);
      if (place.isEmpty()) {
        throw first.orElseGet(() -> missing(id));
      }
      try {
        return read.apply(place.get());
      } catch (DassieException e) {
        // A pack that was moved or collected meanwhile reads as damaged, and so does a damaged one:
        // the chunk may lie in another.
        if (!(e.fault() instanceof Fault.Corrupt)) {
          throw e;
        }
        first = first.or(() -> Optional.of(e));
        bad = new HashSet<>(bad);
        bad.add(place.get().pack());
      }
    }
  }

  private static DassieException missing(Digest id) {
    return new Fault.Corrupt("The chunk `" + id + "`", "a pack that holds it", "none")
        .asException();
  }

  @Override
  public Hold hold() {
    return holds.open();
  }

  /// Whether a chunk is there and stays: then it is held for as long as those at work now. A
  /// collector first condemns and then looks at what is held, here it is the other way round, so
  /// one of both sees the other.
  boolean reuse(Digest id) {
    while (true) {
      long round = condemned.round();
      if (index.find(id, suspects).isEmpty()) {
        return false;
      }
      holds.touch(id);
      Condemned now = condemned;
      if (now.round() == round) {
        return !now.chunks().test(id);
      }
    }
  }

  /// As [#reuse], for a chunk that cannot be stored again: while a collector still looks which of
  /// the condemned chunks are held, this waits for the outcome.
  boolean reuseOrWait(Digest id) {
    if (reuse(id)) {
      return true;
    }
    if (index.find(id, suspects).isEmpty()) {
      return false;
    }
    try {
      boolean _ = condemned.settled().await(LONGEST_SETTLING.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return reuse(id);
  }

  @Override
  public Session session() {
    return new PackSession(new OwnPacks(this));
  }

  /// All chunks of tree packs, pack by pack, each pack's in the order they were put; a chunk that
  /// lies in two packs comes twice. Packs published meanwhile may be left out. A damaged footer is
  /// `Fault.Corrupt`. For rebuilding what is kept outside the packs.
  public Iterator<Digest> treeChunks() {
    return treeChunks(reader::contents);
  }

  /// The same without the packs whose footers cannot be read.
  public Iterator<Digest> readableTreeChunks() {
    return treeChunks(pack -> {
      try {
        return reader.contents(pack);
      } catch (DassieException e) {
        String _ = PackCheck.problem(e);
        return new PackContents(pack, List.of());
      }
    });
  }

  private Iterator<Digest> treeChunks(Function<PackId, PackContents> footer) {
    List<PackId> packs = new ArrayList<>();
    forEachPack(Role.TREE, packs::add);
    return packs.stream()
        .flatMap(pack -> footer.apply(pack).chunks().stream())
        .map(PackContents.Located::id)
        .iterator();
  }

  @Override
  public void close() {
    index.close();
    codec.close();
  }

  BlockCodec codec() {
    return codec;
  }

  PackWriter writer(Role role, int keep) {
    return new PackWriter(objects, codec, role, keep);
  }

  /// The stored form of a chunk that gets a block of its own. Its digest is of these very bytes:
  /// who reads them back need not compute it again.
  BlockCodec.Encoded encode(Digest id, byte[] bytes, int offset, int length) {
    BlockCodec.Encoded encoded = codec.encode(bytes, offset, length);
    checked.note(id, CheckedBlocks.checksum(encoded.bytes(), encoded.offset(), encoded.length()));
    return encoded;
  }

  /// Makes a pack durable and its chunks findable.
  void add(PackWriter pack) {
    PackId name = PackId.random(pack.role(), names);
    PackContents contents = pack.publish(name);
    holds.published(name);
    index.add(contents);
    published.incrementAndGet();
  }

  /// Packs published since this was opened.
  public long published() {
    return published.get();
  }

  /// Begins to collect garbage. One collector, or one merge of packs, at a time: waits for its
  /// turn. The thread that closes it MUST be the one that began.
  public Collector collector() {
    upkeep.lock();
    try {
      return new Collector(this);
    } catch (RuntimeException e) {
      upkeep.unlock();
      throw e;
    }
  }

  /// Merges small packs of like size, see [PackMerge]. Waits for its turn.
  public Merged mergeSmall(Pace pace) {
    upkeep.lock();
    try {
      return new PackMerge(this, pace).run();
    } finally {
      upkeep.unlock();
    }
  }

  /// Begins to check all packs. Waits for a collection or merge that runs; none begins before it is
  /// closed, by the thread that began it.
  public PackCheck check() {
    upkeep.lock();
    return new PackCheck(this);
  }

  /// Says which packs are damaged: who puts a chunk of theirs again stores it again.
  void suspect(Set<PackId> damaged) {
    suspects = Set.copyOf(damaged);
  }

  void endCheck() {
    upkeep.unlock();
  }

  /// What a merge did: packs that went, packs that came, bytes of those that went.
  public record Merged(long before, long after, long bytes) {}

  void release() {
    condemned.settled().countDown();
    condemned = Condemned.nothing(condemned.round() + 1);
    upkeep.unlock();
  }

  void condemn(Predicate<Digest> chunks) {
    condemned = new Condemned(condemned.round() + 1, chunks, new CountDownLatch(1));
  }

  /// What is condemned now goes.
  void settle() {
    condemned.settled().countDown();
  }

  Holds holds() {
    return holds;
  }

  ChunkIndex index() {
    return index;
  }

  PackReader reader() {
    return reader;
  }

  /// Bytes of a pack, asked of the store once; empty if it is gone.
  Optional<Long> size(PackId pack) {
    Optional<Long> known = Optional.ofNullable(sizes.get(pack)).or(() -> stat(pack));
    known.ifPresent(size -> sizes.put(pack, size));
    return known;
  }

  private Optional<Long> stat(PackId pack) {
    try {
      return Optional.of(objects.size(pack.key()));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Forgets packs, then deletes them. Readers that are on the way to one look for another place.
  void drop(Set<PackId> gone) {
    index.forget(gone);
    gone.forEach(pack -> {
      objects.delete(pack.key());
      sizes.remove(pack);
    });
  }

  void forEachPack(Role role, Consumer<PackId> action) {
    String after = "";
    while (true) {
      List<String> page = objects.list(PackId.prefix(role), after, LIST_PAGE);
      for (String key : page) {
        PackId.parse(key).ifPresent(action);
      }
      if (page.size() < LIST_PAGE) {
        return;
      }
      after = page.getLast();
    }
  }

  private Optional<PackContents> readFooter(PackId pack) {
    try {
      return Optional.of(reader.contents(pack));
    } catch (DassieException e) {
      // One damaged pack must not make all others unreadable.
      if (e.fault() instanceof Fault.Corrupt fault) {
        LOG.log(System.Logger.Level.ERROR, fault.message());
        damaged.add(fault);
        return Optional.empty();
      }
      throw e;
    }
  }
}
