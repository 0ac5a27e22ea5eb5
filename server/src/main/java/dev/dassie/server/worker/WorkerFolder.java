package dev.dassie.server.worker;

import dev.dassie.content.Folders;
import dev.dassie.content.ObjectStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of one worker, for its owner alone: what its datums need while they run, what it
/// knows of the places of chunks, and its log. Nothing of it outlives the worker but the log; a
/// worker that was killed leaves a folder, which the next one removes. Locked while it is in use.
public final class WorkerFolder implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel channel;

  private WorkerFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes a folder beneath `all`, and removes those that nobody uses any more.
  public static WorkerFolder make(Path all) {
    try {
      Folders.createDurably(all);
      Files.setPosixFilePermissions(all, PosixFilePermissions.fromString("rwx------"));
      sweep(all);
      Path path =
          Files.createTempDirectory(
              all,
              "w",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel channel = lockFile(path);
      FileLock _ = channel.lock();
      for (String part : List.of("run", "index", "remote", "log")) {
        Files.createDirectory(path.resolve(part));
      }
      return new WorkerFolder(path, channel);
    } catch (IOException e) {
      throw ObjectStore.translate(all.toString(), e);
    }
  }

  private static FileChannel lockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void sweep(Path all) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(all, "w*")) {
      for (Path folder : folders) {
        // One that has no lock yet may be about to get it.
        if (Files.exists(folder.resolve(LOCK))) {
          removeIfIdle(folder);
        }
      }
    }
  }

  private static void removeIfIdle(Path folder) throws IOException {
    try (FileChannel channel = lockFile(folder)) {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        remove(folder);
      }
    } catch (OverlappingFileLockException e) {
      return; // of another worker in this process
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> left = Files.walk(folder)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  public Path path() {
    return path;
  }

  /// What is known of the places of chunks.
  public Path index() {
    return path.resolve("index");
  }

  /// What a store elsewhere keeps here.
  public Path remote() {
    return path.resolve("remote");
  }

  public Path log() {
    return path.resolve("log");
  }

  @Override
  public void close() {
    try {
      remove(path);
      channel.close();
    } catch (IOException e) {
      return; // the next worker removes it
    }
  }
}
