package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.io.InputStream;
import java.util.Optional;

/// Reads chunks by digest. Thread-safe.
public interface ChunkReader {
  /// The whole chunk, checked against its digest; the array is the caller's own copy or shared
  /// read-only: callers MUST NOT change it. A missing chunk or a wrong byte is `Fault.Corrupt` that
  /// names the pack.
  byte[] read(Digest id);

  /// Bytes of a file that lies elsewhere, as [OutsideReader#open]; refused where nothing reaches
  /// out.
  default InputStream outside(Outside file, String name, long offset, long length) {
    throw new Fault.Unsupported("a read of " + file.location() + " here", Optional.empty())
        .asException();
  }
}
