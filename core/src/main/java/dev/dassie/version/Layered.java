package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Outside;
import java.io.InputStream;

/// Puts into one session and reads from another place, which reads that session too. As safe for
/// threads as both are. Closing it closes neither.
record Layered(ChunkStore.Session session, ChunkReader reader) implements ChunkStore.Session {
  @Override
  public byte[] read(Digest id) {
    return reader.read(id);
  }

  @Override
  public InputStream outside(Outside file, String name, long offset, long length) {
    return reader.outside(file, name, offset, length);
  }

  @Override
  public Digest put(ChunkStore.Role role, byte[] bytes, int offset, int length) {
    return session.put(role, bytes, offset, length);
  }

  @Override
  public boolean reuse(Digest id) {
    return session.reuse(id);
  }

  @Override
  public void publish() {
    session.publish();
  }

  @Override
  public long newBytes() {
    return session.newBytes();
  }

  @Override
  public void close() {}
}
