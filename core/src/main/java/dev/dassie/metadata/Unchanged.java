package dev.dassie.metadata;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Answers of the database that are good until a table is written that they were read from
/// ([Metadata#changes]). Where the database cannot tell, everything is asked anew. Bounded.
/// Thread-safe.
public final class Unchanged<K, V> {
  /// @param asOf writes that the answer saw at least
  /// @param tables that it was read from
  private record Answer<V>(V value, long asOf, List<String> tables) {
    boolean holds(Metadata.Changes changes) {
      for (String table : tables) {
        if (changes.last(table) > asOf) {
          return false;
        }
      }
      return true;
    }
  }

  private final Metadata metadata;
  private final int most;
  private final Map<K, Answer<V>> answers = new ConcurrentHashMap<>();

  /// @param most answers that are kept
  public Unchanged(Metadata metadata, int most) {
    this.metadata = metadata;
    this.most = most;
  }

  /// What the question says now. It MUST depend on the key and on what it reads alone. Refusals are
  /// not kept.
  public V get(K key, Function<Metadata.Reader, V> question) {
    return get(key, question, Function.identity());
  }

  /// The same of what is made of the answer outside of the transaction.
  public <A> V get(K key, Function<Metadata.Reader, A> question, Function<A, V> made) {
    Optional<Metadata.Changes> changes = metadata.changes();
    if (changes.isEmpty()) {
      return made.apply(metadata.read(question));
    }
    Answer<V> known = answers.get(key);
    if (known != null && known.holds(changes.get())) {
      return known.value();
    }
    long asOf = changes.get().visible();
    Set<String> tables = new HashSet<>();
    A answer = metadata.read(rows -> question.apply(new Noting(rows, tables)));
    V value = made.apply(answer);
    if (answers.size() >= most) {
      answers.clear();
    }
    answers.put(key, new Answer<>(value, asOf, List.copyOf(tables)));
    return value;
  }

  /// Notes which tables are read.
  private record Noting(Metadata.Reader rows, Set<String> seen) implements Metadata.Reader {
    @Override
    public Optional<byte[]> get(Metadata.Key key) {
      seen.add(key.table());
      return rows.get(key);
    }

    @Override
    public List<Metadata.Row> scan(String table, String prefix, String after, int limit) {
      seen.add(table);
      return rows.scan(table, prefix, after, limit);
    }

    @Override
    public List<Metadata.Row> scanBackwards(String table, String prefix, String before, int limit) {
      seen.add(table);
      return rows.scanBackwards(table, prefix, before, limit);
    }

    /// What tables there are changes with every one of them, so no answer depends on it.
    @Override
    public List<String> tables() {
      throw new IllegalStateException("an answer that is kept was read from all tables");
    }
  }
}
