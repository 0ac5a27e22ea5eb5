package dev.dassie.executor.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// One call of a program that asks for its next datum. It sends a line, `next` where the datum that
/// it has is done well, or `error` and a sentence where it failed. The answer is the environment of
/// the next datum, `NAME=VALUE` with a NUL behind each, and then the end; nothing where there is no
/// further datum.
final class NextCall {
  private static final int MAX_LINE = 16 << 10;
  private static final String ERROR = "error";

  private final SocketChannel client;
  private final String line;

  private NextCall(SocketChannel client, String line) {
    this.client = client;
    this.line = line;
  }

  /// Reads what a client says; nothing where it went away.
  static Optional<NextCall> read(SocketChannel client) {
    ByteBuffer one = ByteBuffer.allocate(1024);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      int count = client.read(one);
      while (count >= 0 && said.size() < MAX_LINE) {
        said.write(one.array(), 0, count);
        if (said.toString(StandardCharsets.UTF_8).indexOf('\n') >= 0) {
          String line = said.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
          return Optional.of(new NextCall(client, line));
        }
        one.clear();
        count = client.read(one);
      }
      client.close();
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /// What it says of the datum that it had.
  Optional<String> error() {
    if (!line.startsWith(ERROR)) {
      return Optional.empty();
    }
    String sentence = line.substring(ERROR.length()).strip();
    return Optional.of(sentence.isEmpty() ? "The code gave up the datum." : sentence);
  }

  /// Hands a datum over; false where the client went away.
  boolean answer(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    variables.forEach((name, value) -> text.append(name).append('=').append(value).append('\0'));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    try (client) {
      while (bytes.hasRemaining()) {
        int _ = client.write(bytes);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Says that there is no further datum.
  void end() {
    try {
      client.close();
    } catch (IOException e) {
      return; // it went away by itself
    }
  }
}
