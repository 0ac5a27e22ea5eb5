package dev.dassie.fileset;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Entries beneath a directory in the order of their paths, each directory before what is in it.
/// Reads nodes as it goes and holds one row of directories. Not thread-safe.
final class TreeWalk implements Iterator<Entry> {
  /// @param begin what the names begin with that are wanted
  private record Folder(FilePath path, byte[] begin, Iterator<PersistentMap.Row> rows) {}

  private final Nodes nodes;
  private final Predicate<FilePath> descend;
  private final Function<FilePath, byte[]> begin;
  private final Deque<Folder> folders = new ArrayDeque<>();
  private Optional<Entry> next = Optional.empty();

  /// Goes down into the directories that `descend` accepts. Begins at the first entry whose key, as
  /// in [Step] but relative to `top`, is not less than `from`; not at a directory that `from` is
  /// equal to or leads into, but in it.
  TreeWalk(Nodes nodes, Entry.Directory top, byte[] from, Predicate<FilePath> descend) {
    this(nodes, top, from, descend, folder -> new byte[0]);
  }

  /// The same, of each directory only the names that begin as `begin` says.
  TreeWalk(
      Nodes nodes,
      Entry.Directory top,
      byte[] from,
      Predicate<FilePath> descend,
      Function<FilePath, byte[]> begin) {
    this.nodes = nodes;
    this.descend = descend;
    this.begin = begin;
    seek(top, from);
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && !folders.isEmpty()) {
      Folder folder = folders.getFirst();
      if (!folder.rows().hasNext()) {
        folders.pop();
        continue;
      }
      PersistentMap.Row row = folder.rows().next();
      if (!startsWith(row.key(), folder.begin())) {
        folders.pop();
        continue;
      }
      Entry entry = EntryFormat.entry(folder.path(), row);
      if (entry instanceof Entry.Directory directory && descend.test(directory.path())) {
        open(directory, new byte[0]);
      }
      next = Optional.of(entry);
    }
    return next.isPresent();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Entry entry = next.orElseThrow();
    next = Optional.empty();
    return entry;
  }

  private void seek(Entry.Directory top, byte[] key) {
    Entry.Directory directory = top;
    int from = 0;
    for (int i = 0; i < key.length; i++) {
      if (key[i] == '/') {
        byte[] name = Arrays.copyOfRange(key, from, i + 1);
        Optional<byte[]> value = nodes.get(nodes.directory(directory.tree()), name);
        open(directory, Rows.after(name));
        if (value.isEmpty()) {
          return; // The name may be one that no path can have.
        }
        FilePath path = directory.path().child(EntryFormat.name(name));
        if (!descend.test(path)) {
          return;
        }
        directory = EntryFormat.directory(path, value.get());
        from = i + 1;
      }
    }
    open(directory, Arrays.copyOfRange(key, from, key.length));
  }

  private void open(Entry.Directory directory, byte[] from) {
    Node root = nodes.directory(directory.tree());
    byte[] first = begin.apply(directory.path());
    byte[] start = Arrays.compareUnsigned(from, first) > 0 ? from : first;
    Iterator<PersistentMap.Row> rows =
        root.size() == 0 ? Collections.emptyIterator() : new Rows(nodes, root, start);
    folders.push(new Folder(directory.path(), first, rows));
  }

  private static boolean startsWith(byte[] key, byte[] begin) {
    return key.length >= begin.length
        && Arrays.equals(key, 0, begin.length, begin, 0, begin.length);
  }
}
