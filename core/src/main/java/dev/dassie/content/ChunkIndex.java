package dev.dassie.content;

import dev.dassie.fault.DassieException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/// Where every published chunk is: sorted segments in a folder, and the newest packs in memory. The
/// heap it takes is bounded: at [#FLUSH_CHUNKS] chunks or [#FLUSH_PACKS] packs the memory becomes a
/// segment, and segments of like size are merged in the background, so that a lookup is O(log n).
///
/// The folder is a cache. A segment that is damaged is dropped, and the packs that no segment
/// covers are to be added again from their footers. Thread-safe.
final class ChunkIndex implements AutoCloseable {
  static final int FLUSH_CHUNKS = 1 << 16;
  static final int FLUSH_PACKS = 4096;

  /// Segments of one size class that are merged into one of the next.
  static final int MERGE = 4;

  private static final System.Logger LOG = System.getLogger(ChunkIndex.class.getName());
  private static final Pattern SEGMENT = Pattern.compile("([0-9a-f]{16})\\.segment");

  /// What lookups see; replaced as a whole.
  private record Layers(RecentChunks recent, List<IndexSegment> segments, Set<PackId> dead) {}

  private final Path folder;
  private final int flushPacks;
  private final Executor background;
  private final Object lock = new Object();
  private volatile Layers layers;
  private long nextName;
  private CompletableFuture<Void> merging = CompletableFuture.completedFuture(null);

  /// Opens the index in `folder`, which is made if it is missing.
  ChunkIndex(Path folder) {
    this(folder, FLUSH_PACKS, ChunkIndex::inBackground);
  }

  /// The same with another number of packs in memory, and merging where `background` runs it.
  ChunkIndex(Path folder, int flushPacks, Executor background) {
    this.folder = folder;
    this.flushPacks = flushPacks;
    this.background = background;
    try {
      Folders.createDurably(folder);
      this.layers = new Layers(new RecentChunks(), openSegments(), Set.of());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private List<IndexSegment> openSegments() throws IOException {
    List<IndexSegment> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (SEGMENT.matcher(name).matches()) {
          nextName = Math.max(nextName, Long.parseLong(name, 0, 16, 16) + 1);
          openSegment(file).ifPresent(segments::add);
        } else if (name.endsWith(".segment.tmp")) {
          Files.delete(file);
        }
      }
    }
    return List.copyOf(segments);
  }

  private static Optional<IndexSegment> openSegment(Path file) throws IOException {
    try {
      return Optional.of(IndexSegment.open(file));
    } catch (DassieException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage() + " It is made anew from the packs.");
      Files.delete(file);
      return Optional.empty();
    }
  }

  /// All packs that the index covers.
  Set<PackId> packs() {
    Layers now = layers;
    Set<PackId> packs = new HashSet<>(now.recent().packIds());
    for (IndexSegment segment : now.segments()) {
      packs.addAll(segment.packs());
    }
    return packs;
  }

  /// Says which packs are gone: their chunks are no longer found there.
  void forget(Set<PackId> gone) {
    synchronized (lock) {
      Set<PackId> dead = new HashSet<>(layers.dead());
      dead.addAll(gone);
      layers = pruned(layers.recent().without(gone), layers.segments(), dead);
    }
  }

  /// Dead packs are remembered only as long as a segment has records of them.
  private static Layers pruned(RecentChunks recent, List<IndexSegment> segments, Set<PackId> dead) {
    Set<PackId> kept = new HashSet<>();
    if (!dead.isEmpty()) {
      for (IndexSegment segment : segments) {
        segment.packs().stream().filter(dead::contains).forEach(kept::add);
      }
    }
    return new Layers(recent, segments, Set.copyOf(kept));
  }

  Optional<Place> find(Digest id) {
    return find(id, Set.of());
  }

  /// A place of the chunk in a pack that is not among `except`.
  Optional<Place> find(Digest id, Set<PackId> except) {
    Layers now = layers;
    Set<PackId> passed = now.dead();
    if (!except.isEmpty()) {
      passed = new HashSet<>(passed);
      passed.addAll(except);
    }
    Optional<Place> place =
        except.isEmpty() ? now.recent().find(id) : now.recent().find(id, except);
    for (int i = 0; place.isEmpty() && i < now.segments().size(); i++) {
      place = now.segments().get(i).find(id, passed);
    }
    return place;
  }

  /// The segments that cover every pack there is now, after the memory became one.
  List<IndexSegment> settled() {
    synchronized (lock) {
      flush();
      return layers.segments();
    }
  }

  /// The chunks that there are records of in a pack; reads all of the segments that cover it.
  List<Digest> chunksOf(PackId pack) {
    Layers now = layers;
    List<Digest> found = new ArrayList<>(now.recent().chunksOf(pack));
    for (IndexSegment segment : now.segments()) {
      if (segment.packs().contains(pack)) {
        for (long record = 0; record < segment.count(); record++) {
          if (segment.place(record).pack().equals(pack)) {
            found.add(segment.digest(record));
          }
        }
      }
    }
    return found;
  }

  /// Packs that are gone and still have records.
  Set<PackId> dead() {
    return layers.dead();
  }

  /// Writes segments anew of whose packs a quarter or more are gone, so that the folder and the
  /// next start stay in proportion to the packs that there are.
  void clean() {
    CompletableFuture<Void> cleaning;
    synchronized (lock) {
      cleaning = merging.thenRunAsync(this::cleanAll, ChunkIndex::inBackground);
      merging = cleaning;
    }
    cleaning.join();
  }

  private void cleanAll() {
    try {
      for (IndexSegment segment : layers.segments()) {
        long gone = segment.packs().stream().filter(layers.dead()::contains).count();
        if (gone > 0 && gone * 4 >= segment.packs().size()) {
          merge(List.of(segment));
        }
      }
    } catch (IOException | DassieException e) {
      LOG.log(System.Logger.Level.WARNING, "The index in `" + folder + "` was not cleaned.", e);
    }
  }

  /// Makes the chunks of a durable pack findable.
  void add(PackContents pack) {
    synchronized (lock) {
      RecentChunks recent = layers.recent();
      recent.add(pack);
      if (recent.chunks() >= FLUSH_CHUNKS || recent.packs() >= flushPacks) {
        flush();
        startMerging();
      }
    }
  }

  /// Turns the memory into a segment. The caller holds the lock.
  private void flush() {
    Layers now = layers;
    if (now.recent().packs() == 0) {
      return;
    }
    try {
      String name = newName();
      try (SegmentWriter out = new SegmentWriter(folder, name)) {
        now.recent().packIds().stream().filter(id -> !now.dead().contains(id)).forEach(out::cover);
        for (PackContents.Located chunk : now.recent().sorted(now.dead())) {
          out.add(chunk.id(), chunk.place());
        }
        out.publish();
      }
      List<IndexSegment> segments = new ArrayList<>(now.segments());
      segments.add(IndexSegment.open(folder.resolve(name)));
      layers = new Layers(new RecentChunks(), List.copyOf(segments), now.dead());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private String newName() {
    synchronized (lock) {
      return "%016x.segment".formatted(nextName++);
    }
  }

  private void startMerging() {
    if (merging.isDone()) {
      merging = CompletableFuture.runAsync(this::mergeAll, background);
    }
  }

  private static void inBackground(Runnable task) {
    Thread.ofVirtual().name("index-merge").start(task);
  }

  private void mergeAll() {
    try {
      for (List<IndexSegment> group = mergeable(); !group.isEmpty(); group = mergeable()) {
        merge(group);
      }
    } catch (IOException | DassieException e) {
      LOG.log(System.Logger.Level.WARNING, "The index in `" + folder + "` was not merged.", e);
    }
  }

  /// The segments of the smallest size class that holds too many.
  private List<IndexSegment> mergeable() {
    Map<Integer, List<IndexSegment>> classes = new TreeMap<>();
    for (IndexSegment segment : layers.segments()) {
      classes.computeIfAbsent(sizeClass(segment), size -> new ArrayList<>()).add(segment);
    }
    return classes.values().stream()
        .filter(group -> group.size() >= MERGE)
        .findFirst()
        .orElse(List.of());
  }

  /// 0 up to 2^16 records, then one more for each factor of [#MERGE].
  private static int sizeClass(IndexSegment segment) {
    long units = segment.count() >>> 16;
    return (64 - Long.numberOfLeadingZeros(units) + 1) / 2;
  }

  private void merge(List<IndexSegment> group) throws IOException {
    String name = newName();
    new SegmentMerge(group, layers.dead()).write(folder, name);
    IndexSegment merged = IndexSegment.open(folder.resolve(name));
    synchronized (lock) {
      List<IndexSegment> segments = new ArrayList<>(layers.segments());
      segments.removeAll(group);
      segments.add(merged);
      layers = pruned(layers.recent(), List.copyOf(segments), layers.dead());
    }
    for (IndexSegment old : group) {
      Files.deleteIfExists(old.file());
    }
  }

  /// Segments and chunks in memory, for tests.
  String shape() {
    Layers now = layers;
    return now.segments().size() + " segments, " + now.recent().chunks() + " recent";
  }

  /// Writes the memory to a segment, so that the next start has no footers to read. Where that
  /// fails, on a full disk say, they are read.
  @Override
  public void close() {
    CompletableFuture<Void> running;
    synchronized (lock) {
      try {
        flush();
      } catch (DassieException e) {
        LOG.log(System.Logger.Level.WARNING, "The index in `" + folder + "` was not saved.", e);
      }
      running = merging;
    }
    running.join();
  }

  private RuntimeException failed(IOException cause) {
    return ObjectStore.translate(folder.toString(), cause);
  }
}
