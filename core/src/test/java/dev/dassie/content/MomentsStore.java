package dev.dassie.content;

import java.util.ArrayList;
import java.util.List;

/// Keeps what the store held after every change: where a crash could leave it.
final class MomentsStore extends ForwardingObjectStore {
  private final MemoryObjectStore objects;
  private final List<MemoryObjectStore> moments = new ArrayList<>();

  MomentsStore(MemoryObjectStore objects) {
    super(objects);
    this.objects = objects;
  }

  /// The store after each change, oldest first.
  List<MemoryObjectStore> moments() {
    return moments;
  }

  @Override
  protected void change(String key, Runnable change) {
    change.run();
    keep();
  }

  private synchronized void keep() {
    MemoryObjectStore copy = new MemoryObjectStore();
    copy.objects().putAll(objects.objects());
    moments.add(copy);
  }
}
