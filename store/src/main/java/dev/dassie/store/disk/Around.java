package dev.dassie.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// A way into a file around the page cache (`O_DIRECT`), where the file system has one. Memory,
/// place and length of what is written are multiples of [#PAGE]. Used by one thread at a time.
final class Around implements AutoCloseable {
  /// No block device of today asks for a larger unit.
  static final int PAGE = 4096;

  private static final Optional<OpenOption> OPTION = option();

  private Optional<FileChannel> channel;

  private Around(Optional<FileChannel> channel) {
    this.channel = channel;
  }

  /// `ExtendedOpenOption.DIRECT`. It is documented, but of a module that a compiler with warnings
  /// as errors does not let us name.
  private static Optional<OpenOption> option() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options)
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findFirst();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  /// The way into a file that exists.
  static Around open(Path file) {
    if (OPTION.isEmpty()) {
      return new Around(Optional.empty());
    }
    try {
      return new Around(
          Optional.of(FileChannel.open(file, StandardOpenOption.WRITE, OPTION.get())));
    } catch (IOException | UnsupportedOperationException e) {
      return new Around(Optional.empty());
    }
  }

  /// Memory outside the heap that begins at a page.
  static ByteBuffer aligned(int bytes) {
    return ByteBuffer.allocateDirect(bytes + PAGE).alignedSlice(PAGE).slice(0, bytes);
  }

  /// Writes the whole block at this place; `false`, with the block as it was, when that cannot be
  /// done around the page cache: the caller takes the common way then.
  ///
  /// A full disk is such a case too: the common way says so.
  boolean write(ByteBuffer block, long at) {
    if (channel.isEmpty()) {
      return false;
    }
    int begin = block.position();
    try {
      for (long to = at; block.hasRemaining(); ) {
        to += channel.get().write(block, to);
      }
      return true;
    } catch (IOException e) {
      block.position(begin);
      close();
      return false;
    }
  }

  @Override
  public void close() {
    Optional<FileChannel> open = channel;
    channel = Optional.empty();
    if (open.isPresent()) {
      try {
        open.get().close();
      } catch (IOException e) {
        System.getLogger(Around.class.getName())
            .log(System.Logger.Level.WARNING, "A file could not be closed.", e);
      }
    }
  }
}
