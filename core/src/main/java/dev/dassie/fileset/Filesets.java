package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;

/// Reads and changes filesets whose nodes are chunks of a [ChunkReader]. Filesets never change;
/// every method leaves its arguments as they are. To read what a session has not published yet,
/// make one over the session. Thread-safe; the iterators and streams it gives are not.
public final class Filesets {
  /// The fileset without files. Its root node need not be stored: reading its digest gives it.
  public static final Fileset EMPTY =
      new Fileset(Digest.of(new byte[] {2, 0, 0}), Optional.empty(), 0, 0);

  private final ChunkReader reader;

  public Filesets(ChunkReader reader) {
    this.reader = reader;
  }

  /// What `path` names; the root is the directory of the whole tree.
  public Optional<Entry> find(Fileset files, FilePath path) {
    return unsupported();
  }

  /// The content type that was given with the file.
  public Optional<String> contentType(Fileset files, FilePath path) {
    return unsupported();
  }

  /// The entries of one directory in name order (directories sort as `name/`) after the name
  /// `afterName`; empty for all. A file lists itself; `Fault.NotFound` where there is nothing.
  public Iterator<Entry> list(Fileset files, FilePath directory, String afterName) {
    return unsupported();
  }

  /// All files at or beneath a path, in path order, after the path `after`.
  public Iterator<Entry.File> walk(Fileset files, FilePath beneath, Optional<FilePath> after) {
    return unsupported();
  }

  /// The files and directories that a glob matches, in path order, after the path `after`.
  public Iterator<Entry> glob(Fileset files, Glob glob, Optional<FilePath> after) {
    return unsupported();
  }

  /// The files at or beneath a path that differ, in path order. Costs as much as the difference.
  public Iterator<Difference> diff(Fileset old, Fileset now, FilePath beneath) {
    return unsupported();
  }

  /// `base` with the edits applied. Consumes the edits. Where a file and a directory would share a
  /// path: `Fault.Conflict`.
  public Fileset apply(Fileset base, Edits edits, ChunkStore.Session session) {
    return unsupported();
  }

  /// Stores the bytes up to the end of the stream, in constant memory. A stream that fails:
  /// `UncheckedIOException`.
  public Body write(InputStream bytes, ChunkStore.Session session) {
    return unsupported();
  }

  /// The body of the bytes of `body` followed by those of the stream, equal to the one that
  /// [#write] gives for all of them.
  public Body append(Body body, InputStream bytes, ChunkStore.Session session) {
    return unsupported();
  }

  /// Up to `length` bytes from `offset`, fewer where the file ends before.
  public InputStream open(Body body, long offset, long length) {
    return unsupported();
  }

  /// All bytes.
  public InputStream open(Body body) {
    return open(body, 0, body.size());
  }

  /// The directory of the whole tree.
  public Entry.Directory rootDirectory(Fileset files) {
    return unsupported();
  }

  /// The fileset of what is in a directory, without attributes.
  public Fileset of(Entry.Directory directory, ChunkStore.Session session) {
    return unsupported();
  }

  // Goes with the last method that is not built.
  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <T> T unsupported() {
    throw new Fault.Unsupported(reader.getClass().getSimpleName(), Optional.empty()).asException();
  }
}
