package dev.dassie.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The files that were read last, kept open: a large object is read in many pieces, and opening it
/// costs more than reading a small one. Bounded. Thread-safe.
final class OpenFiles {
  private static final int KEPT = 64;

  private final Map<Path, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

  /// Reads into a buffer, up to its limit or the end of the file; files never change.
  void read(Path file, long offset, ByteBuffer into) throws IOException {
    int begin = into.position();
    Optional<FileChannel> known = known(file);
    if (known.isPresent()) {
      try {
        fill(known.get(), offset, begin, into);
        return;
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        // It was passed out of the cache, or another thread that read it was interrupted.
        into.position(begin);
        forget(file, known.get());
      }
    }
    // One of its own until it was read: nobody else can close it.
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean kept = false;
    try {
      fill(channel, offset, begin, into);
      kept = true;
    } finally {
      if (!kept || !keep(file, channel)) {
        channel.close();
      }
    }
  }

  private static void fill(FileChannel channel, long offset, int begin, ByteBuffer into)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position() - begin) < 0) {
        return;
      }
    }
  }

  private Optional<FileChannel> known(Path file) {
    synchronized (open) {
      return Optional.ofNullable(open.get(file));
    }
  }

  private boolean keep(Path file, FileChannel channel) throws IOException {
    Optional<FileChannel> eldest = Optional.empty();
    synchronized (open) {
      if (open.putIfAbsent(file, channel) != null) {
        return false;
      }
      if (open.size() > KEPT) {
        Path first = open.keySet().iterator().next();
        eldest = Optional.ofNullable(open.remove(first));
      }
    }
    if (eldest.isPresent()) {
      eldest.get().close();
    }
    if (!Files.exists(file)) {
      close(file); // It was deleted while it was read.
    }
    return true;
  }

  private void forget(Path file, FileChannel channel) {
    synchronized (open) {
      open.remove(file, channel);
    }
  }

  /// Forgets a file: the next read opens what has its name then, and the room of one that was
  /// deleted is free at once.
  void close(Path file) throws IOException {
    Optional<FileChannel> channel;
    synchronized (open) {
      channel = Optional.ofNullable(open.remove(file));
    }
    if (channel.isPresent()) {
      channel.get().close();
    }
  }
}
