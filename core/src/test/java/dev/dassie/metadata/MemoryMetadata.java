package dev.dassie.metadata;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The contract of [Metadata] in memory, for tests: one lock, whole copies as snapshots of a
/// change.
public final class MemoryMetadata implements Metadata {
  private final NavigableMap<Key, byte[]> rows = newMap();
  private final List<Runnable> undo = new ArrayList<>();
  private final List<Event> feed = new ArrayList<>();

  private static NavigableMap<Key, byte[]> newMap() {
    return new TreeMap<>((a, b) -> {
      int order = a.table().compareTo(b.table());
      return order != 0 ? order : Arrays.compareUnsigned(utf8(a.name()), utf8(b.name()));
    });
  }

  @Override
  public synchronized <T> T write(Function<Writer, T> change) {
    undo.clear();
    int events = feed.size();
    try {
      T answer = change.apply(new MemoryWriter());
      notifyAll();
      return answer;
    } catch (RuntimeException | Error e) {
      undo.reversed().forEach(Runnable::run);
      feed.subList(events, feed.size()).clear();
      throw e;
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
    return List.copyOf(feed.subList(from, Math.min(feed.size(), from + limit)));
  }

  @Override
  public void close() {}

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class MemoryWriter implements Writer {
    @Override
    public Optional<byte[]> get(Key key) {
      return Optional.ofNullable(rows.get(key));
    }

    @Override
    public List<Row> scan(String table, String prefix, String after, int limit) {
      List<Row> found = new ArrayList<>();
      Key from = new Key(table, after.compareTo(prefix) > 0 ? after : prefix);
      for (var row : rows.tailMap(from, true).entrySet()) {
        String name = row.getKey().name();
        if (!row.getKey().table().equals(table) || !name.startsWith(prefix)) {
          break;
        }
        if (!after.isEmpty() && Arrays.compareUnsigned(utf8(name), utf8(after)) <= 0) {
          continue;
        }
        if (found.size() == limit) {
          break;
        }
        found.add(new Row(name, row.getValue()));
      }
      return found;
    }

    @Override
    public List<Row> scanBackwards(String table, String prefix, String before, int limit) {
      List<Row> found = new ArrayList<>();
      for (Row row : scan(table, prefix, "", Integer.MAX_VALUE).reversed()) {
        boolean earlier =
            before.isEmpty() || Arrays.compareUnsigned(utf8(row.name()), utf8(before)) < 0;
        if (earlier && found.size() < limit) {
          found.add(row);
        }
      }
      return found;
    }

    @Override
    public void put(Key key, byte[] value) {
      remember(key);
      rows.put(key, value.clone());
    }

    @Override
    public void delete(Key key) {
      remember(key);
      rows.remove(key);
    }

    private void remember(Key key) {
      byte[] old = rows.get(key);
      undo.add(() -> restore(key, old));
    }

    private void restore(Key key, byte @Nullable [] old) {
      if (old == null) {
        rows.remove(key);
      } else {
        rows.put(key, old);
      }
    }

    @Override
    public long append(byte[] event) {
      feed.add(new Event(feed.size() + 1L, event.clone()));
      return feed.size();
    }
  }
}
