package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.content.Lent;
import dev.dassie.content.Outside;
import dev.dassie.fileset.Filesets;
import java.io.InputStream;

/// Chunks with a reader of filesets that all who read them share, so that nodes which one has
/// decoded are there for the next. Thread-safe.
record SharedReader(ChunkReader chunks, Filesets filesets) implements ChunkReader {
  SharedReader(ChunkReader chunks, long kept) {
    this(chunks, new Filesets(chunks, kept));
  }

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
    return chunks.outside(file, name, offset, length);
  }
}
