package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// A store in memory that refuses as a full disk does, once so many more bytes were written.
final class FailingObjectStore extends ForwardingObjectStore {
  private final MemoryObjectStore objects;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  FailingObjectStore() {
    this(new MemoryObjectStore());
  }

  private FailingObjectStore(MemoryObjectStore objects) {
    super(objects);
    this.objects = objects;
  }

  void failAfter(long bytes) {
    left.set(bytes);
  }

  MemoryObjectStore objects() {
    return objects;
  }

  @Override
  protected void write(ByteBuffer bytes) {
    if (left.addAndGet(-bytes.remaining()) < 0) {
      throw new Fault.Full("the test").asException();
    }
  }
}
