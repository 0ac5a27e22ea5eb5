package dev.dassie.content;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Keeps what the store held after every change: where a crash could leave it.
final class MomentsStore implements ObjectStore {
  private final MemoryObjectStore objects;
  private final List<MemoryObjectStore> moments = new ArrayList<>();

  MomentsStore(MemoryObjectStore objects) {
    this.objects = objects;
  }

  /// The store after each change, oldest first.
  List<MemoryObjectStore> moments() {
    return moments;
  }

  private synchronized void changed() {
    MemoryObjectStore copy = new MemoryObjectStore();
    copy.objects().putAll(objects.objects());
    moments.add(copy);
  }

  @Override
  public Upload upload() {
    Upload upload = objects.upload();
    return new Upload() {
      @Override
      public void write(ByteBuffer bytes) {
        upload.write(bytes);
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void publish(String key) {
        upload.publish(key);
        changed();
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
    changed();
  }
}
