package dev.dassie.cli.file;

import dev.dassie.api.Reply;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of a reply. Where it breaks off the server is asked for the rest, to learn what it
/// says then: a reply that has begun cannot turn into a refusal. For one thread.
final class Download extends FilterInputStream {
  /// Asks for what comes from a byte on.
  interface Rest {
    /// @throws dev.dassie.api.ProblemException when the server refuses
    Reply from(long at) throws IOException, InterruptedException;
  }

  private final Rest rest;
  private long count;

  Download(InputStream body, Rest rest) {
    super(body);
    this.rest = rest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int read = super.read(into, offset, length);
      count += Math.max(0, read);
      return read;
    } catch (IOException e) {
      throw reason(e);
    }
  }

  private IOException reason(IOException broken) throws IOException {
    try {
      rest.from(count).close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return broken;
  }
}
