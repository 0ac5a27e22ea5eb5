package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/// The chunks of an instance whose index another process keeps. Packs are read and written in the
/// object store itself; that process, which collects garbage, is asked where a chunk is
/// ([Whereabouts]), and is to be told of each pack that is published here ([#fresh]) before
/// anything names its chunks.
///
/// A chunk is stored anew unless its session, or another one meanwhile, stored it here: of all
/// others only the keeper of the index knows whether they stay. Thread-safe.
public final class FarPacks implements ChunkStore, AutoCloseable {
  private static final long CACHE = 64L << 20;
  private static final int ATTEMPTS = 4;
  private static final int MOST_ASKED = Whereabouts.MOST;

  private final ObjectStore objects;
  private final Whereabouts whereabouts;
  private final BlockCodec codec = new BlockCodec();
  private final CheckedBlocks checked = new CheckedBlocks(CheckedBlocks.SLOTS);
  private final PackReader reader;
  private final ChunkIndex index;
  private final RandomGenerator names = new SecureRandom();
  private final Object lock = new Object();

  /// Packs that were published here, with the number under which they were.
  private final ConcurrentMap<PackId, Long> own = new ConcurrentHashMap<>();

  /// Sessions that are open, by the number under which they were opened.
  private final TreeMap<Long, Integer> open = new TreeMap<>();

  private long number;
  private List<String> published = new ArrayList<>();
  private Set<Digest> borrowed = new HashSet<>();

  /// @param indexFolder for what is known of the places of chunks; it may be lost
  public FarPacks(ObjectStore objects, Path indexFolder, Whereabouts whereabouts) {
    this.objects = objects;
    this.whereabouts = whereabouts;
    this.reader =
        new PackReader(
            objects,
            codec,
            new BlockCache(CACHE),
            checked,
            new Buffers(Packs.BUFFERS, ChunkStore.MAX_CHUNK));
    this.index = new ChunkIndex(indexFolder);
  }

  /// What the keeper of the index is to be told.
  ///
  /// @param packs that were published since the last call
  /// @param borrowed chunks of other packs that something new names
  public record Fresh(List<String> packs, List<Digest> borrowed) {
    public Fresh {
      packs = List.copyOf(packs);
      borrowed = List.copyOf(borrowed);
    }
  }

  /// Everything since the last call. It MUST reach the keeper before anything that names the
  /// chunks.
  public Fresh fresh() {
    synchronized (lock) {
      Fresh fresh = new Fresh(published, List.copyOf(borrowed));
      published = new ArrayList<>();
      borrowed = new HashSet<>();
      return fresh;
    }
  }

  /// Learns where these chunks are, with few questions, because they are about to be read. Those
  /// that are nowhere are no error here.
  public void expect(List<Digest> chunks) {
    List<Digest> unknown =
        chunks.stream().distinct().filter(id -> index.find(id).isEmpty()).toList();
    for (int from = 0; from < unknown.size(); from += MOST_ASKED) {
      int to = Math.min(unknown.size(), from + MOST_ASKED);
      learn(whereabouts.packs(unknown.subList(from, to)));
    }
  }

  private void learn(List<Optional<String>> keys) {
    Set<PackId> packs = new HashSet<>();
    keys.forEach(key -> key.flatMap(PackId::parse).ifPresent(packs::add));
    for (PackId pack : packs) {
      try {
        index.add(reader.contents(pack));
      } catch (DassieException e) {
        // It went meanwhile: whoever needs its chunks asks again.
        if (!(e.fault() instanceof Fault.NotFound)) {
          throw e;
        }
      }
    }
  }

  private Optional<Place> find(Digest id) {
    Optional<Place> known = index.find(id);
    if (known.isEmpty()) {
      learn(whereabouts.packs(List.of(id)));
      known = index.find(id);
    }
    return known;
  }

  /// A pack that is not there any more was moved or collected: then its chunks lie elsewhere.
  @Override
  public byte[] read(Digest id) {
    Optional<DassieException> last = Optional.empty();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Place> place = find(id);
      if (place.isEmpty()) {
        break;
      }
      try {
        return reader.read(id, place.get());
      } catch (DassieException e) {
        if (!(e.fault() instanceof Fault.Corrupt)) {
          throw e;
        }
        last = last.or(() -> Optional.of(e));
        index.forget(Set.of(place.get().pack()));
      }
    }
    throw last.orElseGet(() ->
        new Fault.Corrupt("The chunk `" + id + "`", "a pack that holds it", "none").asException());
  }

  @Override
  public boolean contains(Digest id) {
    return find(id).isPresent();
  }

  @Override
  public Session session() {
    return new PackSession(new View());
  }

  @Override
  public void close() {
    index.close();
    codec.close();
  }

  /// These packs as one session sees them.
  private final class View implements PackHost {
    private long since;
    private boolean ended;

    @Override
    public Hold hold() {
      synchronized (lock) {
        since = number;
        open.merge(since, 1, Integer::sum);
      }
      return this::end;
    }

    private void end() {
      synchronized (lock) {
        if (ended) {
          return;
        }
        ended = true;
        open.computeIfPresent(since, (at, count) -> count == 1 ? null : count - 1);
        long needed = open.isEmpty() ? number : open.firstKey();
        own.values().removeIf(at -> at < needed);
      }
    }

    @Override
    public boolean reuse(Digest id) {
      Optional<Place> place = index.find(id);
      Optional<Long> at = place.flatMap(found -> Optional.ofNullable(own.get(found.pack())));
      return at.isPresent() && at.get() >= since;
    }

    @Override
    public boolean reuseOrWait(Digest id) {
      if (reuse(id)) {
        return true;
      }
      if (find(id).isEmpty()) {
        return false;
      }
      synchronized (lock) {
        borrowed.add(id);
      }
      return true;
    }

    @Override
    public PackWriter writer(Role role, int keep) {
      return new PackWriter(objects, codec, role, keep);
    }

    @Override
    public BlockCodec.Encoded encode(Digest id, byte[] bytes, int offset, int length) {
      BlockCodec.Encoded encoded = codec.encode(bytes, offset, length);
      checked.note(id, CheckedBlocks.checksum(encoded.bytes(), encoded.offset(), encoded.length()));
      return encoded;
    }

    @Override
    public void add(PackWriter pack) {
      PackId name;
      synchronized (lock) {
        name = PackId.random(pack.role(), names);
      }
      PackContents contents = pack.publish(name);
      synchronized (lock) {
        own.put(name, number++);
        published.add(name.key());
      }
      index.add(contents);
    }

    @Override
    public byte[] read(Digest id) {
      return FarPacks.this.read(id);
    }
  }
}
