package dev.dassie.executor.datum;

import dev.dassie.job.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pipe protocol of dassie-runner (`wire.c`): u32 length, u8 kind, payload; big-endian.
public final class Frames {
  public static final char SETUP = 'S';
  public static final char CONTAIN = 'C';
  public static final char RUN = 'X';
  private static final char SHELL = 'P';
  private static final char INPUT = 'I';
  private static final char END = 'Z';
  public static final char READY = 'R';
  public static final char TERMINATE = 'T';
  public static final char ERROR = 'E';
  public static final char DONE = 'D';
  public static final char OUTPUT = 'O';
  public static final char SETTLE = 'Y';
  public static final char SETTLED = 'y';
  public static final char ENDED = 'F';
  private static final char LOOK = 'L';
  public static final char SEEN = 'l';

  private static final int MAX_REPLY = 1 << 20;

  private Frames() {}

  /// A frame from the runner.
  public record Frame(char kind, byte[] payload) {}

  public static byte[] run(Command command) {
    return frame(
        RUN,
        out -> {
          out.writeLong(
              command.timeout().map(time -> Math.max(1, time.toNanos() / 1000)).orElse(0L));
          out.writeLong(command.logBytes());
          out.writeLong(command.bounds().disk().most());
          out.writeLong(command.bounds().memory().most());
          out.writeInt((int) command.bounds().processes().most());
          out.writeInt(command.bounds().cpus());
          out.writeByte(command.live().isPresent() ? 1 : 0);
          string(out, command.folder());
          strings(out, command.arguments());
          out.writeInt(command.variables().size());
          for (Map.Entry<String, String> variable : command.variables().entrySet()) {
            string(out, variable.getKey() + "=" + variable.getValue());
          }
          out.writeInt(command.stdin().length);
          out.write(command.stdin());
        });
  }

  public static byte[] terminate() {
    return frame(TERMINATE, out -> {});
  }

  public static byte[] settle() {
    return frame(SETTLE, out -> {});
  }

  public static byte[] look() {
    return frame(LOOK, out -> {});
  }

  /// Without a size the shell gets no terminal.
  public static byte[] shell(Command command, Optional<Terminal.Size> size) {
    return frame(
        SHELL,
        out -> {
          out.writeInt(size.map(Terminal.Size::rows).orElse(0));
          out.writeInt(size.map(Terminal.Size::columns).orElse(0));
          string(out, command.folder());
          strings(out, command.arguments());
          out.writeInt(command.variables().size());
          for (Map.Entry<String, String> variable : command.variables().entrySet()) {
            string(out, variable.getKey() + "=" + variable.getValue());
          }
        });
  }

  public static byte[] input(byte[] bytes) {
    return frame(INPUT, out -> out.write(bytes));
  }

  public static byte[] endOfInput() {
    return frame(END, out -> {});
  }

  public static Frame read(InputStream in) throws IOException {
    byte[] header = in.readNBytes(5);
    if (header.length < 5) {
      throw new EOFException();
    }
    int length = 0;
    for (int i = 0; i < 4; i++) {
      length = length << 8 | (header[i] & 0xff);
    }
    if (length < 0 || length > MAX_REPLY) {
      throw new IOException("a reply of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException();
    }
    return new Frame((char) header[4], payload);
  }

  public static DataInputStream open(Frame frame) {
    return new DataInputStream(new java.io.ByteArrayInputStream(frame.payload()));
  }

  /// A frame to the runner.
  public static byte[] frame(char kind, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(0);
      out.writeByte(kind);
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] frame = bytes.toByteArray();
    int length = frame.length - 5;
    for (int i = 0; i < 4; i++) {
      frame[i] = (byte) (length >>> (24 - 8 * i));
    }
    return frame;
  }

  private static void strings(DataOutputStream out, List<String> strings) throws IOException {
    out.writeInt(strings.size());
    for (String string : strings) {
      string(out, string);
    }
  }

  /// As `read_string` of the runner expects it.
  public static void string(DataOutputStream out, String string) throws IOException {
    byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeByte(0);
  }

  public static void send(OutputStream to, byte[] frame) throws IOException {
    to.write(frame);
    to.flush();
  }

  /// What stands in a frame.
  public interface Content {
    void write(DataOutputStream out) throws IOException;
  }
}
