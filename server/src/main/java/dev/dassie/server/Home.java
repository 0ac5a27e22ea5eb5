package dev.dassie.server;

import dev.dassie.content.Folders;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder that holds everything of one server: `format`, `dassie.db`, `store/`, `remote/`,
/// `index/`, `run/`, `log/`, `config.yaml`, `secret.key`, and `dassie.pid`, which is locked as long
/// as a server uses the folder. Closing gives the lock back.
public final class Home implements AutoCloseable {
  /// The layout that this program writes. Version 1 is the first.
  static final int FORMAT = 1;

  private final Path folder;
  private final FileChannel pidFile;
  private final FileLock lock;

  private Home(Path folder, FileChannel pidFile, FileLock lock) {
    this.folder = folder;
    this.pidFile = pidFile;
    this.lock = lock;
  }

  /// Makes the folder where there is none, and takes it.
  ///
  /// @throws DassieException `Conflict` when another server uses it or its format is newer,
  ///   `Corrupt` when its format cannot be read, `Full` or `Unavailable` when it cannot be written
  public static Home open(Path folder) {
    try {
      create(folder);
      Home home = lock(folder);
      try {
        home.checkFormat();
        home.writePid();
        for (String part : new String[] {"store", "index", "log"}) {
          Files.createDirectories(folder.resolve(part));
        }
        home.clearSpill();
        Folders.sync(folder);
        return home;
      } catch (IOException | RuntimeException e) {
        home.close();
        throw e;
      }
    } catch (IOException e) {
      throw ObjectStore.translate(folder.toString(), e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Path database() {
    return folder.resolve("dassie.db");
  }

  public Path store() {
    return folder.resolve("store");
  }

  /// What an S3 store keeps on the local disk: its cache, and what is being written.
  public Path remote() {
    return folder.resolve("remote");
  }

  /// The key of all secrets; made with the first one. A backup without it has no secrets.
  public Path secretKey() {
    return folder.resolve("secret.key");
  }

  public Path index() {
    return folder.resolve("index");
  }

  /// For files that live no longer than the server.
  public Path run() {
    return folder.resolve("run");
  }

  /// For temporary files of the core; emptied at the start.
  public Path spill() {
    return run().resolve("spill");
  }

  /// For the executor alone.
  public Path datums() {
    return run().resolve("datums");
  }

  public Path log() {
    return folder.resolve("log");
  }

  @Override
  public void close() {
    try {
      pidFile.truncate(0);
      lock.release();
      pidFile.close();
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable("The folder `" + folder + "`", String.valueOf(e.getMessage())), e);
    }
  }

  private static void create(Path folder) throws IOException {
    Folders.createDurably(folder);
    if (!Files.exists(folder.resolve("format"))) {
      // Only its owner may look: it holds everybody's data and the key of the secrets.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static Home lock(Path folder) throws IOException {
    Path file = folder.resolve("dassie.pid");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      String pid = Files.readString(file).strip();
      channel.close();
      throw new Fault.Conflict(
              "Another server (process `%s`) uses the folder `%s`."
                  .formatted(pid.isEmpty() ? "unknown" : pid, folder),
              Optional.of("Stop it with `dassie down`, or set `DASSIE_HOME` to another folder."))
          .asException();
    }
    return new Home(folder, channel, lock);
  }

  private void checkFormat() throws IOException {
    Path file = folder.resolve("format");
    if (!Files.exists(file)) {
      if (Files.exists(database())) {
        throw new Fault.Corrupt("The folder `" + folder + "`", "a file `format`", "none")
            .asException();
      }
      writeFormat(file);
      return;
    }
    String text = Files.readString(file).strip();
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1) {
      throw new Fault.Corrupt("The file `" + file + "`", "a format number", "`" + text + "`")
          .asException();
    }
    if (Integer.parseInt(text) > FORMAT) {
      throw new Fault.Conflict(
              "The folder `%s` has format %s, and this Dassie reads up to %d."
                  .formatted(folder, text, FORMAT),
              Optional.of("Start it with the newer Dassie that wrote it."))
          .asException();
    }
  }

  private static void writeFormat(Path file) throws IOException {
    Path temporary = file.resolveSibling("format.new");
    Files.writeString(temporary, FORMAT + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void writePid() throws IOException {
    pidFile.truncate(0);
    pidFile.write(
        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
        0);
  }

  private void clearSpill() throws IOException {
    Files.createDirectories(spill());
    // A repair that was killed leaves folders.
    try (Stream<Path> left = Files.walk(spill())) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(spill())) {
          Files.delete(path);
        }
      }
    }
  }
}
