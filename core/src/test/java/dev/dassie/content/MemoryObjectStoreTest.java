package dev.dassie.content;

final class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore create() {
    return new MemoryObjectStore();
  }
}
