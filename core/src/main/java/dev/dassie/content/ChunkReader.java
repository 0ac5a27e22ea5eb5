package dev.dassie.content;

/// Reads chunks by digest. Thread-safe.
public interface ChunkReader {
  /// The whole chunk, checked against its digest; the array is the caller's own copy or shared
  /// read-only: callers MUST NOT change it. A missing chunk or a wrong byte is `Fault.Corrupt` that
  /// names the pack.
  byte[] read(Digest id);
}
