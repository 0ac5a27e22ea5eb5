package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Applies sorted changes to one level of a tree. It rewrites runs of nodes: a run begins at the
/// start of the node that a change falls into and ends at the first end of an old node that is also
/// the end of a new one. What a run replaces are the changes of the level above. Not thread-safe.
final class LevelWriter {
  /// Greater than every key.
  static final byte[] END = new byte[PersistentMap.MAX_KEY + 1];

  static {
    Arrays.fill(END, (byte) 0xff);
  }

  private final ChunkStore.Session session;
  private final Optional<LevelCursor> old;
  private final boolean top;
  private final NodeBuilder builder;
  private final Node nothing;

  private boolean running;
  private Node source;
  private int at;
  private boolean exhausted;
  private byte[] dropUntil = {};

  /// Of the run: its first old node, the last keys of the first and last one, how many, and the new
  /// nodes, of which the first is held back until it is known to differ.
  private byte[] firstOld = {};

  private byte[] lastOld = {};
  private Node firstNode;
  private int consumed;
  private Optional<Node> held = Optional.empty();
  private final List<PersistentMap.Change.Put> produced = new ArrayList<>();

  private final List<PersistentMap.Change> upward = new ArrayList<>();
  private boolean changed;
  private Optional<Node> single = Optional.empty();

  /// `old` stands on the level where the tree has it; `top` says that the old tree has at most one
  /// node here, so that all new nodes come from one run.
  LevelWriter(
      NodeKind kind,
      int level,
      Optional<LevelCursor> old,
      boolean top,
      ChunkStore.Session session) {
    this.session = session;
    this.old = old;
    this.top = top;
    this.builder = new NodeBuilder(kind, level);
    this.nothing = Node.empty(kind);
    this.source = nothing;
    this.firstNode = nothing;
  }

  void accept(PersistentMap.Change change) {
    advance(change.key());
    switch (change) {
      case PersistentMap.Change.Put put -> {
        skip(put.key());
        add(put.key(), put.value());
      }
      case PersistentMap.Change.Delete delete -> skip(delete.key());
      case PersistentMap.Change.DeleteRange range -> {
        if (Arrays.compareUnsigned(range.end(), dropUntil) > 0) {
          dropUntil = range.end();
        }
      }
    }
  }

  /// Ends the last run.
  void finish() {
    if (running) {
      merge(END);
      if (running) {
        if (!builder.isEmpty()) {
          flush();
        }
        endRun();
      }
    }
  }

  /// Whether the level is not what it was.
  boolean changed() {
    return changed;
  }

  /// What changes in the level above, in key order; at the top all nodes of this level.
  List<PersistentMap.Change> upward() {
    return upward;
  }

  /// The one node of the top level, not stored, where there is just one.
  Optional<Node> single() {
    return single;
  }

  private void advance(byte[] key) {
    if (running) {
      merge(key);
    }
    if (!running) {
      start(key);
      merge(key);
    }
  }

  private void start(byte[] key) {
    running = true;
    at = 0;
    exhausted = old.isEmpty();
    source = nothing;
    consumed = 0;
    old.ifPresent(cursor -> {
      cursor.seek(key);
      consume(cursor.node());
      firstNode = source;
      firstOld = source.lastKey();
    });
  }

  private void consume(Node node) {
    source = node;
    at = 0;
    consumed++;
    lastOld = node.lastKey();
  }

  /// Takes old entries up to `key`, over as many nodes as the run has; ends the run where it can.
  private void merge(byte[] key) {
    while (true) {
      while (at < source.size() && Arrays.compareUnsigned(source.keys()[at], key) < 0) {
        if (Arrays.compareUnsigned(source.keys()[at], dropUntil) >= 0) {
          add(source.keys()[at], source.values()[at]);
        }
        at++;
      }
      if (at < source.size() || exhausted) {
        return;
      }
      LevelCursor cursor = old.orElseThrow();
      boolean dropping = Arrays.compareUnsigned(dropUntil, source.lastKey()) > 0;
      if (cursor.isLast()) {
        exhausted = true;
      } else if (builder.isEmpty() && !dropping) {
        endRun();
        return;
      } else {
        if (dropping) {
          cursor.seek(Arrays.compareUnsigned(key, dropUntil) < 0 ? key : dropUntil);
        } else {
          cursor.next();
        }
        consume(cursor.node());
      }
    }
  }

  private void skip(byte[] key) {
    if (at < source.size() && Arrays.equals(source.keys()[at], key)) {
      at++;
    }
  }

  private void add(byte[] key, byte[] value) {
    if (builder.add(key, value)) {
      flush();
    }
  }

  private void flush() {
    Node node = builder.take();
    if (produced.isEmpty() && held.isEmpty()) {
      held = Optional.of(node);
      return;
    }
    releaseHeld();
    produced.add(store(node));
  }

  private void releaseHeld() {
    held.ifPresent(first -> produced.add(store(first)));
    held = Optional.empty();
  }

  private PersistentMap.Change.Put store(Node node) {
    byte[] bytes = node.encode();
    Child child = new Child(session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length), node.sums());
    return new PersistentMap.Change.Put(node.lastKey(), child.encode());
  }

  private void endRun() {
    running = false;
    if (consumed == 1 && held.isPresent() && held.get().sameAs(firstNode)) {
      held = Optional.empty();
      return;
    }
    changed = true;
    if (top) {
      single = held;
      upward.addAll(produced);
      return;
    }
    releaseHeld();
    int before = 0;
    while (before < produced.size()
        && Arrays.compareUnsigned(produced.get(before).key(), firstOld) < 0) {
      before++;
    }
    upward.addAll(produced.subList(0, before));
    upward.add(
        new PersistentMap.Change.DeleteRange(firstOld, Arrays.copyOf(lastOld, lastOld.length + 1)));
    upward.addAll(produced.subList(before, produced.size()));
    produced.clear();
  }
}
