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

  /// The same in memory that may lie outside of the heap and is used again when it is given back:
  /// for who passes the bytes on.
  default Lent lend(Digest id) {
    return Lent.of(read(id));
  }

  /// Bytes of a file that lies elsewhere, as [OutsideReader#open]; refused where nothing reaches
  /// out.
  default InputStream outside(Outside file, String name, long offset, long length) {
    throw new Fault.Unsupported("a read of " + file.location() + " here", Optional.empty())
        .asException();
  }
}
