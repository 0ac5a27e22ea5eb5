package dev.dassie.metadata;

import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// [Metadata] in memory, for what ends with this object: a write is durable for as long as it is
/// there. One lock; all rows and the whole feed stay on the heap, up to a limit.
public final class MemoryMetadata implements Metadata {
  /// By table, NUL and the name in UTF-8: no table has a NUL.
  private final NavigableMap<byte[], Row> rows = new TreeMap<>(Arrays::compareUnsigned);

  private final List<Runnable> undo = new ArrayList<>();
  private final List<Event> feed = new ArrayList<>();
  private final long most;
  private long bytes;

  public MemoryMetadata() {
    this(Long.MAX_VALUE);
  }

  /// @param most bytes of names, values and events that it takes; a write beyond is `Fault.Full`
  public MemoryMetadata(long most) {
    this.most = most;
  }

  @Override
  public synchronized <T> T write(Function<Writer, T> change) {
    undo.clear();
    int events = feed.size();
    long before = bytes;
    try {
      T answer = change.apply(new MemoryWriter());
      if (bytes > most && bytes > before) {
        throw new Fault.Full("The memory for %d bytes of rows".formatted(most)).asException();
      }
      notifyAll();
      return answer;
    } catch (RuntimeException | Error e) {
      undo.reversed().forEach(Runnable::run);
      feed.subList(events, feed.size()).clear();
      bytes = before;
      throw e;
    } finally {
      undo.clear();
    }
  }

  @Override
  public synchronized <T> T read(Function<Reader, T> question) {
    return question.apply(new MemoryWriter());
  }

  @Override
  public synchronized long position() {
    return feed.size();
  }

  @Override
  public synchronized long awaitAfter(long position, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (feed.size() <= position) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        break;
      }
      wait(millis);
    }
    return feed.size();
  }

  @Override
  public synchronized List<Event> events(long position, int limit) {
    int from = (int) Math.min(position, feed.size());
    return List.copyOf(feed.subList(from, (int) Math.min(feed.size(), from + (long) limit)));
  }

  @Override
  public void close() {}

  private static byte[] key(String table, String name) {
    return (table + "\0" + name).getBytes(StandardCharsets.UTF_8);
  }

  /// After all that begins so: no UTF-8 has this byte.
  private static byte[] behind(byte[] prefix) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + 1);
    key[prefix.length] = (byte) 0xff;
    return key;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private final class MemoryWriter implements Writer {
    @Override
    public Optional<byte[]> get(Key key) {
      return Optional.ofNullable(rows.get(key(key.table(), key.name()))).map(Row::value);
    }

    @Override
    public List<Row> scan(String table, String prefix, String after, int limit) {
      byte[] begin = key(table, prefix);
      byte[] from = key(table, after);
      boolean behind = !after.isEmpty() && Arrays.compareUnsigned(from, begin) >= 0;
      return found(rows.tailMap(behind ? from : begin, !behind), begin, limit);
    }

    @Override
    public List<Row> scanBackwards(String table, String prefix, String before, int limit) {
      byte[] begin = key(table, prefix);
      byte[] last = behind(begin);
      byte[] end = key(table, before);
      boolean all = before.isEmpty() || Arrays.compareUnsigned(end, last) > 0;
      return found(rows.headMap(all ? last : end, false).descendingMap(), begin, limit);
    }

    private static List<Row> found(Map<byte[], Row> from, byte[] prefix, int limit) {
      List<Row> found = new ArrayList<>();
      for (Map.Entry<byte[], Row> row : from.entrySet()) {
        if (found.size() == limit || !startsWith(row.getKey(), prefix)) {
          break;
        }
        found.add(row.getValue());
      }
      return found;
    }

    @Override
    public List<String> tables() {
      List<String> found = new ArrayList<>();
      for (Map.Entry<byte[], Row> row = rows.firstEntry(); row != null; ) {
        String key = new String(row.getKey(), StandardCharsets.UTF_8);
        String table = key.substring(0, key.indexOf('\0'));
        found.add(table);
        row = rows.higherEntry(behind(key(table, "")));
      }
      return found;
    }

    @Override
    public void put(Key key, byte[] value) {
      byte[] at = key(key.table(), key.name());
      remember(at);
      rows.put(at, new Row(key.name(), value.clone()));
      bytes += at.length + value.length;
    }

    @Override
    public void delete(Key key) {
      byte[] at = key(key.table(), key.name());
      remember(at);
      rows.remove(at);
    }

    private void remember(byte[] key) {
      Row old = rows.get(key);
      undo.add(() -> restore(key, old));
      bytes -= old == null ? 0 : key.length + old.value().length;
    }

    private void restore(byte[] key, @Nullable Row old) {
      if (old == null) {
        rows.remove(key);
      } else {
        rows.put(key, old);
      }
    }

    @Override
    public long append(byte[] event) {
      feed.add(new Event(feed.size() + 1L, event.clone()));
      bytes += event.length;
      return feed.size();
    }
  }
}
