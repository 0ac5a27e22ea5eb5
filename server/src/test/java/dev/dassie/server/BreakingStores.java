package dev.dassie.server;

import dev.dassie.content.ObjectStore;
import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A place that breaks before the change after so many, as a process that is killed there.
final class BreakingStores {
  private BreakingStores() {}

  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// @param left changes until it breaks; several places may share it
  static Migration.Place around(Migration.Place place, AtomicInteger left) {
    return new Migration.Place(
        new Rows(place.metadata(), left),
        place.database(),
        new Objects(place.objects(), left),
        place.store());
  }

  private static void count(AtomicInteger left) {
    if (left.getAndDecrement() <= 0) {
      throw new Broken();
    }
  }

  private record Rows(Metadata metadata, AtomicInteger left) implements Metadata {
    @Override
    public <T> T write(Function<Writer, T> change) {
      count(left);
      return metadata.write(change);
    }

    @Override
    public <T> T read(Function<Reader, T> question) {
      return metadata.read(question);
    }

    @Override
    public long position() {
      return metadata.position();
    }

    @Override
    public long awaitAfter(long position, Duration timeout) throws InterruptedException {
      return metadata.awaitAfter(position, timeout);
    }

    @Override
    public List<Event> events(long position, int limit) {
      return metadata.events(position, limit);
    }

    @Override
    public void close() {
      metadata.close();
    }
  }

  private record Objects(ObjectStore objects, AtomicInteger left) implements ObjectStore {
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
          count(left);
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
      count(left);
      objects.delete(key);
    }
  }
}
