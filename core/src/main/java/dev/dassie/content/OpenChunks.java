package dev.dassie.content;

import java.io.InputStream;

/// A chunk store whose readers reach files that lie elsewhere too. Thread-safe as the store is.
public record OpenChunks(ChunkStore chunks, OutsideReader outsides) implements ChunkStore {
  @Override
  public byte[] read(Digest id) {
    return chunks.read(id);
  }

  @Override
  public Lent lend(Digest id) {
    return chunks.lend(id);
  }

  @Override
  public InputStream outside(Outside file, String name, long offset, long length) {
    return outsides.open(file, name, offset, length);
  }

  @Override
  public boolean contains(Digest id) {
    return chunks.contains(id);
  }

  @Override
  public Session session() {
    return new OpenSession(chunks.session(), outsides);
  }

  @Override
  public Hold hold() {
    return chunks.hold();
  }

  private record OpenSession(Session session, OutsideReader outsides) implements Session {
    @Override
    public byte[] read(Digest id) {
      return session.read(id);
    }

    @Override
    public InputStream outside(Outside file, String name, long offset, long length) {
      return outsides.open(file, name, offset, length);
    }

    @Override
    public Digest put(Role role, byte[] bytes, int offset, int length) {
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
    public void close() {
      session.close();
    }
  }
}
