package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Which chunks a chunk, a fileset or a body names: what must stay while it stays. Knows every kind
/// of node of docs/format.md. Stateless.
public final class Reach {
  /// The context of a job begins with a version that is the code of a map's nodes, and then has the
  /// length of the job's name, `project/pipeline/id`, which is no less than this. No tree is as
  /// high: above its leaves every node but the last of a level has two entries at least.
  private static final int CONTEXT_NAME = 36;

  /// Receives what is named. The same chunk may come several times.
  public interface Found {
    /// A chunk that names others: read it and go on.
    void node(Digest id);

    /// A chunk of bytes.
    void data(Digest id);
  }

  private Reach() {}

  /// Says for each chunk that is found that what the session writes will name it. One that is being
  /// collected is `Fault.Conflict`.
  static Found reuse(ChunkStore.Session session) {
    return new Found() {
      @Override
      public void node(Digest id) {
        if (!id.equals(Filesets.EMPTY.content()) && !session.reuse(id)) {
          throw new Fault.Conflict(
                  "What the chunk `%s` holds was deleted while it was copied.".formatted(id),
                  Optional.of("Repeat the command."))
              .asException();
        }
      }

      @Override
      public void data(Digest id) {
        node(id);
      }
    };
  }

  /// What a file or directory names directly.
  static void of(Entry entry, Found found) {
    switch (entry) {
      case Entry.File file -> ofBody(file.body(), found);
      case Entry.Directory directory -> ofDirectory(directory, found);
    }
  }

  /// What a fileset names directly.
  public static void ofFileset(Fileset files, Found found) {
    if (!files.content().equals(Filesets.EMPTY.content())) {
      found.node(files.content());
    }
    files.attributes().ifPresent(found::node);
  }

  /// What the body of a file names directly.
  public static void ofBody(Body body, Found found) {
    switch (body) {
      case Body.Inline _, Body.Reference _ -> {}
      case Body.Single single -> found.data(single.chunk());
      case Body.Recipe recipe -> found.node(recipe.root());
    }
  }

  /// What a directory names directly.
  public static void ofDirectory(Entry.Directory directory, Found found) {
    switch (directory.tree()) {
      case TreeRoot.Inlined inlined -> directoryNode(inlined.node(), found);
      case TreeRoot.Stored stored -> {
        if (!stored.digest().equals(Filesets.EMPTY.content())) {
          found.node(stored.digest());
        }
      }
    }
  }

  /// What a chunk of role tree names directly. Of a map, `values` is given each value of a leaf;
  /// what the values name is the business of whoever keeps the map. A chunk that is no node (a
  /// record, a job's context) names nothing.
  public static void ofChunk(Digest id, byte[] chunk, Found found, Consumer<byte[]> values) {
    int kind = chunk.length == 0 || isContext(chunk) ? 0 : chunk[0];
    if (kind == NodeKind.DIRECTORY.code()) {
      directoryNode(chunk, found);
    } else if (kind == NodeKind.RECIPE_CODE) {
      RecipeNode node = RecipeNode.decode(id, chunk);
      for (RecipeNode.Part part : node.parts()) {
        if (node.level() > 0) {
          found.node(part.id());
        } else {
          found.data(part.id());
        }
      }
    } else if (kind == NodeKind.MAP.code()) {
      Node node = Node.decode(NodeKind.MAP, "The node `" + id + "`", chunk);
      for (int i = 0; i < node.size(); i++) {
        if (node.level() > 0) {
          found.node(node.child(i).digest());
        } else {
          values.accept(node.values()[i]);
        }
      }
    }
  }

  private static boolean isContext(byte[] chunk) {
    return chunk.length > 1
        && chunk[0] == NodeKind.MAP.code()
        && Byte.toUnsignedInt(chunk[1]) >= CONTEXT_NAME;
  }

  /// Refuses a fileset that says other sums than its root node has.
  public static void check(Fileset files, byte[] root) {
    String name = "The node `" + files.content() + "`";
    Sums sums = Node.decode(NodeKind.DIRECTORY, name, root).sums();
    if (sums.files() != files.files() || sums.size() != files.size()) {
      throw new Fault.Corrupt(
              name,
              "%d files of %d bytes".formatted(files.files(), files.size()),
              "%d of %d".formatted(sums.files(), sums.size()))
          .asException();
    }
  }

  /// Refuses a directory node that names what no path can have, or holds no entries: what came from
  /// outside. Directories that stand in it are looked at too.
  public static void check(Digest id, byte[] chunk) {
    if (chunk.length == 0 || chunk[0] != NodeKind.DIRECTORY.code()) {
      return;
    }
    Deque<byte[]> inlined = new ArrayDeque<>(List.of(chunk));
    while (!inlined.isEmpty()) {
      Node node = Node.decode(NodeKind.DIRECTORY, "The node `" + id + "`", inlined.pop());
      for (int i = 0; node.level() == 0 && i < node.size(); i++) {
        byte[] key = node.keys()[i];
        String name = EntryFormat.name(key);
        boolean sound =
            !name.isEmpty()
                && name.indexOf('/') < 0
                && FilePath.check(name).isEmpty()
                && Arrays.equals(
                    key,
                    EntryFormat.isDirectory(key)
                        ? EntryFormat.directoryKey(name)
                        : EntryFormat.fileKey(name));
        if (!sound) {
          throw new Fault.Corrupt("The node `" + id + "`", "names of files", "others")
              .asException();
        }
        FilePath path = new FilePath(name);
        if (!EntryFormat.isDirectory(key)) {
          Entry.File _ = EntryFormat.file(path, node.values()[i]);
        } else if (EntryFormat.directory(path, node.values()[i]).tree()
            instanceof TreeRoot.Inlined(byte[] inner)) {
          inlined.push(inner);
        }
      }
    }
  }

  /// Directories that stand in their parents are taken from a stack, not by recursion: they nest as
  /// deep as paths do.
  private static void directoryNode(byte[] chunk, Found found) {
    Deque<byte[]> inlined = new ArrayDeque<>(List.of(chunk));
    while (!inlined.isEmpty()) {
      Node node = Node.decode(NodeKind.DIRECTORY, "A directory node", inlined.pop());
      for (int i = 0; i < node.size(); i++) {
        if (node.level() > 0) {
          found.node(node.child(i).digest());
        } else {
          entry(node.values()[i], found, inlined);
        }
      }
    }
  }

  /// What the value of a directory's row names directly.
  static void ofEntry(byte[] value, Found found) {
    Deque<byte[]> inlined = new ArrayDeque<>();
    entry(value, found, inlined);
    while (!inlined.isEmpty()) {
      directoryNode(inlined.pop(), found);
    }
  }

  private static void entry(byte[] value, Found found, Deque<byte[]> inlined) {
    Decoder in = new Decoder("A directory entry", value);
    int kind = in.u8();
    if (kind == EntryFormat.DIRECTORY) {
      long _ = in.varint();
    } else if (kind != EntryFormat.FILE && kind != EntryFormat.EXECUTABLE) {
      return;
    }
    long _ = in.varint();
    int form = in.u8();
    if (form == EntryFormat.INLINE) {
      if (kind == EntryFormat.DIRECTORY) {
        inlined.push(in.raw(in.remaining()));
      }
    } else if (form == EntryFormat.CHUNK && kind != EntryFormat.DIRECTORY) {
      found.data(in.digest());
    } else {
      found.node(in.digest());
    }
  }
}
