package dev.dassie.content;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/// Memory outside of the heap for chunks on their way from the disk to a socket. There is only so
/// much of it: who finds none takes the heap. Thread-safe.
final class Buffers {
  private final Semaphore left;
  private final int size;
  private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();

  /// @param count buffers at most
  /// @param size bytes of each
  Buffers(int count, int size) {
    this.left = new Semaphore(count);
    this.size = size;
  }

  /// An empty buffer with room for so many bytes, unless all are in use: the one that was given
  /// back last, which may still be in the processor's cache.
  Optional<ByteBuffer> take(int length) {
    if (length > size || !left.tryAcquire()) {
      return Optional.empty();
    }
    ByteBuffer kept = idle.pollFirst();
    ByteBuffer buffer = kept == null ? ByteBuffer.allocateDirect(size) : kept.clear();
    return Optional.of(buffer.limit(length));
  }

  /// Takes back what [#take] gave.
  void give(ByteBuffer buffer) {
    idle.addFirst(buffer);
    left.release();
  }

  /// Another one may take the place of one that does not come back.
  void lose() {
    left.release();
  }
}
