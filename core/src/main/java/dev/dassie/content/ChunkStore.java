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

  /// Chunks on their way to be durable. Safe for many threads. Reads see its own chunks. Memory is
  /// bounded: full packs are published on the way. Closing discards what is not published (packs
  /// published on the way stay, as garbage for the collector).
  interface Session extends ChunkReader, AutoCloseable {
    /// Stores at most [#MAX_CHUNK] bytes unless the chunk is there already, and returns their
    /// SHA-256.
    Digest put(Role role, byte[] bytes, int offset, int length);

    /// Returns when every chunk put so far is durable and readable by everybody. May be called
    /// again.
    void publish();

    /// Bytes that this session stored for DATA chunks that were not there before, uncompressed.
    long newBytes();

    @Override
    void close();
  }
}
