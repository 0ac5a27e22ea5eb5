package dev.dassie.content;

/// All chunks of an instance, in packs in an [ObjectStore]. Thread-safe.
public interface ChunkStore extends ChunkReader {
  /// The largest chunk in bytes, a constant of the format.
  int MAX_CHUNK = 1 << 20;

  /// What a chunk holds; decides which kind of pack it goes to.
  enum Role {
    /// Bytes of users' files.
    DATA,
    /// Nodes of trees and maps, recipes and commit records.
    TREE
  }

  /// Whether the chunk is published.
  boolean contains(Digest id);

  /// Opens a session to write chunks.
  Session session();

  /// Begins work that refers to chunks over several sessions, or after its session was closed:
  /// until the hold is closed, nothing is collected that was stored, or found stored, meanwhile. A
  /// session is itself such a hold. MUST be closed only after the transaction that names the
  /// chunks.
  default Hold hold() {
    return () -> {};
  }

  /// Keeps a collection of garbage away from what is not recorded yet. Thread-safe; closing twice
  /// is no error.
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /// Chunks on their way to be durable. Safe for many threads. Reads see its own chunks. Memory is
  /// bounded: full packs are published on the way. Closing discards what is not published (packs
  /// published on the way stay, as garbage for the collector).
  interface Session extends ChunkReader, AutoCloseable {
    /// Stores at most [#MAX_CHUNK] bytes unless the chunk is there already, and returns their
    /// SHA-256.
    Digest put(Role role, byte[] bytes, int offset, int length);

    /// Says that what is being written will name a chunk that this session did not put. False where
    /// the chunk is not there, or is about to be collected: then it MUST NOT be named.
    default boolean reuse(Digest id) {
      return true;
    }

    /// Returns when every chunk put so far is durable and readable by everybody. May be called
    /// again.
    void publish();

    /// Bytes that this session stored for DATA chunks that were not there before, uncompressed.
    long newBytes();

    @Override
    void close();
  }
}
