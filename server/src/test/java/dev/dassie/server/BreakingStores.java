package dev.dassie.server;

import dev.dassie.content.ForwardingObjectStore;
import dev.dassie.content.ObjectStore;
import dev.dassie.metadata.ForwardingMetadata;
import dev.dassie.metadata.Metadata;
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

  private static final class Rows extends ForwardingMetadata {
    private final AtomicInteger left;

    Rows(Metadata metadata, AtomicInteger left) {
      super(metadata);
      this.left = left;
    }

    @Override
    public <T> T write(Function<Writer, T> change) {
      count(left);
      return super.write(change);
    }
  }

  private static final class Objects extends ForwardingObjectStore {
    private final AtomicInteger left;

    Objects(ObjectStore objects, AtomicInteger left) {
      super(objects);
      this.left = left;
    }

    @Override
    protected void change(String key, Runnable change) {
      count(left);
      change.run();
    }
  }
}
