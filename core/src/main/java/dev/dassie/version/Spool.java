package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The operations of a writer in the order they came, to be read any number of times: in memory up
/// to a limit, beyond it in one temporary file. Not thread-safe.
final class Spool implements AutoCloseable {
  /// Bytes of the heap, about.
  private static final long MAX_IN_MEMORY = 32 << 20;

  private static final int HEAP_OF_ONE = 250;

  private final Path folder;
  private final List<Operation> recent = new ArrayList<>();
  private Optional<Path> file = Optional.empty();
  private long size;
  private long heap;
  private boolean appends;

  Spool(Path folder) {
    this.folder = folder;
  }

  long size() {
    return size;
  }

  /// Whether an operation is there that asks what was before.
  boolean hasAppends() {
    return appends;
  }

  private static long heap(Operation operation) {
    long bytes = HEAP_OF_ONE + 2L * operation.path().value().length();
    return switch (operation) {
      case Operation.Plain(Edit.Put put) ->
          bytes
              + (put.body() instanceof Body.Inline body ? body.size() : 0)
              + put.attributes().weight();
      case Operation.Plain(Edit.Describe describe) -> bytes + describe.attributes().weight();
      case Operation.Plain _ -> bytes;
      case Operation.Append append -> bytes + append.attributes().weight();
    };
  }

  void add(Operation operation) {
    recent.add(operation);
    size++;
    appends |= operation instanceof Operation.Append;
    heap += heap(operation);
    if (heap > MAX_IN_MEMORY) {
      spill();
      heap = 0;
    }
  }

  void forEach(Consumer<Operation> reader) {
    file.ifPresent(path -> read(path, reader));
    recent.forEach(reader);
  }

  private void spill() {
    try {
      Path path = file.isPresent() ? file.get() : Files.createTempFile(folder, "edits", ".tmp");
      file = Optional.of(path);
      try (DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(
                  Files.newOutputStream(path, java.nio.file.StandardOpenOption.APPEND)))) {
        for (Operation operation : recent) {
          Encoder encoder = new Encoder();
          Journal.write(encoder, operation);
          byte[] bytes = encoder.toBytes();
          out.writeInt(bytes.length);
          out.write(bytes);
        }
      }
      recent.clear();
    } catch (IOException e) {
      throw translate(e);
    }
  }

  private void read(Path path, Consumer<Operation> reader) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
      while (true) {
        int length;
        try {
          length = in.readInt();
        } catch (EOFException e) {
          return;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        reader.accept(Journal.read(new Decoder(path.toString(), bytes)));
      }
    } catch (IOException e) {
      throw translate(e);
    }
  }

  @Override
  public void close() {
    recent.clear();
    if (file.isPresent()) {
      try {
        Files.deleteIfExists(file.get());
      } catch (IOException e) {
        throw translate(e);
      }
      file = Optional.empty();
    }
  }

  private RuntimeException translate(IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    return new DassieException(
        reason.contains("No space left")
            ? new Fault.Full(folder.toString())
            : new Fault.Unavailable("The folder `%s`".formatted(folder), reason),
        cause);
  }
}
