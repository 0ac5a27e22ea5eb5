package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

  private final ObjectStore objects;
  private final RandomGenerator names;
  private final BlockCodec codec = new BlockCodec();
  private final PackReader reader;
  private final ChunkIndex index;
  private final List<Fault> damaged = new ArrayList<>();

  /// Opens the chunks in `objects`. Packs that the index in `indexFolder` does not cover have their
  /// footers read.
  public Packs(ObjectStore objects, Path indexFolder) {
    this(objects, indexFolder, new SecureRandom());
  }

  Packs(ObjectStore objects, Path indexFolder, RandomGenerator names) {
    this.objects = objects;
    this.names = names;
    this.reader = new PackReader(objects, codec, new BlockCache(CACHE));
    this.index = new ChunkIndex(indexFolder);
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
    covered.removeIf(this::exists);
    if (!covered.isEmpty()) {
      index.forget(covered);
    }
  }

  private boolean exists(PackId pack) {
    try {
      return objects.size(pack.key()) > 0;
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return false;
      }
      throw e;
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

  @Override
  public byte[] read(Digest id) {
    return index
        .find(id)
        .map(place -> reader.read(id, place))
        .orElseThrow(() ->
            new Fault.Corrupt("The chunk `" + id + "`", "a pack that holds it", "none")
                .asException());
  }

  @Override
  public Session session() {
    return new PackSession(this);
  }

  /// All chunks of tree packs, pack by pack, each pack's in the order they were put; a chunk that
  /// lies in two packs comes twice. Packs published meanwhile may be left out. A damaged footer is
  /// `Fault.Corrupt`. For rebuilding what is kept outside the packs.
  public Iterator<Digest> treeChunks() {
    List<PackId> packs = new ArrayList<>();
    forEachPack(Role.TREE, packs::add);
    return packs.stream()
        .flatMap(pack -> reader.contents(pack).chunks().stream())
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

  /// Makes a pack durable and its chunks findable.
  void add(PackWriter pack) {
    index.add(pack.publish(PackId.random(pack.role(), names)));
  }

  private void forEachPack(Role role, Consumer<PackId> action) {
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
