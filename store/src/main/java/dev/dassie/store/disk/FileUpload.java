package dev.dassie.store.disk;

import dev.dassie.content.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An object on its way, in a file of the store's `tmp`. What comes after [#DIRECT] bytes is
/// written in the background. Not thread-safe.
final class FileUpload implements ObjectStore.Upload {
  /// Small objects are not worth a thread.
  private static final long DIRECT = 2 << 20;

  private final DiskObjectStore store;
  private final Path file;
  private final FileChannel channel;
  private Optional<WriteBehind> behind = Optional.empty();
  private long position;
  private boolean open = true;

  FileUpload(DiskObjectStore store, Path file, FileChannel channel) {
    this.store = store;
    this.file = file;
    this.channel = channel;
  }

  @Override
  public void write(ByteBuffer bytes) {
    checkOpen();
    int count = bytes.remaining();
    try {
      if (behind.isEmpty() && position > DIRECT) {
        behind = Optional.of(new WriteBehind(file, channel, position, store.blocks()));
      }
      if (behind.isPresent()) {
        behind.get().write(bytes);
      } else {
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
      }
      position += count;
    } catch (IOException e) {
      close();
      throw store.failed(e);
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void publish(String key) {
    checkOpen();
    try {
      if (behind.isPresent()) {
        behind.get().finish();
      }
      store.place(file, channel, key);
    } catch (IOException e) {
      throw store.failed(e);
    } finally {
      close();
    }
  }

  /// Discards what is not published. An error here leaves a file that the next start sweeps.
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    behind.ifPresent(WriteBehind::stop);
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(FileUpload.class.getName())
          .log(System.Logger.Level.WARNING, "The upload `" + file + "` could not be removed.", e);
    }
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the upload is closed");
    }
  }
}
