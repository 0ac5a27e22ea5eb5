package dev.dassie.store.disk;

import dev.dassie.content.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// An object on its way, in a file of the store's `tmp`. Not thread-safe.
final class FileUpload implements ObjectStore.Upload {
  private final DiskObjectStore store;
  private final Path file;
  private final FileChannel channel;
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
    try {
      while (bytes.hasRemaining()) {
        position += channel.write(bytes);
      }
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
