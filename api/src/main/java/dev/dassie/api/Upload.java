package dev.dassie.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The body of a request, as something to open: sent in pieces, never held whole.
///
/// @param contentType of the body
/// @param length in bytes where it is known beforehand
/// @param repeatable whether [Opener#open] may be called again and gives the same bytes, so that a
///   lost reply may be asked for again
/// @param description what a person calls it, for messages
public record Upload(
    String contentType,
    OptionalLong length,
    boolean repeatable,
    Optional<String> description,
    Opener opener) {

  /// Opens the bytes from their beginning.
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /// A small text.
  public static Upload text(String contentType, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Upload(
        contentType,
        OptionalLong.of(bytes.length),
        true,
        Optional.empty(),
        () -> new ByteArrayInputStream(bytes));
  }

  /// A file; its length is the one it has now.
  ///
  /// @throws IOException when the file cannot be looked at
  public static Upload file(String contentType, Path file) throws IOException {
    return new Upload(
        contentType,
        Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty(),
        Files.isRegularFile(file),
        Optional.of(file.toString()),
        () -> Files.newInputStream(file));
  }

  /// Bytes that come once: standard input, a download.
  public static Upload once(String contentType, String description, InputStream bytes) {
    return new Upload(
        contentType, OptionalLong.empty(), false, Optional.of(description), () -> bytes);
  }
}
