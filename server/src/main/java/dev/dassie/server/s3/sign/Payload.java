package dev.dassie.server.s3.sign;

/// How the body of a request is vouched for.
public sealed interface Payload {
  /// By the SHA-256 of its bytes, in hex digits.
  record Digested(String sha256) implements Payload {}

  /// Not at all.
  record Unsigned() implements Payload {}

  /// Chunk by chunk.
  ///
  /// @param seal of the request, which the first chunk continues
  /// @param trailer whether signed fields follow
  record Chunked(Seal seal, boolean trailer) implements Payload {}

  /// In chunks without signatures, with fields behind them.
  record UnsignedChunks() implements Payload {}
}
