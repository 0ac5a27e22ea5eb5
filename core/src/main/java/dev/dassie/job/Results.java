package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.metadata.Metadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The result cache (design D4): datum key → [Result] of every computation that succeeded. New
/// results are short-lived journal rows, durable with the transaction that writes them; a
/// background thread folds them into a [PersistentMap] whose root is one row. Thread-safe.
public final class Results {
  /// Journal rows that may stay unfolded while nothing runs.
  static final int FOLD_ABOVE = 1_000;

  private static final String JOURNAL = "result";
  private static final Metadata.Key ROOT = new Metadata.Key("result_root", "root");
  private static final int FOLD_PAGE = 1_000;

  private final Metadata metadata;
  private final ChunkStore chunks;
  private final PersistentMap map;
  private final AtomicLong journal = new AtomicLong();
  private final AtomicBoolean folding = new AtomicBoolean();

  public Results(Metadata metadata, ChunkStore chunks) {
    this.metadata = metadata;
    this.chunks = chunks;
    this.map = new PersistentMap(chunks);
    journal.set(metadata.read(rows -> (long) rows.scan(JOURNAL, "", "", FOLD_ABOVE + 1).size()));
  }

  /// The result of a computation that has succeeded.
  public Optional<Result> find(Digest key) {
    return Optional.ofNullable(find(List.of(key)).get(key));
  }

  /// The results that there are; one snapshot for all keys.
  public Map<Digest, Result> find(Collection<Digest> keys) {
    Map<Digest, Result> found = new HashMap<>();
    PersistentMap.Root root =
        metadata.read(rows -> {
          for (Digest key : keys) {
            rows.get(row(key)).ifPresent(bytes -> found.put(key, Result.decode(bytes)));
          }
          return root(rows);
        });
    if (root.count() > 0) {
      for (Digest key : keys) {
        if (!found.containsKey(key)) {
          map.get(root, key.toBytes()).ifPresent(bytes -> found.put(key, Result.decode(bytes)));
        }
      }
    }
    return found;
  }

  /// How many results are kept, rows that are not folded yet left out.
  public long folded() {
    return metadata.read(Results::root).count();
  }

  /// Writes a result with the transaction of the caller.
  void record(Metadata.Writer rows, Digest key, Result result) {
    rows.put(row(key), result.encode());
    journal.incrementAndGet();
  }

  /// Folds the journal on a thread of its own once it is long enough: above 1,000 rows when `idle`,
  /// else above an eighth of the map too, so that writing stays in proportion.
  void foldInBackground(boolean idle) {
    long rows = journal.get();
    if (rows <= FOLD_ABOVE || (!idle && rows <= folded() / 8)) {
      return;
    }
    if (folding.compareAndSet(false, true)) {
      Thread.ofVirtual().name("results-fold").start(this::foldNow);
    }
  }

  private void foldNow() {
    try {
      fold();
    } catch (DassieException e) {
      // The rows stay where they are and are as good; the next fold tries again.
      System.getLogger("dassie.job").log(System.Logger.Level.WARNING, e.fault().message());
    } finally {
      folding.set(false);
    }
  }

  /// Folds all journal rows there are into the map.
  synchronized void fold() {
    List<Metadata.Row> rows = new ArrayList<>();
    String after = "";
    while (true) {
      String from = after;
      List<Metadata.Row> page = metadata.read(in -> in.scan(JOURNAL, "", from, FOLD_PAGE));
      rows.addAll(page);
      if (page.size() < FOLD_PAGE) {
        break;
      }
      after = page.getLast().name();
    }
    if (rows.isEmpty()) {
      return;
    }
    PersistentMap.Root old = metadata.read(Results::root);
    try (ChunkStore.Session session = chunks.session()) {
      PersistentMap.Root folded =
          new PersistentMap(session)
              .apply(
                  old,
                  rows.stream()
                      .map(row ->
                          new PersistentMap.Change.Put(
                              Digest.parse(row.name()).toBytes(), row.value()))
                      .iterator(),
                  session);
      session.publish();
      Encoder out = new Encoder();
      folded.write(out);
      // Within the session: until then nothing else keeps the nodes from being collected.
      metadata.write(in -> {
        in.put(ROOT, out.toBytes());
        return true;
      });
    }
    // In groups, so that no other writer waits long. A row that is in the map too does no harm.
    for (int from = 0; from < rows.size(); from += FOLD_PAGE) {
      List<Metadata.Row> group = rows.subList(from, Math.min(rows.size(), from + FOLD_PAGE));
      metadata.write(in -> {
        group.forEach(row -> in.delete(new Metadata.Key(JOURNAL, row.name())));
        return true;
      });
    }
    journal.addAndGet(-rows.size());
  }

  /// Gives the rows that are not folded.
  static void unfolded(Metadata.Reader rows, Consumer<Metadata.Row> action) {
    String after = "";
    List<Metadata.Row> page;
    do {
      page = rows.scan(JOURNAL, "", after, FOLD_PAGE);
      page.forEach(action);
      after = page.isEmpty() ? after : page.getLast().name();
    } while (page.size() == FOLD_PAGE);
  }

  /// Writes a result of another instance with the transaction of the caller, where no row has one
  /// for the key. One in the map does no harm: equal keys have equal results.
  void takeIfMissing(Metadata.Writer rows, Digest key, byte[] result) {
    if (rows.get(row(key)).isEmpty()) {
      record(rows, key, Result.decode(result));
    }
  }

  /// Runs a transaction that brings another map in: what it is given puts the new root. Results
  /// that are here for a key stay. Costs as much as the difference; nothing is folded meanwhile.
  /// The nodes of the other map are those of the session, which is published.
  synchronized <T> T merging(
      PersistentMap.Root other,
      ChunkStore.Session session,
      Function<Consumer<Metadata.Writer>, T> transaction) {
    PersistentMap.Root old = metadata.read(Results::root);
    PersistentMap merger = new PersistentMap(session);
    Iterator<PersistentMap.Delta> differences = merger.diff(old, other);
    Iterator<PersistentMap.Change> missing =
        Stream.iterate(differences, Iterator::hasNext, all -> all)
            .map(Iterator::next)
            .filter(delta -> delta.old().isEmpty())
            .<PersistentMap.Change>map(delta ->
                new PersistentMap.Change.Put(checked(delta.key()), delta.now().orElseThrow()))
            .iterator();
    PersistentMap.Root merged = merger.apply(old, missing, session);
    session.publish();
    Encoder out = new Encoder();
    merged.write(out);
    return transaction.apply(rows -> {
      if (!merged.equals(old)) {
        rows.put(ROOT, out.toBytes());
      }
    });
  }

  private static byte[] checked(byte[] key) {
    if (key.length != Digest.BYTES) {
      throw new Fault.Corrupt("A result map", "keys of 32 bytes", key.length + " bytes")
          .asException();
    }
    return key;
  }

  static PersistentMap.Root root(Metadata.Reader rows) {
    return rows.get(ROOT)
        .map(bytes -> PersistentMap.Root.read(new Decoder("The root of the result cache", bytes)))
        .orElse(PersistentMap.EMPTY);
  }

  private static Metadata.Key row(Digest key) {
    return new Metadata.Key(JOURNAL, key.toString());
  }
}
