package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Matches by their key, then by the part of the join or group that they belong to, then by their
/// place: a persistent map, so that one more match costs the logarithm of all (docs/format.md, "Job
/// records"). Not thread-safe.
final class KeyIndex {
  private static final int BATCH_BYTES = 32 << 20;

  private final ChunkStore.Session session;
  private final PersistentMap map;
  private final List<Arm> leaves;
  private final List<Optional<CommitId>> commits;
  private final List<PersistentMap.Change> batch = new ArrayList<>();
  private long batchBytes;
  private PersistentMap.Root root;

  /// @param leaves the files inputs of the whole input, `commits` what each stands at
  KeyIndex(
      ChunkStore.Session session,
      PersistentMap.Root root,
      List<Arm> leaves,
      List<Optional<CommitId>> commits) {
    this.session = session;
    this.map = new PersistentMap(session);
    this.root = root;
    this.leaves = leaves;
    this.commits = commits;
  }

  PersistentMap.Root root() {
    flush();
    return root;
  }

  void put(String key, int part, Match match) {
    Encoder out = new Encoder();
    out.list(match.parts(), this::write);
    byte[] value = out.toBytes();
    if (value.length > PersistentMap.MAX_VALUE) {
      throw tooMany(key, match.parts().size());
    }
    change(new PersistentMap.Change.Put(rowKey(key, part, match.place()), value), value.length);
  }

  void remove(String key, int part, String place) {
    change(new PersistentMap.Change.Delete(rowKey(key, part, place)), 0);
  }

  static RuntimeException tooMany(String key, int files) {
    return new Fault.Invalid(
            "The number of files that make one datum, of the key `%s`,".formatted(key),
            Integer.toString(files),
            "so few that their paths and hashes have less than 512 KiB together")
        .asException();
  }

  private void change(PersistentMap.Change change, int bytes) {
    batch.add(change);
    batchBytes += change.key().length + bytes + 64L;
    if (batchBytes > BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    // A later change of a row wins; the sort keeps their order.
    batch.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
    List<PersistentMap.Change> last = new ArrayList<>(batch.size());
    for (PersistentMap.Change change : batch) {
      if (!last.isEmpty() && Arrays.equals(last.getLast().key(), change.key())) {
        last.removeLast();
      }
      last.add(change);
    }
    root = map.apply(root, last.iterator(), session);
    batch.clear();
    batchBytes = 0;
  }

  /// The first key that is not less than `from`, by its bytes.
  private Optional<String> keyFrom(byte[] from) {
    Iterator<PersistentMap.Row> rows = map.scan(root(), from);
    if (!rows.hasNext()) {
      return Optional.empty();
    }
    byte[] key = rows.next().key();
    int end = 0;
    while (key[end] != 0) {
      end++;
    }
    return Optional.of(new String(key, 0, end, StandardCharsets.UTF_8));
  }

  /// All keys, each once, in the order of their bytes.
  Iterator<String> keys() {
    return new Iterator<>() {
      private Optional<String> next = keyFrom(new byte[0]);

      @Override
      public boolean hasNext() {
        return next.isPresent();
      }

      @Override
      public String next() {
        String key = next.orElseThrow(NoSuchElementException::new);
        next = keyFrom((key + "\1").getBytes(StandardCharsets.UTF_8));
        return key;
      }
    };
  }

  /// The matches of one part that have a key, in the order of their places.
  Iterator<Match> at(String key, int part) {
    byte[] prefix = rowKey(key, part, "");
    Iterator<PersistentMap.Row> rows = map.scan(root(), prefix);
    return new Chain<>(
        new While(rows, prefix),
        row -> Collections.singleton(match(row, prefix.length)).iterator());
  }

  /// Rows as long as their keys begin with the prefix.
  private static final class While implements Iterator<PersistentMap.Row> {
    private final Iterator<PersistentMap.Row> rows;
    private final byte[] prefix;
    private Optional<PersistentMap.Row> next = Optional.empty();

    While(Iterator<PersistentMap.Row> rows, byte[] prefix) {
      this.rows = rows;
      this.prefix = prefix;
      step();
    }

    private void step() {
      next = rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
      next =
          next.filter(row ->
              row.key().length >= prefix.length
                  && Arrays.equals(row.key(), 0, prefix.length, prefix, 0, prefix.length));
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public PersistentMap.Row next() {
      PersistentMap.Row row = next.orElseThrow(NoSuchElementException::new);
      step();
      return row;
    }
  }

  private Match match(PersistentMap.Row row, int prefix) {
    String place = new String(row.key(), prefix, row.key().length - prefix, StandardCharsets.UTF_8);
    return new Match(place, new Decoder("A row of a key index", row.value()).list(this::read));
  }

  private static byte[] rowKey(String key, int part, String place) {
    byte[] bytes =
        new Encoder()
            .raw(key.getBytes(StandardCharsets.UTF_8))
            .u8(0)
            .u8(part >> 8)
            .u8(part & 0xff)
            .raw(place.getBytes(StandardCharsets.UTF_8))
            .toBytes();
    if (bytes.length > PersistentMap.MAX_KEY) {
      throw new Fault.Invalid(
              "The place of a match with the key", key, "keys and paths of at most 16 KiB together")
          .asException();
    }
    return bytes;
  }

  private void write(Encoder out, Datum.Part part) {
    int leaf = 0;
    while (!leaves.get(leaf).files().equals(part.files())) {
      leaf++;
    }
    out.varint(leaf).string(part.path().value()).bool(part.directory());
    part.hash().write(out);
  }

  private Datum.Part read(Decoder in) {
    int leaf = in.length(leaves.size() - 1);
    FilePath path = new FilePath(in.string());
    boolean directory = in.bool();
    Hash hash = Hash.read(in);
    return leaves.get(leaf).part(commits.get(leaf).orElseThrow(), path, directory, hash);
  }
}
