package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The chunks of a recipe in order. Holds one node of each level. Not thread-safe.
final class RecipeWalk implements Iterator<Chunk> {
  private record Level(int level, Iterator<RecipeNode.Part> parts) {}

  private final ChunkReader chunks;
  private final Deque<Level> path = new ArrayDeque<>();
  private long offset;

  RecipeWalk(ChunkReader chunks, Body.Recipe recipe) {
    this.chunks = chunks;
    push(RecipeNode.decode(recipe.root(), chunks.read(recipe.root())));
  }

  private void push(RecipeNode node) {
    path.push(new Level(node.level(), node.parts().iterator()));
  }

  @Override
  public boolean hasNext() {
    while (!path.isEmpty() && !path.getFirst().parts().hasNext()) {
      path.pop();
    }
    return !path.isEmpty();
  }

  @Override
  public Chunk next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RecipeNode.Part part = path.getFirst().parts().next();
    while (path.getFirst().level() > 0) {
      RecipeNode child = RecipeNode.decode(part.id(), chunks.read(part.id()));
      if (child.level() != path.getFirst().level() - 1) {
        throw RecipeNode.wrongLevel(part.id(), path.getFirst().level() - 1, child.level());
      }
      push(child);
      part = path.getFirst().parts().next();
    }
    Chunk chunk = new Chunk(offset, part.size(), part.id());
    offset += part.size();
    return chunk;
  }
}
