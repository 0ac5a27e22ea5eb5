package dev.dassie.store.s3;

import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// Reads ranges of objects by whole blocks, from the cache or else from the store. Neighbouring
/// blocks that are missing come in one request, and a reader that goes through an object in order
/// gets more with each. Thread-safe.
final class BlockReads {
  private static final int BLOCK = ReadCache.BLOCK;

  /// Blocks of one request at least where an object is read in order: 4 MiB.
  private static final int AHEAD = 16;

  /// Blocks of one request at most.
  private static final int MOST = 32;

  private final Wire wire;
  private final ReadCache cache;

  /// So that many who miss one block ask for it once.
  private final Lock[] locks = new Lock[64];

  BlockReads(Wire wire, ReadCache cache) {
    this.wire = wire;
    this.cache = cache;
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  ByteBuffer read(String key, long offset, int length) {
    ByteBuffer result = ByteBuffer.allocate(length);
    long end = offset + length;
    while (result.hasRemaining()) {
      long at = offset + result.position();
      int block = (int) (at / BLOCK);
      Optional<ByteBuffer> cached = cache.get(key, block);
      ByteBuffer run = cached.isPresent() ? cached.get() : fetch(key, block, end);
      int skip = (int) (at - (long) block * BLOCK);
      if (run.limit() <= skip) {
        throw new Fault.Corrupt(
                "The object `" + key + "`",
                length + " bytes from byte " + offset,
                result.position() + " bytes")
            .asException();
      }
      run.position(skip).limit(Math.min(run.limit(), skip + result.remaining()));
      result.put(run);
    }
    return result.flip();
  }

  /// The missing blocks from `first` on that lie before `end`; empty beyond the end of the object.
  private ByteBuffer fetch(String key, int first, long end) {
    Lock lock = locks[Math.floorMod(key.hashCode() * 31 + first, locks.length)];
    lock.lock();
    try {
      Optional<ByteBuffer> meanwhile = cache.get(key, first);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      int wanted = (int) ((end - 1) / BLOCK) - first + 1;
      boolean inOrder = first > 0 && cache.has(key, first - 1);
      int most = Math.min(MOST, inOrder ? Math.max(wanted, AHEAD) : wanted);
      int count = 1;
      while (count < most && !cache.has(key, first + count)) {
        count++;
      }
      ByteBuffer run = wire.range(key, (long) first * BLOCK, count * BLOCK);
      keep(key, first, run);
      return run.rewind();
    } finally {
      lock.unlock();
    }
  }

  private void keep(String key, int first, ByteBuffer run) {
    for (int at = 0; at < run.limit(); at += BLOCK) {
      cache.put(key, first + at / BLOCK, run.slice(at, Math.min(BLOCK, run.limit() - at)));
    }
  }
}
