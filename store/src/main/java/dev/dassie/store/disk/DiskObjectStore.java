package dev.dassie.store.disk;

import dev.dassie.content.Folders;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Objects as files under a folder: the key is the path. An upload is a file in `tmp`, synced and
/// then linked to its place, so that an object appears whole, durable and never over another.
///
/// One store at a time may own a folder: opening it sweeps the uploads that a crash left behind.
/// Others may share it ([#sharing]). Thread-safe.
public final class DiskObjectStore implements ObjectStore {
  private final Path root;
  private final Path uploads;
  private final String prefix;
  private final AtomicLong sequence = new AtomicLong();
  private final WriteBehind.Blocks blocks = new WriteBehind.Blocks();
  private final OpenFiles files = new OpenFiles();

  /// Folders whose own entry is known to be durable.
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  /// Opens the store in `root`, which is made if it is missing.
  public DiskObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.uploads = this.root.resolve("tmp");
    this.prefix = "";
    try {
      Folders.createDurably(uploads);
      settle(this.root, !isEmpty(uploads));
      sweep();
    } catch (IOException | DirectoryIteratorException e) {
      throw failed(e instanceof IOException known ? known : new IOException(e));
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      return !children.iterator().hasNext();
    }
  }

  /// Makes what is there durable: a process that was killed may have left names that it had not
  /// synced, and who finds them builds on them. Folders may be left by anybody, objects only by an
  /// upload whose file is still in `tmp`; then (`objects`) all folders are synced.
  private void settle(Path folder, boolean objects) throws IOException {
    List<Path> inside = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (Files.isDirectory(child) && !child.equals(uploads)) {
          inside.add(child);
        }
      }
    }
    if (objects || !inside.isEmpty()) {
      Folders.sync(folder);
    }
    durable.add(folder);
    for (Path child : inside) {
      settle(child, objects);
    }
  }

  private DiskObjectStore(Path root, Path uploads, String prefix) {
    this.root = root;
    this.uploads = uploads;
    this.prefix = prefix;
  }

  /// Opens the store in `root` beside the process that owns it, on the same host or over a network
  /// file system. When the owner starts, it discards the uploads that are not published yet.
  ///
  /// @throws DassieException `NotFound` where no store is there
  public static DiskObjectStore sharing(Path root) {
    Path folder = root.toAbsolutePath().normalize();
    Path uploads = folder.resolve("tmp");
    if (!Files.isDirectory(uploads)) {
      throw new Fault.NotFound("store", folder.toString(), Optional.empty()).asException();
    }
    String prefix = UUID.randomUUID().toString().replace("-", "") + ".";
    DiskObjectStore shared = new DiskObjectStore(folder, uploads, prefix);
    boolean _ = shared.durable.add(folder);
    return shared;
  }

  /// Opens a copy of a store, or the folder above one, for reading only: it may be in use. A folder
  /// without packs is refused.
  public static DiskObjectStore reading(String folder) {
    Path root;
    try {
      root = Path.of(folder).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new DassieException(new Fault.Invalid("The folder", folder, "a path"), e);
    }
    Path store = Files.isDirectory(root.resolve("packs")) ? root : root.resolve("store");
    if (!Files.isDirectory(store.resolve("packs"))) {
      throw new Fault.Invalid("The folder", folder, "a copy of a store, with `packs` in it")
          .asException();
    }
    return new DiskObjectStore(store, store.resolve("tmp"), "");
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(uploads)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public Upload upload() {
    Path file = uploads.resolve(prefix + sequence.incrementAndGet());
    try {
      return new FileUpload(
          this,
          file,
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    read(key, offset, bytes);
    return bytes.flip();
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) {
    int begin = into.position();
    int length = into.remaining();
    try {
      files.read(path(key), offset, into);
      if (into.hasRemaining()) {
        throw new EOFException();
      }
    } catch (NoSuchFileException e) {
      throw missing(key);
    } catch (EOFException e) {
      throw new Fault.Corrupt(
              "The object `" + key + "`",
              length + " bytes from byte " + offset,
              (into.position() - begin) + " bytes")
          .asException();
    } catch (IOException e) {
      throw Files.isDirectory(path(key)) ? missing(key) : failed(e);
    }
  }

  @Override
  public long size(String key) {
    Path file = path(key);
    try {
      // Who asks wants to know what is there now, under this name.
      files.close(file);
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw missing(key);
      }
      return attributes.size();
    } catch (NoSuchFileException e) {
      throw missing(key);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public List<String> list(String prefix, String after, int limit) {
    List<String> keys = new ArrayList<>();
    try {
      new KeyWalk(prefix, after, limit, keys).folder(root, "");
    } catch (IOException e) {
      throw failed(e);
    } catch (DirectoryIteratorException e) {
      throw failed(new IOException(e));
    }
    return keys;
  }

  @Override
  public void delete(String key) {
    Path file = path(key);
    try {
      boolean deleted = !Files.isDirectory(file) && Files.deleteIfExists(file);
      // A reader that comes in between finds no file, and keeps none open.
      files.close(file);
      if (deleted) {
        Folders.sync(folderOf(file));
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path path(String key) {
    ObjectStore.checkKey(key);
    return root.resolve(key);
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalStateException("an object lies in a folder");
    }
    return folder;
  }

  /// Puts a file of `tmp` in its place; returns when it is durable.
  void place(Path file, FileChannel content, String key) throws IOException {
    Path target = path(key);
    Path folder = folderOf(target);
    // New folders are made before the file is synced: a journalling file system then writes both
    // at once, and the syncs of the folders cost next to nothing. Another thread may have made
    // them and not be done with syncing.
    List<Path> fresh = notDurable(folder);
    if (!fresh.isEmpty()) {
      Files.createDirectories(folder);
    }
    content.force(true);
    content.close();
    for (Path made : fresh) {
      Folders.sync(folderOf(made));
      durable.add(made);
    }
    link(file, target, key);
    try {
      Folders.sync(folder);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
    Files.deleteIfExists(file);
  }

  /// The folder and those above it whose entries are not known to be durable, the topmost first.
  private List<Path> notDurable(Path folder) {
    List<Path> fresh = new ArrayList<>();
    for (Path path = folder; !durable.contains(path); path = folderOf(path)) {
      fresh.addFirst(path);
    }
    return fresh;
  }

  /// A hard link never replaces a file, a rename may.
  private void link(Path file, Path target, String key) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (FileAlreadyExistsException e) {
      throw new Fault.AlreadyExists("object", key).asException();
    } catch (UnsupportedOperationException e) {
      throw new Fault.Unsupported(
              "The file system of " + root,
              Optional.of("Choose a folder on a file system with hard links."))
          .asException();
    }
  }

  private static RuntimeException missing(String key) {
    return new Fault.NotFound("object", key, Optional.empty()).asException();
  }

  WriteBehind.Blocks blocks() {
    return blocks;
  }

  RuntimeException failed(IOException cause) {
    return ObjectStore.translate(root.toString(), cause);
  }
}
