package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Chunks in memory, with counts of what was asked of them.
public final class CountingChunks implements ChunkStore {
  private final Map<Digest, byte[]> chunks = new ConcurrentHashMap<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong treeWrites = new AtomicLong();
  private final AtomicLong treeBytes = new AtomicLong();

  /// Chunks read since the last reset.
  public long reads() {
    return reads.get();
  }

  /// New tree chunks since the last reset.
  public long treeWrites() {
    return treeWrites.get();
  }

  long treeBytes() {
    return treeBytes.get();
  }

  public void reset() {
    reads.set(0);
    treeWrites.set(0);
    treeBytes.set(0);
  }

  @Override
  public byte[] read(Digest id) {
    reads.incrementAndGet();
    byte[] bytes = chunks.get(id);
    if (bytes == null) {
      throw new Fault.NotFound("chunk", id.toString(), Optional.empty()).asException();
    }
    return bytes;
  }

  @Override
  public boolean contains(Digest id) {
    return chunks.containsKey(id);
  }

  @Override
  public Session session() {
    return new MemorySession();
  }

  private final class MemorySession implements Session {
    private final AtomicLong newBytes = new AtomicLong();

    @Override
    public byte[] read(Digest id) {
      return CountingChunks.this.read(id);
    }

    @Override
    public Digest put(Role role, byte[] bytes, int offset, int length) {
      if (length > MAX_CHUNK) {
        throw new IllegalArgumentException("a chunk of " + length + " bytes");
      }
      Digest id = Digest.of(bytes, offset, length);
      if (chunks.putIfAbsent(id, Arrays.copyOfRange(bytes, offset, offset + length)) == null) {
        if (role == Role.TREE) {
          treeWrites.incrementAndGet();
          treeBytes.addAndGet(length);
        } else {
          newBytes.addAndGet(length);
        }
      }
      return id;
    }

    @Override
    public void publish() {}

    @Override
    public long newBytes() {
      return newBytes.get();
    }

    @Override
    public void close() {}
  }
}
