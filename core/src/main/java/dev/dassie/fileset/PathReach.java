package dev.dassie.fileset;

import dev.dassie.content.Digest;

/// What the nodes of a directory name, with the paths: for a check that must say where damage is
/// and go on. Stateless.
public final class PathReach {
  /// Receives what is named.
  public interface Found {
    /// A node of the directory at a path.
    void node(FilePath folder, Digest id);

    void file(FilePath path, Body body);
  }

  private PathReach() {}

  /// The root node of a fileset.
  public static void ofFileset(Fileset files, Found found) {
    if (!files.content().equals(Filesets.EMPTY.content())) {
      found.node(FilePath.ROOT, files.content());
    }
  }

  /// What a node of the directory `folder` names.
  public static void ofNode(FilePath folder, byte[] chunk, Found found) {
    Node node = Node.decode(NodeKind.DIRECTORY, "The directory node of `" + folder + "`", chunk);
    for (int i = 0; i < node.size(); i++) {
      if (node.level() > 0) {
        found.node(folder, node.child(i).digest());
        continue;
      }
      PersistentMap.Row row = new PersistentMap.Row(node.keys()[i], node.values()[i]);
      switch (EntryFormat.entry(folder, row)) {
        case Entry.File file -> found.file(file.path(), file.body());
        case Entry.Directory directory -> {
          switch (directory.tree()) {
            case TreeRoot.Inlined inlined -> ofNode(directory.path(), inlined.node(), found);
            case TreeRoot.Stored stored -> found.node(directory.path(), stored.digest());
          }
        }
      }
    }
  }
}
