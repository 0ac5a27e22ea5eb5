package dev.dassie.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One sending of a body. It keeps what went wrong on this side, which the HTTP client would report
/// as a connection that broke.
final class Sending {
  private final Optional<Upload> upload;
  private final AtomicReference<Optional<Exception>> failure =
      new AtomicReference<>(Optional.empty());

  Sending(Optional<Upload> upload) {
    this.upload = upload;
  }

  /// The body for the HTTP client; opened anew should the client ask again.
  HttpRequest.BodyPublisher publisher() {
    if (upload.isEmpty()) {
      return HttpRequest.BodyPublishers.noBody();
    }
    HttpRequest.BodyPublisher stream = HttpRequest.BodyPublishers.ofInputStream(this::open);
    if (upload.get().length().isEmpty()) {
      return stream;
    }
    long length = upload.get().length().getAsLong();
    return length == 0
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.fromPublisher(stream, length);
  }

  /// Throws what failed on this side, if anything did.
  void check() throws IOException {
    Optional<Exception> failed = failure.get();
    if (failed.isPresent() && failed.get() instanceof IOException io) {
      throw new LocalException(io);
    }
    if (failed.isPresent() && failed.get() instanceof RuntimeException refusal) {
      throw refusal;
    }
  }

  /// Something on this side of the connection could not be read.
  static final class LocalException extends IOException {
    private final IOException reason;

    LocalException(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  private InputStream open() {
    try {
      InputStream bytes = upload.map(Upload::opener).orElse(InputStream::nullInputStream).open();
      return new Watched(bytes);
    } catch (IOException e) {
      failure.set(Optional.of(e));
      throw new UncheckedIOException(e);
    }
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream bytes) {
      super(bytes);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (IOException | RuntimeException e) {
        failure.set(Optional.of(e));
        throw e;
      }
    }
  }
}
