package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The bytes within a body in `aws-chunked` encoding. The signature of a chunk is checked when its
/// last byte was handed out, so nothing of the body may count before its end was read. Constant
/// memory. Not thread-safe.
public final class ChunkedStream extends InputStream {
  private static final int LINE_MAX = 1024;
  private static final int LINES_MAX = 20;

  /// Only the last chunk with bytes may be shorter, where chunks are signed.
  private static final int SIGNED_LEAST = 8192;

  private static final String SIGNATURE = ";chunk-signature=";

  private final InputStream in;
  private final long length;
  private final boolean trailer;
  private final Map<String, String> trailers = new LinkedHashMap<>();
  private final MessageDigest digest = ChecksumKind.digest("SHA-256");
  private Optional<Seal> seal;
  private String claimed = "";
  private long left;
  private long given;
  private boolean shortOne;
  private boolean begun;
  private boolean over;

  /// @param length of all bytes within, as announced
  /// @param seal where the chunks are signed
  /// @param trailer whether fields follow
  public ChunkedStream(InputStream in, long length, Optional<Seal> seal, boolean trailer) {
    this.in = in;
    this.length = length;
    this.seal = seal;
    this.trailer = trailer;
  }

  /// The fields that came behind the chunks, by name in lower case; once the end was read.
  public Map<String, String> trailers() {
    return trailers;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    if (left == 0 && !over) {
      next();
    }
    if (over) {
      return -1;
    }
    int count = in.read(bytes, offset, (int) Math.min(wanted, left));
    if (count < 0) {
      throw early();
    }
    if (seal.isPresent()) {
      digest.update(bytes, offset, count);
    }
    left -= count;
    given += count;
    if (left == 0) {
      endChunk();
    }
    return count;
  }

  /// Reads the head of the next chunk, or all that follows the last one.
  private void next() throws IOException {
    begun = true;
    String head = line(false);
    int end = head.indexOf(';');
    String digits = end < 0 ? head : head.substring(0, end);
    if (!digits.matches("[0-9a-fA-F]{1,15}")) {
      throw malformed("a chunk begins with `%s`, expected its size".formatted(shown(head)));
    }
    long size = Long.parseLong(digits, 16);
    if (seal.isPresent()) {
      if (end < 0 || !head.startsWith(SIGNATURE, end)) {
        throw malformed("a chunk has no signature");
      }
      claimed = head.substring(end + SIGNATURE.length());
    }
    if (size > length - given) {
      throw malformed(
          "the chunks have more than the %d bytes of x-amz-decoded-content-length"
              .formatted(length));
    }
    if (size == 0) {
      end();
      return;
    }
    if (shortOne) {
      throw new Refusal(
          Code.INVALID_CHUNK_SIZE,
          "Only the last chunk is allowed to have a size less than 8192 bytes");
    }
    shortOne = seal.isPresent() && size < SIGNED_LEAST;
    left = size;
  }

  private void endChunk() throws IOException {
    if (in.read() != '\r' || in.read() != '\n') {
      throw malformed("a chunk does not end where its size says");
    }
    checkChunk();
  }

  private void checkChunk() {
    seal = seal.map(last -> last.chunk(HexFormat.of().formatHex(digest.digest()), claimed));
  }

  private void end() throws IOException {
    checkChunk();
    if (given != length) {
      throw new Refusal(
          Code.INCOMPLETE_BODY,
          "The body has %d bytes, expected the %d of x-amz-decoded-content-length."
              .formatted(given, length));
    }
    readTrailers();
    if (in.read() >= 0) {
      throw malformed("something follows its end");
    }
    over = true;
  }

  /// Clients end a field with a line feed, with CR and LF or with all three; the signature of the
  /// fields comes last.
  private void readTrailers() throws IOException {
    StringBuilder signed = new StringBuilder();
    boolean awaited = trailer && seal.isPresent();
    for (int lines = 0; lines < LINES_MAX; lines++) {
      String field = line(true);
      if (field.isEmpty()) {
        if (!awaited) {
          return;
        }
        continue;
      }
      int colon = field.indexOf(':');
      if (!trailer || colon < 1) {
        throw trailerRefused(field);
      }
      String name = field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = field.substring(colon + 1).strip();
      if (name.equals("x-amz-trailer-signature") && awaited) {
        byte[] fields = signed.toString().getBytes(StandardCharsets.UTF_8);
        seal.orElseThrow().trailer(Hmac.sha256(fields), value);
        awaited = false;
      } else if (trailers.put(name, value) == null) {
        signed.append(name).append(':').append(value).append('\n');
      } else {
        throw trailerRefused(field);
      }
    }
    throw trailerRefused("too many lines");
  }

  private static Refusal trailerRefused(String field) {
    return new Refusal(
        Code.MALFORMED_TRAILER,
        "Behind the body stands `%s`, expected the trailers that were announced."
            .formatted(shown(field)));
  }

  /// A line without its end.
  private String line(boolean bareFeed) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw early();
      }
      if (line.length() >= LINE_MAX) {
        throw malformed("a line between chunks is longer than 1,024 bytes");
      }
      line.append((char) c);
    }
    boolean ended = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
    if (!ended && !bareFeed) {
      throw malformed("a line between chunks does not end with CR and LF");
    }
    return line.substring(0, line.length() - (ended ? 1 : 0));
  }

  private Refusal early() {
    return new Refusal(
        Code.INCOMPLETE_BODY,
        "The body ends after %d of %d bytes%s."
            .formatted(given, length, begun ? ", before its last chunk" : ""));
  }

  private static Refusal malformed(String why) {
    return new Refusal(
        Code.INVALID_REQUEST, "The body is not in aws-chunked encoding: %s.".formatted(why));
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[^ -~]", "?");
    return printable.length() > 60 ? printable.substring(0, 60) + "…" : printable;
  }
}
