package dev.dassie.server.console.preview;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Shows Parquet files as tables. Each is read in a process of its own with bounds on time, memory
/// and bytes, since a hostile file can make a reader ask for any amount of either. Two at a time;
/// thread-safe.
public final class Parquets {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long MOST_READ = 96L << 20;
  private static final List<String> MEMORY =
      List.of(
          "-Xmx256m",
          "-XX:MaxDirectMemorySize=64m",
          "-Xss1m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError");

  private final Semaphore turns = new Semaphore(2, true);
  private final Duration longest;

  public Parquets() {
    this(LONGEST);
  }

  Parquets(Duration longest) {
    this.longest = longest;
  }

  /// The file as a table, or why it is none.
  public Preview of(long size, Previews.Bytes bytes) throws IOException {
    try {
      if (!turns.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Preview.Unshown("Other Parquet files are being read; look again.");
      }
      try {
        return run(size, bytes);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Preview.Unshown("The server ends.");
    }
  }

  private Preview run(long size, Previews.Bytes bytes) throws IOException, InterruptedException {
    Process process = start();
    long deadline = System.nanoTime() + longest.toNanos();
    Thread _ = Thread.ofVirtual().name("parquet-limit").start(() -> limit(process));
    try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(process.getInputStream()));
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(process.getOutputStream()))) {
      out.writeLong(size);
      out.flush();
      return answer(in, out, size, bytes);
    } catch (IOException e) {
      if (System.nanoTime() - deadline >= 0) {
        return new Preview.Unshown(
            "To read it takes longer than %d seconds.".formatted(longest.toSeconds()));
      }
      boolean ended = process.waitFor(1, TimeUnit.SECONDS);
      if (ended && process.exitValue() != 0) {
        return new Preview.Unshown("To read it needs more than 256 MB of memory.");
      }
      throw e;
    } finally {
      Process _ = process.destroyForcibly();
    }
  }

  private void limit(Process process) {
    try {
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        Process _ = process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Preview answer(
      DataInputStream in, DataOutputStream out, long size, Previews.Bytes bytes)
      throws IOException {
    long read = 0;
    while (true) {
      switch (in.readUnsignedByte()) {
        case ParquetMain.READ -> {
          long offset = in.readLong();
          int length = in.readInt();
          read += length;
          if (offset < 0 || length <= 0 || offset + length > size || read > MOST_READ) {
            return new Preview.Unshown(
                "To show it more than %d MiB of it would be read.".formatted(MOST_READ >> 20));
          }
          out.write(bytes.read(offset, length));
          out.flush();
        }
        case ParquetMain.TABLE -> {
          return table(ParquetTable.read(in));
        }
        case ParquetMain.WRONG -> {
          return new Preview.Unshown("It cannot be read as Parquet: " + in.readUTF());
        }
        default -> throw new IOException("The reader of Parquet says what is not understood.");
      }
    }
  }

  private static Preview table(ParquetTable read) {
    boolean whole = read.total() == read.rows().size() && read.omitted() == 0;
    return new Preview.Table(
        read.columns(), read.rows(), read.read(), whole, Optional.of(read.total()), read.omitted());
  }

  private static Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(MEMORY);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ParquetMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
