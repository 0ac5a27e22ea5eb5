package dev.dassie.content;

import java.nio.ByteBuffer;
import java.util.List;

/// Another store, with something done around its changes.
public class ForwardingObjectStore implements ObjectStore {
  private final ObjectStore objects;

  protected ForwardingObjectStore(ObjectStore objects) {
    this.objects = objects;
  }

  /// Called before bytes go to an upload.
  protected void write(ByteBuffer bytes) {}

  /// Called instead of each publish and delete; `change` does it.
  protected void change(String key, Runnable change) {
    change.run();
  }

  @Override
  public Upload upload() {
    return new ForwardingUpload(objects.upload());
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
    change(key, () -> objects.delete(key));
  }

  private final class ForwardingUpload implements Upload {
    private final Upload upload;

    ForwardingUpload(Upload upload) {
      this.upload = upload;
    }

    @Override
    public void write(ByteBuffer bytes) {
      ForwardingObjectStore.this.write(bytes);
      upload.write(bytes);
    }

    @Override
    public long position() {
      return upload.position();
    }

    @Override
    public void publish(String key) {
      change(key, () -> upload.publish(key));
    }

    @Override
    public void close() {
      upload.close();
    }
  }
}
