package dev.dassie.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// An ordered map from key to bytes, changed one atomic transaction at a time, and the feed of what
/// changed. Every implementation passes `MetadataContract` and
/// - MUST run writes one after another, each seeing all before it, and
/// - MUST have made a write durable when `write` returns;
/// - MUST keep nothing of a write whose function threw;
/// - MUST give feed positions in the order of the writes, without gaps that could be filled later.
public interface Metadata extends AutoCloseable {
  /// Runs one change. The function may run on another thread, and MUST NOT call [#write] or [#read]
  /// itself, nor block on anything but the writer it is given.
  <T> T write(Function<Writer, T> change);

  /// Asks one question of a consistent snapshot. The function MUST NOT keep the reader.
  <T> T read(Function<Reader, T> question);

  /// When tables changed last; none where others write of whom nobody here hears at once.
  default Optional<Changes> changes() {
    return Optional.empty();
  }

  /// Which writes changed which table. Writes count from 1, in their order.
  interface Changes {
    /// The number of writes that every read from now on sees.
    long visible();

    /// The newest write that changed the table, or may become visible at any moment.
    long last(String table);
  }

  /// The position of the newest event, 0 if there is none.
  long position();

  /// Waits until an event after `position` exists or the timeout passes; returns the newest
  /// position.
  long awaitAfter(long position, Duration timeout) throws InterruptedException;

  /// Events after `position`, oldest first, at most `limit`.
  List<Event> events(long position, int limit);

  @Override
  void close();

  /// Where a value lies. `table` matches `[a-z_]{1,40}`; `name` is any text of at most 1,000 bytes,
  /// ordered by its UTF-8 bytes.
  record Key(String table, String name) {}

  record Row(String name, byte[] value) {}

  /// One change of state, as the rooms wrote it. `position` counts from 1.
  record Event(long position, byte[] value) {}

  /// Reads.
  interface Reader {
    Optional<byte[]> get(Key key);

    /// At most `limit` rows of the table whose names begin with `prefix` and come after `after`
    /// (exclusive; empty means from the start), in order.
    List<Row> scan(String table, String prefix, String after, int limit);

    /// As [#scan], from the last name downwards; `before` is exclusive, empty means from the end.
    List<Row> scanBackwards(String table, String prefix, String before, int limit);

    /// The tables that have rows, in order.
    List<String> tables();
  }

  /// Reads its own writes.
  interface Writer extends Reader {
    void put(Key key, byte[] value);

    void delete(Key key);

    /// Appends to the feed and returns the position.
    long append(byte[] event);
  }
}
