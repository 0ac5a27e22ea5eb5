package dev.dassie.fileset;

import dev.dassie.content.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The keys of a fileset as object stores see it, in the order of their UTF-8 bytes: files under
/// their paths, and markers of directories under a path and a slash. Each comes with its
/// attributes, which are read along; going to another place costs a lookup. Not thread-safe.
public final class KeyWalk implements Iterator<KeyWalk.Key> {
  /// A file or, where `file` is empty, the marker of a directory.
  public record Key(String name, Optional<Entry.File> file, FileAttributes attributes) {}

  /// A row of attributes that was read ahead.
  private record Row(byte[] key, byte[] value) {}

  private final Nodes nodes;
  private final Entry.Directory top;
  private final Optional<Node> attributes;
  private Iterator<Entry> entries = Collections.emptyIterator();
  private Iterator<PersistentMap.Row> rows = Collections.emptyIterator();
  private Optional<Entry.File> file = Optional.empty();
  private Optional<Row> row = Optional.empty();

  KeyWalk(Nodes nodes, Entry.Directory top, Optional<Digest> attributes) {
    this.nodes = nodes;
    this.top = top;
    this.attributes = attributes.map(root -> nodes.read(NodeKind.MAP, root));
    start(new byte[0]);
  }

  /// Goes on at the first key that is not before `key`, which may be any text, and returns this.
  public KeyWalk to(String key) {
    start(key.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// Goes on at the first key that comes after `key`, which may be any text, and returns this.
  public KeyWalk after(String key) {
    start(Rows.after(key.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /// Goes on at the first key that comes after all that begin with `prefix`, which is not empty,
  /// and returns this.
  public KeyWalk past(String prefix) {
    byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
    int last = end.length - 1;
    while (last > 0 && end[last] == (byte) 0xff) {
      last--;
    }
    end = Arrays.copyOf(end, last + 1);
    end[last]++;
    start(end);
    return this;
  }

  private void start(byte[] from) {
    entries = new TreeWalk(nodes, top, from, path -> true);
    rows =
        attributes
            .<Iterator<PersistentMap.Row>>map(root -> new Rows(nodes, root, from))
            .orElse(Collections.emptyIterator());
    file = Optional.empty();
    row = Optional.empty();
  }

  @Override
  public boolean hasNext() {
    fill();
    while (row.isPresent() && !EntryFormat.isDirectory(row.get().key()) && isBehind()) {
      // Attributes of a file that is not there.
      row = Optional.empty();
      fill();
    }
    return file.isPresent() || row.isPresent();
  }

  /// Whether the row at hand is of a file that comes before the one at hand.
  private boolean isBehind() {
    return file.isEmpty() || Arrays.compareUnsigned(row.orElseThrow().key(), key()) < 0;
  }

  private byte[] key() {
    return file.orElseThrow().path().value().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Key next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int order =
        row.isEmpty() ? 1 : file.isEmpty() ? -1 : Arrays.compareUnsigned(row.get().key(), key());
    FileAttributes known =
        order > 0 ? FileAttributes.NONE : FileAttributes.decode(row.orElseThrow().value());
    if (order < 0) {
      String name = new String(row.orElseThrow().key(), StandardCharsets.UTF_8);
      row = Optional.empty();
      return new Key(name, Optional.empty(), known);
    }
    Key key = new Key(file.orElseThrow().path().value(), file, known);
    file = Optional.empty();
    if (order == 0) {
      row = Optional.empty();
    }
    return key;
  }

  private void fill() {
    while (file.isEmpty() && entries.hasNext()) {
      if (entries.next() instanceof Entry.File found) {
        file = Optional.of(found);
      }
    }
    if (row.isEmpty() && rows.hasNext()) {
      PersistentMap.Row found = rows.next();
      row = Optional.of(new Row(found.key(), found.value()));
    }
  }
}
