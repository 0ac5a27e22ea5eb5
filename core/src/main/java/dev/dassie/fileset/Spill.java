package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.content.ObjectStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// A sorted run of steps in a temporary file. Not thread-safe.
final class Spill implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Path file;
  private final long count;
  private DataInputStream in = new DataInputStream(DataInputStream.nullInputStream());

  private Spill(Path file, long count) {
    this.file = file;
    this.count = count;
  }

  /// Writes a run.
  static Spill write(Path folder, List<Step> sorted) {
    try {
      Spill spill = new Spill(Files.createTempFile(folder, "edits-", ".run"), sorted.size());
      try {
        spill.fill(sorted);
        return spill;
      } catch (IOException e) {
        spill.close();
        throw e;
      }
    } catch (IOException e) {
      throw ObjectStore.translate(folder.toString(), e);
    }
  }

  private void fill(List<Step> sorted) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER))) {
      for (Step step : sorted) {
        Encoder encoder = new Encoder();
        step.write(encoder);
        out.writeInt(encoder.size());
        out.write(encoder.toBytes());
      }
    }
  }

  /// Reads the run; once.
  Iterator<Step> steps() {
    try {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Iterator<>() {
      private long left = count;

      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public Step next() {
        if (left == 0) {
          throw new NoSuchElementException();
        }
        left--;
        return readStep();
      }
    };
  }

  private Step readStep() {
    try {
      byte[] bytes = in.readNBytes(in.readInt());
      return Step.read(new Decoder("The file `" + file + "`", bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
