package dev.dassie.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/// A reply whose body is still to be read. It holds its connection until it is closed.
///
/// @param status the HTTP status, below 400
public record Reply(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
  /// The commit that a read of a branch was answered from.
  public Optional<String> commit() {
    return headers.firstValue("Dassie-Commit");
  }

  /// What the server adds for a person, such as which older commit is shown and why.
  public Optional<String> note() {
    return headers.firstValue("Dassie-Note").map(Percent::decode);
  }

  /// Bytes of the body, where the server says so.
  public OptionalLong length() {
    return headers.firstValueAsLong("Content-Length");
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
