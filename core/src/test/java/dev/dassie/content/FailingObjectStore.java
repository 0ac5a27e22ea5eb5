package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A store in memory that refuses as a full disk does, once so many more bytes were written.
final class FailingObjectStore implements ObjectStore {
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  void failAfter(long bytes) {
    left.set(bytes);
  }

  MemoryObjectStore objects() {
    return objects;
  }

  @Override
  public Upload upload() {
    Upload upload = objects.upload();
    return new Upload() {
      @Override
      public void write(ByteBuffer bytes) {
        if (left.addAndGet(-bytes.remaining()) < 0) {
          throw new Fault.Full("the test").asException();
        }
        upload.write(bytes);
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void publish(String key) {
        upload.publish(key);
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    return objects.read(key, offset, length);
  }

  @Override
  public long size(String key) {
    return objects.size(key);
  }

  @Override
  public List<String> list(String prefix, String after, int limit) {
    return objects.list(prefix, after, limit);
  }

  @Override
  public void delete(String key) {
    objects.delete(key);
  }
}
