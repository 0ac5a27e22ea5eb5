package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import java.util.ArrayList;
import java.util.List;

/// Builds a recipe from its chunks in order, with one node in memory per level. A node ends where
/// the digest of its last part says so, so that equal sequences have equal nodes wherever they
/// stand. Not thread-safe.
final class RecipeWriter {
  private final ChunkStore.Session session;

  /// The parts of the unfinished node of each level.
  private final List<List<RecipeNode.Part>> levels = new ArrayList<>();

  private long size;

  RecipeWriter(ChunkStore.Session session) {
    this.session = session;
  }

  /// Begins with all chunks of a recipe but the last, which is returned.
  RecipeNode.Part resume(Body.Recipe recipe) {
    size = recipe.size();
    Digest id = recipe.root();
    while (true) {
      RecipeNode node = RecipeNode.decode(id, session.read(id));
      levels.addFirst(new ArrayList<>(node.parts().subList(0, node.parts().size() - 1)));
      RecipeNode.Part last = node.parts().getLast();
      if (node.level() == 0) {
        size -= last.size();
        return last;
      }
      id = last.id();
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Adds a chunk that is stored.
  void add(Digest chunk, long length) {
    size += length;
    add(0, new RecipeNode.Part(chunk, length));
  }

  /// The body of all chunks.
  Body finish() {
    for (int level = 0; ; level++) {
      List<RecipeNode.Part> parts = levels.get(level);
      if (topIs(level)) {
        RecipeNode.Part only = parts.getFirst();
        if (parts.size() > 1) {
          return new Body.Recipe(store(level).id(), size);
        }
        return level == 0 ? new Body.Single(only.id(), size) : new Body.Recipe(only.id(), size);
      }
      if (!parts.isEmpty()) {
        RecipeNode.Part node = store(level);
        levels.get(level + 1).add(node);
      }
    }
  }

  private boolean topIs(int level) {
    for (int i = level + 1; i < levels.size(); i++) {
      if (!levels.get(i).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void add(int level, RecipeNode.Part part) {
    while (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    List<RecipeNode.Part> parts = levels.get(level);
    parts.add(part);
    if (Boundary.ends(part.id().word0(), RecipeNode.WEIGHT, parts.size() * RecipeNode.WEIGHT)) {
      add(level + 1, store(level));
    }
  }

  private RecipeNode.Part store(int level) {
    RecipeNode node = new RecipeNode(level, levels.get(level));
    levels.get(level).clear();
    byte[] bytes = node.encode();
    Digest id = session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
    return new RecipeNode.Part(id, node.size());
  }
}
