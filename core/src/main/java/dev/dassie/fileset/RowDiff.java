package dev.dassie.fileset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The rows that differ between two trees, in key order. Walks both in step and passes over nodes
/// that are the same. Not thread-safe.
final class RowDiff implements Iterator<PersistentMap.Delta> {
  private final Side old;
  private final Side now;
  private Optional<PersistentMap.Delta> next = Optional.empty();

  RowDiff(Nodes nodes, Node old, Node now) {
    this.old = new Side(nodes, old);
    this.now = new Side(nodes, now);
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && !(old.done() && now.done())) {
      step();
    }
    return next.isPresent();
  }

  @Override
  public PersistentMap.Delta next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    PersistentMap.Delta delta = next.orElseThrow();
    next = Optional.empty();
    return delta;
  }

  private void step() {
    if (old.done() || now.done()) {
      Side rest = old.done() ? now : old;
      if (rest.level() > 0) {
        rest.expand();
      } else {
        single(rest);
      }
    } else if (old.level() == now.level()) {
      level();
    } else if (old.level() > now.level()) {
      old.expand();
    } else {
      now.expand();
    }
  }

  private void level() {
    boolean same = Arrays.equals(old.value(), now.value());
    if (old.level() > 0) {
      if (same) {
        old.advance();
        now.advance();
      } else {
        old.expand();
        now.expand();
      }
      return;
    }
    int order = Arrays.compareUnsigned(old.key(), now.key());
    if (order != 0) {
      single(order < 0 ? old : now);
      return;
    }
    if (!same) {
      next =
          Optional.of(
              new PersistentMap.Delta(
                  old.key(), Optional.of(old.value()), Optional.of(now.value())));
    }
    old.advance();
    now.advance();
  }

  private void single(Side side) {
    Optional<byte[]> value = Optional.of(side.value());
    next =
        Optional.of(
            side == old
                ? new PersistentMap.Delta(side.key(), value, Optional.empty())
                : new PersistentMap.Delta(side.key(), Optional.empty(), value));
    side.advance();
  }

  /// A position in one tree: a row, or a node beneath which nothing was looked at yet.
  private static final class Side {
    private final Nodes nodes;
    private final List<Node> path = new ArrayList<>();
    private final List<Integer> at = new ArrayList<>();

    Side(Nodes nodes, Node root) {
      this.nodes = nodes;
      if (root.size() > 0) {
        path.add(root);
        at.add(0);
      }
    }

    boolean done() {
      return path.isEmpty();
    }

    int level() {
      return path.getLast().level();
    }

    byte[] key() {
      return path.getLast().keys()[at.getLast()];
    }

    byte[] value() {
      return path.getLast().values()[at.getLast()];
    }

    void expand() {
      path.add(nodes.child(path.getLast(), at.getLast()));
      at.add(0);
    }

    void advance() {
      int index = at.removeLast() + 1;
      while (index == path.getLast().size()) {
        path.removeLast();
        if (path.isEmpty()) {
          return;
        }
        index = at.removeLast() + 1;
      }
      at.add(index);
    }
  }
}
