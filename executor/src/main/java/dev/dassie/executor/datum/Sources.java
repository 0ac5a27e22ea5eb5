package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Source trees on disk, each written once and shared by the slots that run it. Those that no slot
/// uses go when there are many. Thread-safe.
public final class Sources {
  private static final int IDLE = 32;

  private final Path folder;
  private final FileCache cache;
  private final Map<Digest, Tree> trees = new LinkedHashMap<>(16, 0.75f, true);
  private long made;

  public Sources(Path folder, FileCache cache) {
    this.folder = folder;
    this.cache = cache;
  }

  private static final class Tree {
    private final Path path;
    private int uses;

    Tree(Path path) {
      this.path = path;
    }
  }

  /// The folder of a source tree; [#release] ends this use of it.
  public synchronized Path acquire(
      Entry.Directory source, Filesets files, ChunkStore.Session session)
      throws IOException, DatumRefusal {
    Digest digest = source.tree().digest();
    Tree tree = trees.get(digest);
    if (tree == null) {
      Path path = Files.createDirectory(folder.resolve(Long.toString(made++)));
      Permissions.open(path);
      new Staging(path, true, cache).tree(source, FilePath.ROOT, path, false, files, session);
      tree = new Tree(path);
      trees.put(digest, tree);
    }
    tree.uses++;
    return tree.path;
  }

  public synchronized void release(Path path) {
    trees.values().stream().filter(tree -> tree.path.equals(path)).forEach(tree -> tree.uses--);
    if (trees.size() <= IDLE) {
      return;
    }
    for (Map.Entry<Digest, Tree> entry : Map.copyOf(trees).entrySet()) {
      if (entry.getValue().uses == 0 && trees.size() > IDLE) {
        trees.remove(entry.getKey());
        try {
          Wipe.tree(entry.getValue().path);
        } catch (IOException e) {
          return; // the run folder is emptied at the next start
        }
      }
    }
  }
}
