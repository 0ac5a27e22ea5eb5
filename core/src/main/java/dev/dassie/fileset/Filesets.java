package dev.dassie.fileset;

import dev.dassie.content.ByteTaker;
import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Outside;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Reads and changes filesets whose nodes are chunks of a [ChunkReader]. Filesets never change;
/// every method leaves its arguments as they are. To read what a session has not published yet,
/// make one over the session. Thread-safe; the iterators and streams it gives are not. Bytes that
/// are not what they must be: `Fault.Corrupt`.
public final class Filesets {
  private static final byte[] EMPTY_NODE = Node.empty(NodeKind.DIRECTORY).encode();

  /// The fileset without files. Its root node need not be stored: reading its digest gives it.
  public static final Fileset EMPTY = new Fileset(Digest.of(EMPTY_NODE), Optional.empty(), 0, 0);

  private final Nodes nodes;

  public Filesets(ChunkReader reader) {
    this.nodes = new Nodes(reader);
  }

  /// The same for many to read with: keeps decoded nodes of up to so many bytes of chunks, those
  /// that were used last.
  public Filesets(ChunkReader reader, long kept) {
    this.nodes = new Nodes(reader, kept);
  }

  /// What `path` names; the root is the directory of the whole tree.
  public Optional<Entry> find(Fileset files, FilePath path) {
    return NamedStream.named(path, () -> lookUp(files, path));
  }

  private Optional<Entry> lookUp(Fileset files, FilePath path) {
    if (path.isRoot()) {
      return Optional.of(rootDirectory(files));
    }
    Optional<Entry.Directory> folder = Optional.of(top(files));
    List<String> parts = path.parts();
    for (String part : parts.subList(0, parts.size() - 1)) {
      folder = folder.flatMap(directory -> directoryIn(directory, part));
    }
    return folder.flatMap(directory -> entryIn(directory, path.name()));
  }

  /// The content type that was given with the file.
  public Optional<String> contentType(Fileset files, FilePath path) {
    return attributes(files, path).contentType();
  }

  /// What is known of the file at a path beyond its content.
  public FileAttributes attributes(Fileset files, FilePath path) {
    return files
        .attributes()
        .flatMap(root -> Attributes.find(nodes, root, path.value()))
        .map(FileAttributes::decode)
        .orElse(FileAttributes.NONE);
  }

  /// The marker of a directory, which may have no files.
  public Optional<FileAttributes> marker(Fileset files, FilePath directory) {
    return files
        .attributes()
        .flatMap(root -> Attributes.find(nodes, root, directory.value() + "/"))
        .map(FileAttributes::decode);
  }

  /// The attributes at or beneath a path, in the order of paths: what a copy of it takes along.
  public Iterator<Edit> described(Fileset files, FilePath beneath) {
    Optional<Node> root = files.attributes().map(id -> nodes.read(NodeKind.MAP, id));
    if (root.isEmpty()) {
      return Collections.emptyIterator();
    }
    byte[] from = beneath.isRoot() ? new byte[0] : EntryFormat.directoryKey(beneath.value());
    return new Kept<>(
        new Rows(nodes, root.get(), from),
        row -> Optional.of(Attributes.edit(row)),
        row -> Arrays.mismatch(row.key(), from) == from.length || Arrays.equals(row.key(), from));
  }

  /// All keys of a fileset from its first on, see [KeyWalk]; [KeyWalk#to] goes to others.
  public KeyWalk keys(Fileset files) {
    return new KeyWalk(nodes, top(files), files.attributes());
  }

  /// The entries of one directory in name order (directories sort as `name/`) after the name
  /// `afterName`, with or without the slash of a directory; empty for all. A file lists itself;
  /// `Fault.NotFound` where there is nothing.
  public Iterator<Entry> list(Fileset files, FilePath directory, String afterName) {
    Entry entry =
        find(files, directory)
            .orElseThrow(() ->
                new Fault.NotFound("file or directory", directory.toString(), Optional.empty())
                    .asException());
    return switch (entry) {
      case Entry.File file ->
          afterName.compareTo(file.path().name()) < 0
              ? List.of(entry).iterator()
              : Collections.emptyIterator();
      case Entry.Directory folder -> {
        byte[] from = afterName.isEmpty() ? new byte[0] : after(folder, afterName);
        yield new TreeWalk(nodes, folder, from, path -> false);
      }
    };
  }

  /// All files at or beneath a path, in path order, after the path `after`; none where there is no
  /// such path.
  public Iterator<Entry.File> walk(Fileset files, FilePath beneath, Optional<FilePath> after) {
    Optional<Entry> found = find(files, beneath);
    if (found.isEmpty()) {
      return Collections.emptyIterator();
    }
    return switch (found.get()) {
      case Entry.File file ->
          after.isEmpty() || after.get().compareTo(beneath) < 0
              ? List.of(file).iterator()
              : Collections.emptyIterator();
      case Entry.Directory folder ->
          new Kept<>(
              new TreeWalk(nodes, folder, from(folder, after), path -> true),
              entry -> entry instanceof Entry.File file ? Optional.of(file) : Optional.empty(),
              entry -> true);
    };
  }

  /// The files and directories that a glob matches, in path order (a directory `d` stands where
  /// `d/` does), after the path `after`. Reads the directories that can hold a match, and of each
  /// the names that begin like the glob's part: `*/x` costs a lookup in every directory.
  public Iterator<Entry> glob(Fileset files, Glob glob, Optional<FilePath> after) {
    String prefix = glob.literalPrefix();
    if (glob.isLiteral()) {
      boolean passed = after.isPresent() && after.get().value().compareTo(prefix) >= 0;
      return FilePath.check(prefix).isPresent() || passed
          ? Collections.emptyIterator()
          : find(files, new FilePath(prefix)).filter(entry -> matches(glob, entry)).stream()
              .iterator();
    }
    byte[] from = prefix.getBytes(StandardCharsets.UTF_8);
    if (after.isPresent()) {
      byte[] resume = after(files, after.get());
      from = Arrays.compareUnsigned(resume, from) > 0 ? resume : from;
    }
    return new Kept<>(
        new TreeWalk(nodes, top(files), from, glob::reaches, glob::beginning),
        entry -> matches(glob, entry) ? Optional.of(entry) : Optional.empty(),
        entry -> entry.path().value().startsWith(prefix));
  }

  /// The files at or beneath a path that differ, in path order. Costs as much as the difference.
  public Iterator<Difference> diff(Fileset old, Fileset now, FilePath beneath) {
    Optional<Entry> before = find(old, beneath);
    Optional<Entry> after = find(now, beneath);
    Optional<Entry.File> oldFile = before.flatMap(Filesets::file);
    Optional<Entry.File> nowFile = after.flatMap(Filesets::file);
    Optional<Difference> first =
        oldFile.equals(nowFile)
            ? Optional.empty()
            : Optional.of(new Difference(beneath, oldFile, nowFile));
    return new DiffWalk(
        nodes, beneath, first, before.flatMap(Filesets::tree), after.flatMap(Filesets::tree));
  }

  /// The markers of directories that differ, as the edits that lead from one to the other, in the
  /// order of paths. Costs as much as what differs of all attributes.
  public Iterator<Edit> remarked(Fileset old, Fileset now) {
    return new Kept<>(
        Attributes.diff(nodes, old.attributes(), now.attributes()),
        delta ->
            EntryFormat.isDirectory(delta.key())
                ? Optional.of(
                    new Edit.Mark(
                        EntryFormat.path(delta.key()), delta.now().map(FileAttributes::decode)))
                : Optional.empty(),
        delta -> true);
  }

  /// `base` with the edits applied, its new nodes put into the session. Consumes the edits. Where a
  /// file and a directory would share a path, neither of which the edits delete: `Fault.Conflict`
  /// that names both. A put replaces all attributes that the path had. Memory grows with what
  /// changes in a directory and with depth, not with the base.
  public Fileset apply(Fileset base, Edits edits, ChunkStore.Session session) {
    return new FilesetWriter(base, session).apply(edits.steps());
  }

  /// Says that what the session writes will name an entry of a published fileset: from here on it
  /// stays, whatever is deleted. `Fault.Conflict` where it was deleted before.
  public void reuse(Entry entry, ChunkStore.Session session) {
    Reach.of(entry, Reach.reuse(session));
  }

  /// The same of a whole fileset.
  public void reuse(Fileset files, ChunkStore.Session session) {
    Reach.ofFileset(files, Reach.reuse(session));
  }

  /// Stores the bytes up to the end of the stream, in constant memory. A stream that fails:
  /// `UncheckedIOException`.
  public Body write(InputStream bytes, ChunkStore.Session session) {
    return Bodies.write(bytes, session);
  }

  /// The body of the bytes of `body` followed by those of the stream, equal to the one that
  /// [#write] gives for all of them.
  public Body append(Body body, InputStream bytes, ChunkStore.Session session) {
    return Bodies.append(body, bytes, session);
  }

  /// A range of the bytes of a body.
  public record Piece(Body body, long offset, long length) {
    /// All of them.
    public Piece(Body body) {
      this(body, 0, body.size());
    }

    /// A range that goes beyond the end is `Fault.Invalid`.
    public Piece {
      if (offset < 0 || length < 0 || offset > body.size() - length) {
        throw new Fault.Invalid(
                "The range",
                "%d bytes from byte %d".formatted(length, offset),
                "one within the %d bytes of the file".formatted(body.size()))
            .asException();
      }
    }
  }

  /// The body of pieces one behind the other, equal to the one that [#write] gives for all their
  /// bytes. What is stored is named, not read, but for the chunks near the seams, the bytes of
  /// references, and bytes that repeat themselves without end.
  public Body join(Iterable<Piece> pieces, ChunkStore.Session session) {
    Joiner joiner = new Joiner(session);
    for (Piece piece : pieces) {
      if (piece.body() instanceof Body.Reference) {
        Body copied = write(open(piece.body(), piece.offset(), piece.length()), session);
        joiner.add(copied, 0, copied.size());
      } else {
        joiner.add(piece.body(), piece.offset(), piece.length());
      }
    }
    return joiner.finish();
  }

  /// Up to `length` bytes from `offset`, fewer where the file ends before.
  public InputStream open(Body body, long offset, long length) {
    return Bodies.open(nodes.chunks(), body, offset, length);
  }

  /// The same of a file, which refusals then name by its path.
  public InputStream open(Entry.File file, long offset, long length) {
    return file.body() instanceof Body.Reference(Outside outside)
        ? nodes.chunks().outside(outside, file.path().toString(), offset, length)
        : new NamedStream(file.path(), () -> open(file.body(), offset, length));
  }

  /// Hands up to `length` bytes from `offset` to a taker, without a copy where they lie in chunks.
  ///
  /// @throws IOException of the taker
  public void send(Entry.File file, long offset, long length, ByteTaker to) throws IOException {
    if (file.body() instanceof Body.Reference) {
      Bodies.copy(open(file, offset, length), to);
    } else {
      NamedStream.sending(
          file.path(), () -> Bodies.send(nodes.chunks(), file.body(), offset, length, to));
    }
  }

  /// All bytes of a file.
  public InputStream open(Entry.File file) {
    return open(file, 0, file.size());
  }

  /// All bytes.
  public InputStream open(Body body) {
    return open(body, 0, body.size());
  }

  /// The chunks of a body in order: what a client needs to find out whether it has the same bytes.
  public Iterator<Chunk> chunks(Body body) {
    return switch (body) {
      case Body.Inline inline when inline.size() == 0 -> Collections.emptyIterator();
      case Body.Inline inline ->
          List.of(new Chunk(0, inline.size(), inline.hash().digest())).iterator();
      case Body.Single single -> List.of(new Chunk(0, single.size(), single.chunk())).iterator();
      case Body.Recipe recipe -> new RecipeWalk(nodes.chunks(), recipe);
      case Body.Reference(Outside file) ->
          throw new Fault.Conflict(
                  "The file is a reference to `%s`, which has no chunks."
                      .formatted(file.location()),
                  Optional.of("`dassie adopt` copies it in."))
              .asException();
    };
  }

  /// The directory of the whole tree.
  public Entry.Directory rootDirectory(Fileset files) {
    byte[] node =
        files.content().equals(EMPTY.content()) ? EMPTY_NODE : nodes.chunks().read(files.content());
    TreeRoot root =
        node.length <= TreeRoot.MAX_INLINE
            ? new TreeRoot.Inlined(node)
            : new TreeRoot.Stored(files.content());
    return new Entry.Directory(FilePath.ROOT, root, files.files(), files.size());
  }

  /// The fileset of what is in a directory, without attributes.
  public Fileset of(Entry.Directory directory, ChunkStore.Session session) {
    Digest content =
        switch (directory.tree()) {
          case TreeRoot.Stored stored -> stored.digest();
          case TreeRoot.Inlined inlined ->
              session.put(ChunkStore.Role.TREE, inlined.node(), 0, inlined.node().length);
        };
    return new Fileset(content, Optional.empty(), directory.files(), directory.size());
  }

  /// The root directory, not inlined: its node is read when it is needed.
  private static Entry.Directory top(Fileset files) {
    TreeRoot root = new TreeRoot.Stored(files.content());
    return new Entry.Directory(FilePath.ROOT, root, files.files(), files.size());
  }

  private Optional<Entry.Directory> directoryIn(Entry.Directory folder, String name) {
    return nodes
        .get(nodes.directory(folder.tree()), EntryFormat.directoryKey(name))
        .map(value -> EntryFormat.directory(folder.path().child(name), value));
  }

  private Optional<Entry> entryIn(Entry.Directory folder, String name) {
    Optional<Entry> file =
        nodes
            .get(nodes.directory(folder.tree()), EntryFormat.fileKey(name))
            .map(value -> EntryFormat.file(folder.path().child(name), value));
    return file.isPresent() ? file : directoryIn(folder, name).map(entry -> entry);
  }

  /// The key to begin at to get what comes after a name in a directory.
  private byte[] after(Entry.Directory folder, String name) {
    boolean slash = name.endsWith("/");
    String plain = slash ? name.substring(0, name.length() - 1) : name;
    boolean directory = slash || directoryIn(folder, plain).isPresent();
    byte[] key = directory ? EntryFormat.directoryKey(plain) : EntryFormat.fileKey(plain);
    return Rows.after(key);
  }

  /// The key to begin at to get what comes after a path: what is in it, where it is a directory.
  private byte[] after(Fileset files, FilePath path) {
    if (path.isRoot()) {
      return new byte[0];
    }
    boolean directory = find(files, path).flatMap(Filesets::tree).isPresent();
    return directory
        ? EntryFormat.directoryKey(path.value())
        : Rows.after(EntryFormat.fileKey(path.value()));
  }

  /// The key in `folder` to begin at to get its files after the path `after`.
  private static byte[] from(Entry.Directory folder, Optional<FilePath> after) {
    if (after.isEmpty() || after.get().isRoot()) {
      return new byte[0];
    }
    byte[] key = EntryFormat.fileKey(after.get().value());
    byte[] top =
        folder.path().isRoot() ? new byte[0] : EntryFormat.directoryKey(folder.path().value());
    if (Arrays.mismatch(key, top) == top.length) {
      return Rows.after(Arrays.copyOfRange(key, top.length, key.length));
    }
    return Arrays.compareUnsigned(key, top) < 0 ? new byte[0] : LevelWriter.END;
  }

  private static boolean matches(Glob glob, Entry entry) {
    return glob.matches(entry.path(), entry instanceof Entry.Directory);
  }

  private static Optional<Entry.File> file(Entry entry) {
    return entry instanceof Entry.File file ? Optional.of(file) : Optional.empty();
  }

  private static Optional<TreeRoot> tree(Entry entry) {
    return entry instanceof Entry.Directory folder ? Optional.of(folder.tree()) : Optional.empty();
  }
}
