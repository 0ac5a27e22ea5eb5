package dev.dassie.metadata;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// Another database, with something done around some of its calls.
public class ForwardingMetadata implements Metadata {
  private final Metadata metadata;

  protected ForwardingMetadata(Metadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
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
