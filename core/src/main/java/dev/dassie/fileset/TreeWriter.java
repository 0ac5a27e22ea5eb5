package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import java.util.List;
import java.util.Optional;

/// Applies sorted changes to a tree, level by level: only nodes that a change falls into are read
/// and written. Stores all new nodes but the root. Not thread-safe.
final class TreeWriter {
  private final Nodes nodes;
  private final NodeKind kind;
  private final Optional<Node> root;
  private final ChunkStore.Session session;
  private final LevelWriter leaves;

  TreeWriter(Nodes nodes, NodeKind kind, Optional<Node> root, ChunkStore.Session session) {
    this.nodes = nodes;
    this.kind = kind;
    this.root = root.filter(node -> node.size() > 0);
    this.session = session;
    this.leaves = level(0);
  }

  /// Takes the next change; keys must not go down.
  void accept(PersistentMap.Change change) {
    leaves.accept(change);
  }

  /// The root of the new tree, the old one itself where nothing changed; nothing when there are no
  /// rows.
  Optional<Node> finish() {
    LevelWriter level = leaves;
    for (int height = 0; ; height++) {
      level.finish();
      List<PersistentMap.Change> upward = level.upward();
      boolean top = isTop(height);
      if (!level.changed() || (!top && upward.isEmpty())) {
        return root;
      }
      if (top && upward.isEmpty()) {
        return level.single().map(this::collapse);
      }
      level = level(height + 1);
      for (PersistentMap.Change change : upward) {
        level.accept(change);
      }
    }
  }

  private boolean isTop(int height) {
    return root.isEmpty() || height >= root.get().level();
  }

  private LevelWriter level(int height) {
    Optional<LevelCursor> old =
        root.filter(node -> node.level() >= height)
            .map(node -> new LevelCursor(nodes, node, height));
    return new LevelWriter(kind, height, old, isTop(height), session);
  }

  /// The lowest node that the whole tree hangs on.
  private Node collapse(Node node) {
    Node lowest = node;
    while (lowest.level() > 0 && lowest.size() == 1) {
      lowest = nodes.child(lowest, 0);
    }
    return lowest;
  }
}
