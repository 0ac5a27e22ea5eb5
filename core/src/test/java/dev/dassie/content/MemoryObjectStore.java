package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects in memory, for tests.
public final class MemoryObjectStore implements ObjectStore {
  private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  /// The objects themselves, for tests that look at or damage them.
  public Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public Upload upload() {
    return new MemoryUpload();
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    byte[] bytes = find(key);
    if (offset < 0 || length < 0 || offset + length > bytes.length) {
      throw new Fault.Corrupt(
              "The object `" + key + "`",
              length + " bytes from byte " + offset,
              bytes.length + " bytes in all")
          .asException();
    }
    return ByteBuffer.wrap(Arrays.copyOfRange(bytes, (int) offset, (int) offset + length));
  }

  @Override
  public long size(String key) {
    return find(key).length;
  }

  @Override
  public List<String> list(String prefix, String after, int limit) {
    return objects.tailMap(prefix, true).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .filter(key -> key.compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public void delete(String key) {
    ObjectStore.checkKey(key);
    objects.remove(key);
  }

  private byte[] find(String key) {
    ObjectStore.checkKey(key);
    byte[] bytes = objects.get(key);
    if (bytes == null) {
      throw new Fault.NotFound("object", key, Optional.empty()).asException();
    }
    return bytes;
  }

  private final class MemoryUpload implements Upload {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    @Override
    public void write(ByteBuffer more) {
      checkOpen();
      byte[] copy = new byte[more.remaining()];
      more.get(copy);
      bytes.writeBytes(copy);
    }

    @Override
    public long position() {
      return bytes.size();
    }

    @Override
    public void publish(String key) {
      checkOpen();
      ObjectStore.checkKey(key);
      closed = true;
      if (objects.putIfAbsent(key, bytes.toByteArray()) != null) {
        throw new Fault.AlreadyExists("object", key).asException();
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("the upload is closed");
      }
    }
  }
}
