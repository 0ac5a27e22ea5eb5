package dev.dassie.metadata;

class MemoryMetadataTest extends MetadataContract {
  @Override
  protected Metadata open() {
    return new MemoryMetadata();
  }
}
