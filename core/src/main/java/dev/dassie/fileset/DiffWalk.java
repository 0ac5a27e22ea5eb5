package dev.dassie.fileset;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The files that differ between two directories, in the order of their paths. Not thread-safe.
final class DiffWalk implements Iterator<Difference> {
  private record Folder(FilePath path, RowDiff rows) {}

  private static final Node NONE = Node.empty(NodeKind.DIRECTORY);

  private final Nodes nodes;
  private final Deque<Folder> folders = new ArrayDeque<>();
  private Optional<Difference> next = Optional.empty();

  /// What two paths name: `first` is given before what differs beneath the directories.
  DiffWalk(
      Nodes nodes,
      FilePath path,
      Optional<Difference> first,
      Optional<TreeRoot> old,
      Optional<TreeRoot> now) {
    this.nodes = nodes;
    this.next = first;
    if (!old.map(TreeRoot::digest).equals(now.map(TreeRoot::digest))) {
      open(path, old, now);
    }
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && !folders.isEmpty()) {
      Folder folder = folders.getFirst();
      if (folder.rows().hasNext()) {
        take(folder.path(), folder.rows().next());
      } else {
        folders.pop();
      }
    }
    return next.isPresent();
  }

  @Override
  public Difference next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Difference difference = next.orElseThrow();
    next = Optional.empty();
    return difference;
  }

  private void take(FilePath folder, PersistentMap.Delta delta) {
    FilePath path = folder.child(EntryFormat.name(delta.key()));
    if (EntryFormat.isDirectory(delta.key())) {
      open(
          path,
          delta.old().map(value -> EntryFormat.directory(path, value).tree()),
          delta.now().map(value -> EntryFormat.directory(path, value).tree()));
    } else {
      next =
          Optional.of(
              new Difference(
                  path,
                  delta.old().map(value -> EntryFormat.file(path, value)),
                  delta.now().map(value -> EntryFormat.file(path, value))));
    }
  }

  private void open(FilePath path, Optional<TreeRoot> old, Optional<TreeRoot> now) {
    Node oldRoot = old.map(nodes::directory).orElse(NONE);
    Node nowRoot = now.map(nodes::directory).orElse(NONE);
    folders.push(new Folder(path, new RowDiff(nodes, oldRoot, nowRoot)));
  }
}
