package dev.dassie.store.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A [SimulatedDisk] behind `java.nio.file`, so that the real stores run on it as they are. Only
/// what they use is there.
final class SimulatedFiles extends FileSystem {
  private final SimulatedDisk disk;
  private final Provider provider = new Provider();

  SimulatedFiles(SimulatedDisk disk) {
    this.disk = disk;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public Path getPath(String first, String... more) {
    return SimulatedPath.parse(this, String.join("/", first, String.join("/", more)));
  }

  @Override
  public PathMatcher getPathMatcher(String syntax) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private SimulatedDisk.Node need(Path path) throws NoSuchFileException {
    SimulatedDisk.Node node = disk.find(((SimulatedPath) path).names());
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private static String name(Path path) {
    return ((SimulatedPath) path).names().getLast();
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return SimulatedFiles.this;
    }

    @Override
    public Path getPath(URI uri) {
      return SimulatedFiles.this.getPath(uri.getPath());
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      SimulatedDisk.Node node = disk.find(((SimulatedPath) path).names());
      if (node != null && options.contains(StandardOpenOption.CREATE_NEW)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      boolean create =
          options.contains(StandardOpenOption.CREATE)
              || options.contains(StandardOpenOption.CREATE_NEW);
      if (node == null && create) {
        node = disk.create(need(path.getParent()), name(path), false);
      } else if (node != null && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        disk.truncate(node);
      }
      return new SimulatedChannel(disk, node == null ? need(path) : node);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      SimulatedDisk.Node node = need(folder);
      if (!node.folder) {
        throw new NotDirectoryException(folder.toString());
      }
      List<Path> children = node.names.keySet().stream().map(folder::resolve).toList();
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return children.iterator();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      SimulatedDisk.Node _ = disk.create(need(folder.getParent()), name(folder), true);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      disk.link(need(link.getParent()), name(link), need(existing));
    }

    @Override
    public void delete(Path path) throws IOException {
      SimulatedDisk.Node node = need(path);
      if (!node.names.isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      disk.remove(need(path.getParent()), name(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      SimulatedDisk.Node _ = need(source);
      disk.rename(need(source.getParent()), name(source), need(target.getParent()), name(target));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
      return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
      return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      SimulatedDisk.Node _ = need(path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return type.cast(new Attributes(need(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  private record Attributes(SimulatedDisk.Node node) implements BasicFileAttributes {
    @Override
    public FileTime lastModifiedTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime lastAccessTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime creationTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public boolean isRegularFile() {
      return !node.folder;
    }

    @Override
    public boolean isDirectory() {
      return node.folder;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return node.bytes.length;
    }

    @Override
    public Object fileKey() {
      return node;
    }
  }
}
