package dev.dassie.server;

import dev.dassie.content.ObjectStore;
import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.util.List;

/// The objects of a server whose database another server may take: before an object is deleted, the
/// database is asked whether it still is ours, as the other one may be about to use the object.
/// Thread-safe.
final class ClaimedObjects implements ObjectStore {
  private final ObjectStore objects;
  private final Metadata metadata;

  /// @param metadata refuses a write where another server has it
  ClaimedObjects(ObjectStore objects, Metadata metadata) {
    this.objects = objects;
    this.metadata = metadata;
  }

  @Override
  public Upload upload() {
    return objects.upload();
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    return objects.read(key, offset, length);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) {
    objects.read(key, offset, into);
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
  public Usage usage(String prefix) {
    return objects.usage(prefix);
  }

  @Override
  public void delete(String key) {
    boolean _ = metadata.write(writer -> true);
    objects.delete(key);
  }
}
