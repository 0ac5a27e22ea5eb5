package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Checksums;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.FeedingStream;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.sign.ChunkedStream;
import dev.dassie.server.s3.sign.Payload;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// The body of a request: its bytes without their encoding, and the check, at their end, that they
/// are those which the client meant. Nothing of a body may count before [#arrived]. For the thread
/// of the request.
final class Incoming {
  static final String MD5_OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";

  private static final int BUFFER = 64 << 10;

  private final InputStream stream;
  private final MessageDigest md5 = ChecksumKind.digest("MD5");
  private final Optional<MessageDigest> sha256;
  private final String digested;
  private final Optional<String> contentMd5;
  private final Checksums checksums;
  private final Checksums.Running running;
  private final Optional<ChunkedStream> chunks;
  private final long length;
  private long read;

  Incoming(Exchange exchange) {
    Payload payload = exchange.identity().payload();
    this.length = length(exchange, payload);
    this.contentMd5 = exchange.header("Content-MD5").map(Incoming::md5);
    this.checksums = checksums(exchange);
    this.running = checksums.start();
    this.digested = payload instanceof Payload.Digested(String digest) ? digest : "";
    this.sha256 =
        digested.isEmpty() ? Optional.empty() : Optional.of(ChecksumKind.digest("SHA-256"));
    InputStream raw = new PacedStream(exchange.raw());
    this.chunks =
        switch (payload) {
          case Payload.Chunked(var seal, boolean trailer) ->
              Optional.of(new ChunkedStream(buffered(raw), length, Optional.of(seal), trailer));
          case Payload.UnsignedChunks _ ->
              Optional.of(new ChunkedStream(buffered(raw), length, Optional.empty(), true));
          case Payload.Digested _, Payload.Unsigned _ -> Optional.empty();
        };
    this.stream =
        new FeedingStream(chunks.<InputStream>map(chunked -> chunked).orElse(raw), this::feed);
  }

  /// What arrived, whole and right.
  ///
  /// @param checksums those that the client gave
  record Arrived(long size, byte[] md5, Map<ChecksumKind, String> checksums) {
    String etag() {
      return HexFormat.of().formatHex(md5);
    }
  }

  private static InputStream buffered(InputStream raw) {
    return new BufferedInputStream(raw, BUFFER);
  }

  private static long length(Exchange exchange, Payload payload) {
    boolean chunked =
        payload instanceof Payload.Chunked || payload instanceof Payload.UnsignedChunks;
    if (!chunked) {
      return exchange.length();
    }
    String decoded =
        exchange
            .header("x-amz-decoded-content-length")
            .orElseThrow(() ->
                new Refusal(
                    Code.MISSING_CONTENT_LENGTH,
                    "You must provide the x-amz-decoded-content-length HTTP header."));
    if (!decoded.matches("[0-9]{1,18}")) {
      throw Refusal.argument("x-amz-decoded-content-length", decoded, "a number of bytes");
    }
    return Long.parseLong(decoded);
  }

  private static String md5(String text) {
    try {
      if (Base64.getDecoder().decode(text).length == 16) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Refused as one of another length is.
    }
    throw new Refusal(Code.INVALID_DIGEST, "The Content-MD5 you specified was invalid.")
        .with("Content-MD5", Refusal.shortened(text));
  }

  private static Checksums checksums(Exchange exchange) {
    Map<ChecksumKind, String> given = new EnumMap<>(ChecksumKind.class);
    for (ChecksumKind kind : ChecksumKind.values()) {
      exchange
          .header(kind.header())
          .ifPresent(value -> {
            if (!kind.accepts(value)) {
              throw new Refusal(
                  Code.INVALID_REQUEST, "Value for %s header is invalid.".formatted(kind.header()));
            }
            given.put(kind, value);
          });
    }
    if (given.size() > 1) {
      throw new Refusal(
          Code.INVALID_REQUEST,
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    Optional<ChecksumKind> trailer =
        exchange
            .header("x-amz-trailer")
            .map(name ->
                ChecksumKind.ofHeader(name.strip())
                    .orElseThrow(() ->
                        new Refusal(
                            Code.INVALID_REQUEST,
                            "The value specified in the x-amz-trailer header is not supported")));
    return new Checksums(given, trailer);
  }

  /// Refuses a body whose length nobody said.
  Incoming withLength() {
    if (length < 0) {
      throw new Refusal(
          Code.MISSING_CONTENT_LENGTH, "You must provide the Content-Length HTTP header.");
    }
    return this;
  }

  /// Bytes to come; below 0 where nobody said.
  long length() {
    return length;
  }

  /// To be read to its end.
  InputStream stream() {
    return stream;
  }

  private void feed(byte[] bytes, int offset, int count) {
    read += count;
    md5.update(bytes, offset, count);
    sha256.ifPresent(digest -> digest.update(bytes, offset, count));
    running.update(bytes, offset, count);
  }

  /// Checks all that was said of the bytes, once their end was read.
  Arrived arrived() {
    if (sha256.isPresent()) {
      String actual = HexFormat.of().formatHex(sha256.get().digest());
      if (!actual.equals(digested)) {
        throw new Refusal(
                Code.XAMZ_CONTENT_SHA256_MISMATCH,
                "The provided 'x-amz-content-sha256' header does not match what was computed.")
            .with("ClientComputedContentSHA256", digested)
            .with("S3ComputedContentSHA256", actual);
      }
    }
    byte[] computed = md5.digest();
    String text = Base64.getEncoder().encodeToString(computed);
    if (contentMd5.filter(said -> !said.equals(text)).isPresent()) {
      throw new Refusal(
              Code.BAD_DIGEST, "The Content-MD5 you specified did not match what we received.")
          .with("ExpectedDigest", contentMd5.get())
          .with("CalculatedDigest", text);
    }
    Map<ChecksumKind, String> values = running.finish();
    checksums.check(values, chunks.map(ChunkedStream::trailers).orElse(Map.of()));
    return new Arrived(read, computed, values);
  }

  /// The whole body, checked, where it is a document of at most so many bytes.
  byte[] document(int most) throws IOException {
    byte[] bytes = stream.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new Refusal(Code.MALFORMED_XML, "The document has more than %d bytes.".formatted(most));
    }
    Arrived _ = arrived();
    return bytes;
  }
}
