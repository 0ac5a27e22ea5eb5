package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Lent;
import dev.dassie.content.Outside;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Chunks in memory above a reader: a session that never publishes. The chunks are shared by the
/// overlays that are made from one another. Thread-safe.
final class Overlay implements ChunkStore.Session {
  private final Chunks chunks;
  private final ChunkReader below;

  /// Chunks by digest, and how many bytes they are.
  record Chunks(ConcurrentHashMap<Digest, byte[]> byDigest, AtomicLong bytes) {
    Chunks() {
      this(new ConcurrentHashMap<>(), new AtomicLong());
    }
  }

  Overlay(Chunks chunks, ChunkReader below) {
    this.chunks = chunks;
    this.below = below;
  }

  @Override
  public byte[] read(Digest id) {
    byte[] own = chunks.byDigest().get(id);
    return own != null ? own : below.read(id);
  }

  @Override
  public Lent lend(Digest id) {
    byte[] own = chunks.byDigest().get(id);
    return own != null ? Lent.of(own) : below.lend(id);
  }

  @Override
  public InputStream outside(Outside file, String name, long offset, long length) {
    return below.outside(file, name, offset, length);
  }

  @Override
  public Digest put(ChunkStore.Role role, byte[] bytes, int offset, int length) {
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
    Digest id = Digest.of(copy);
    if (chunks.byDigest().putIfAbsent(id, copy) == null) {
      chunks.bytes().addAndGet(length);
    }
    return id;
  }

  /// Asks the session beneath, if it is one.
  @Override
  public boolean reuse(Digest id) {
    return chunks.byDigest().containsKey(id)
        || !(below instanceof ChunkStore.Session session)
        || session.reuse(id);
  }

  /// Does nothing: what is here stays here.
  @Override
  public void publish() {}

  @Override
  public long newBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
