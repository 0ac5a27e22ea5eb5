package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Applies the operations of a writer to a tree. Appends are looked up in the tree as the
/// operations before them left it; those before are applied first only where they touch the same
/// path.
///
/// Bodies go to one session, nodes of trees to another, which reads the first or is the same.
final class Resolution implements AutoCloseable {
  /// Paths that are remembered to find out; more are applied first.
  private static final int MAX_TOUCHED = 50_000;

  private final ChunkStore.Session bodies;
  private final ChunkStore.Session nodes;
  private final Path spillFolder;
  private final Filesets filesets;
  private final Set<FilePath> touched = new HashSet<>();
  private final List<Edit> kept = new ArrayList<>();
  private final boolean keep;
  private final boolean asks;
  private Fileset tree;
  private Edits pending;
  private long count;

  /// `keep` collects the plain edits for [#edits]; only for few. `asks` says whether appends or
  /// preconditions will come: without, nothing is remembered.
  Resolution(
      Fileset base,
      ChunkStore.Session bodies,
      ChunkStore.Session nodes,
      Path spillFolder,
      boolean keep,
      boolean asks) {
    this.tree = base;
    this.bodies = bodies;
    this.nodes = nodes;
    this.spillFolder = spillFolder;
    this.filesets = new Filesets(nodes);
    this.keep = keep;
    this.asks = asks;
    this.pending = new Edits(spillFolder);
  }

  void add(Operation operation) {
    switch (operation) {
      case Operation.Plain plain -> plain(plain.edit());
      case Operation.Append append -> plain(resolve(append));
    }
  }

  /// Refuses where the tree as it is by now is not as a writer wants it.
  void check(Precondition precondition) {
    if (isTouched(precondition.path())) {
      flush();
    }
    precondition.check(filesets, tree);
  }

  private void plain(Edit edit) {
    pending.add(edit);
    count++;
    if (keep) {
      kept.add(edit);
    }
    if (asks) {
      touched.add(edit.path());
      if (touched.size() > MAX_TOUCHED) {
        flush();
      }
    }
  }

  private Edit resolve(Operation.Append append) {
    if (isTouched(append.path())) {
      flush();
    }
    Optional<Entry> there = filesets.find(tree, append.path());
    Body body = append.body();
    FileAttributes attributes = append.attributes();
    if (there.isPresent()) {
      if (!(there.get() instanceof Entry.File file)) {
        throw new Fault.Conflict(
                "`%s` is a directory; expected a file to append to.".formatted(append.path()),
                Optional.empty())
            .asException();
      }
      attributes = grown(filesets.attributes(tree, append.path()), attributes);
      body = joined(file.body(), append.body());
    }
    return new Edit.Put(append.path(), append.executable(), body, attributes);
  }

  /// What is known of a file that grew: what was said with the bytes that came, else of the file.
  private static FileAttributes grown(FileAttributes old, FileAttributes more) {
    if (more.equals(FileAttributes.NONE)) {
      return old.ofOtherBytes();
    }
    Optional<String> type = more.contentType().isPresent() ? more.contentType() : old.contentType();
    boolean typeAlone = more.equals(FileAttributes.ofType(more.contentType()));
    return (typeAlone ? old : more).ofOtherBytes().withContentType(type);
  }

  private Body joined(Body first, Body second) {
    try (InputStream bytes = filesets.open(second)) {
      return filesets.append(first, bytes, bodies);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isTouched(FilePath path) {
    FilePath above = path;
    while (!above.isRoot()) {
      if (touched.contains(above)) {
        return true;
      }
      above = above.parent();
    }
    return touched.contains(FilePath.ROOT);
  }

  private void flush() {
    touched.clear();
    if (count == 0) {
      return;
    }
    count = 0;
    Edits ready = pending;
    pending = new Edits(spillFolder);
    try (ready) {
      tree = filesets.apply(tree, ready, nodes);
    }
  }

  /// The tree with everything applied.
  Fileset tree() {
    flush();
    return tree;
  }

  /// What was applied, without appends, in order.
  List<Edit> edits() {
    return List.copyOf(kept);
  }

  @Override
  public void close() {
    pending.close();
  }
}
