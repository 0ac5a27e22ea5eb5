package dev.dassie.store.s3;

import dev.dassie.content.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// An object on its way, in a local file. Not thread-safe.
final class S3Upload implements ObjectStore.Upload {
  private final S3ObjectStore store;
  private final Path file;
  private final FileChannel channel;
  private long position;
  private boolean open = true;

  S3Upload(S3ObjectStore store, Path file) throws IOException {
    this.store = store;
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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
      channel.close();
      store.send(file, position, key);
    } catch (IOException e) {
      throw store.failed(e);
    } finally {
      close();
    }
  }

  /// Discards the file. An error here leaves one that the next start sweeps.
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
      System.getLogger("dassie.store.s3")
          .log(System.Logger.Level.WARNING, "The upload `" + file + "` could not be removed.", e);
    }
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the upload is closed");
    }
  }
}
