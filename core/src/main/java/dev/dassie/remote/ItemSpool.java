package dev.dassie.remote;

import dev.dassie.content.ObjectStore;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.remote.ArchiveFormat.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The items of an archive in a temporary file, for more than the heap should hold. Not
/// thread-safe; closing deletes the file.
final class ItemSpool implements AutoCloseable {
  private final Path file;
  private final DataOutputStream out;
  private long count;

  ItemSpool(Path folder) throws IOException {
    this.file = Files.createTempFile(folder, "items", ".tmp");
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  void add(Kind kind, byte[] item) {
    try {
      out.writeByte(kind.code());
      out.writeInt(item.length);
      out.write(item);
      count++;
    } catch (IOException e) {
      throw ObjectStore.translate(file.toString(), e);
    }
  }

  /// All items in order; any number of times.
  void each(Consumer<Frame> consumer) {
    try {
      out.flush();
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        for (long i = 0; i < count; i++) {
          Kind kind = Kind.of(in.readUnsignedByte()).orElseThrow();
          byte[] item = new byte[in.readInt()];
          in.readFully(item);
          consumer.accept(new Frame(kind, item));
        }
      }
    } catch (IOException e) {
      throw ObjectStore.translate(file.toString(), e);
    }
  }

  /// The item of a kind of which there is one at most.
  Optional<byte[]> only(Kind kind) {
    AtomicReference<Optional<byte[]>> found = new AtomicReference<>(Optional.empty());
    each(item -> {
      if (item.kind() == kind) {
        found.set(Optional.of(item.bytes()));
      }
    });
    return found.get();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      Files.deleteIfExists(file);
    }
  }
}
