package dev.dassie.store.sql;

import dev.dassie.metadata.Metadata;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the transactions of a database that one thread alone writes to. Thread-safe; `begin` and
/// `end` are for that thread.
final class TableChanges implements Metadata.Changes {
  private final Map<String, Long> last = new ConcurrentHashMap<>();
  private final AtomicLong visible = new AtomicLong();

  /// To be called before a transaction becomes visible.
  void begin(Set<String> tables) {
    long next = visible.get() + 1;
    tables.forEach(table -> last.put(table, next));
  }

  /// To be called once it is visible, or failed.
  void end() {
    visible.incrementAndGet();
  }

  @Override
  public long visible() {
    return visible.get();
  }

  @Override
  public long last(String table) {
    return last.getOrDefault(table, 0L);
  }
}
