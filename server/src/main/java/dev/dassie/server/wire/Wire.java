package dev.dassie.server.wire;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/// The two streams of one request. Remembers when the client broke either, so that what then fails
/// is not taken for a bug. For the thread of the request.
public final class Wire {
  private static final int BUFFER = 64 << 10;

  private final Request request;
  private final Response response;
  private final InputStream in;
  private final long began = System.nanoTime();
  private long most;
  private boolean tooLarge;
  private long read;
  private long written;
  private boolean broken;

  /// @param most bytes that the body may have
  public Wire(Request request, Response response, long most) {
    this.most = most;
    this.request = request;
    this.response = response;
    this.in = new Body();
  }

  public Request request() {
    return request;
  }

  public HttpFields.Mutable headers() {
    return response.getHeaders();
  }

  public void status(int status) {
    response.setStatus(status);
  }

  public int status() {
    return response.getStatus();
  }

  public boolean isCommitted() {
    return response.isCommitted();
  }

  /// Forgets what was prepared of a reply that is not on its way.
  public void reset() {
    response.reset();
  }

  /// Whether the client went away or sent less than it announced.
  public boolean isBroken() {
    return broken;
  }

  /// Whether the body is refused for its size.
  public boolean isTooLarge() {
    return tooLarge;
  }

  /// Refuses a body that announces more than it may have, before any of it is read.
  public void checkLength() {
    if (request.getLength() > most) {
      throw tooLarge(request.getLength() + " bytes");
    }
  }

  private RuntimeException tooLarge(String size) {
    tooLarge = true;
    return new Fault.Invalid(
            "The size of the body",
            size,
            "at most %d bytes".formatted(most),
            Optional.of("`body_limit` in the server's configuration says how many."))
        .asException();
  }

  public long bytesRead() {
    return read;
  }

  public long bytesWritten() {
    return written;
  }

  /// Since the head of the request was read.
  public long nanos() {
    return System.nanoTime() - began;
  }

  /// The request's body; ends where the client ended it, throws where it broke off.
  public InputStream body() {
    return in;
  }

  /// Sends a reply whole, and with it what the server needed for it, in milliseconds, as the Server
  /// Timing specification of the W3C has it.
  public void send(byte[] bytes) {
    long micros = (System.nanoTime() - began) / 1000;
    String fraction = Long.toString(1000 + micros % 1000).substring(1);
    headers().put("Server-Timing", "total;dur=" + micros / 1000 + "." + fraction);
    write(true, ByteBuffer.wrap(bytes));
  }

  /// A buffered stream of the reply's body; closing it ends the reply, so it must not be closed
  /// where something failed.
  public OutputStream stream() {
    return new ReplyStream();
  }

  /// Sends a piece of the reply's body as it is, without a copy in between; `last` ends the reply.
  public void write(boolean last, ByteBuffer bytes) {
    written += bytes.remaining();
    try {
      Content.Sink.write(response, last, bytes);
    } catch (IOException e) {
      broken = true;
      throw new UncheckedIOException(e);
    }
  }

  /// Reads on to the body's end, within limits: a client that is still sending reads no refusal.
  public void drain(long bytes, long deadlineNanos) {
    byte[] sink = new byte[BUFFER];
    long left = bytes;
    most = Long.MAX_VALUE;
    try {
      while (left > 0 && System.nanoTime() < deadlineNanos) {
        int count = in.read(sink, 0, sink.length);
        if (count < 0) {
          return;
        }
        left -= count;
      }
    } catch (IOException e) {
      // The client is gone: nobody is left to answer.
      broken = true;
    }
  }

  private final class Body extends InputStream {
    private final InputStream source = Content.Source.asInputStream(request);

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int count = source.read(bytes, offset, length);
        read += Math.max(0, count);
        if (read > most) {
          throw tooLarge("more");
        }
        return count;
      } catch (EofException e) {
        // It may still be reading; where it is gone, nobody reads this.
        throw new DassieException(endedEarly(), e);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    private Fault endedEarly() {
      String expected = request.getLength() < 0 ? "its last chunk" : request.getLength() + " bytes";
      return new Fault.Invalid("The body", "cut off after %d bytes".formatted(read), expected);
    }
  }

  private final class ReplyStream extends OutputStream {
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean closed;

    @Override
    public void write(int b) {
      if (filled == BUFFER) {
        flush();
      }
      buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (length > BUFFER - filled) {
        flush();
      }
      if (length >= BUFFER) {
        Wire.this.write(false, ByteBuffer.wrap(bytes, offset, length));
      } else {
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
      }
    }

    @Override
    public void flush() {
      if (filled > 0) {
        Wire.this.write(false, ByteBuffer.wrap(buffer, 0, filled));
        filled = 0;
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        Wire.this.write(true, ByteBuffer.wrap(buffer, 0, filled));
      }
    }
  }
}
