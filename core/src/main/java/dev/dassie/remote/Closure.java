package dev.dassie.remote;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.content.DigestSet;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.fileset.Reach;
import dev.dassie.job.PortableJobs;
import dev.dassie.job.PortableResults;
import dev.dassie.job.ResultHoldings;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.version.Portable;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Every chunk that items of an archive are made of, each once, in an order that depends on the
/// items only. Memory grows with the depth of the trees. Not thread-safe.
final class Closure implements ResultHoldings.Visitor, Reach.Found, AutoCloseable {
  /// Told apart in the set: chunks that were given to the sink, nodes that were followed, and nodes
  /// of maps whose values were followed too. A chunk may be met as each.
  private static final long FOLLOWED = 1;

  private static final long VALUES = 2;

  /// Nodes that wait to be followed; trees that people make have some thousands at most.
  private static final int MAX_PENDING = 2_000_000;

  private final ChunkReader chunks;
  private final DigestSet seen;
  private final Sink sink;
  private final Deque<Digest> pending = new ArrayDeque<>();

  /// Receives each chunk once.
  interface Sink {
    /// A fileset, before its chunks.
    default void files(Fileset files) {}

    void node(Digest id, byte[] bytes);

    void data(Digest id);
  }

  Closure(ChunkReader chunks, Path folder, Sink sink) {
    this.chunks = chunks;
    this.seen = new DigestSet(folder);
    this.sink = sink;
  }

  /// Gives what an item names and no item before it.
  void of(Frame item) {
    switch (item.kind()) {
      case VERSION -> Portable.decode(item.bytes()).files().ifPresent(this::files);
      case JOB -> PortableJobs.reach(item.bytes(), this);
      case RESULT -> PortableResults.reach(item.bytes(), this);
      case RESULTS -> PortableResults.reachRoot(item.bytes(), this);
      case PIPELINE, DATA, TREE, END -> {}
    }
  }

  @Override
  public void files(Fileset files) {
    sink.files(files);
    Reach.ofFileset(files, this);
    drain();
  }

  @Override
  public void log(Body log) {
    Reach.ofBody(log, this);
    drain();
  }

  @Override
  public void context(Digest chunk) {
    byte[] _ = give(chunk);
  }

  @Override
  public void map(PersistentMap.Root root, Consumer<byte[]> values) {
    // A stack of its own: what a value names is followed in between.
    Deque<Digest> nodes = new ArrayDeque<>();
    Reach.Found found =
        new Reach.Found() {
          @Override
          public void node(Digest id) {
            push(nodes, id, VALUES);
          }

          @Override
          public void data(Digest id) {
            Closure.this.data(id);
          }
        };
    root.node().ifPresent(found::node);
    while (!nodes.isEmpty()) {
      Digest id = nodes.pop();
      Reach.ofChunk(id, give(id), found, values);
    }
  }

  @Override
  public void node(Digest id) {
    push(pending, id, FOLLOWED);
  }

  private void push(Deque<Digest> stack, Digest id, long tag) {
    if (stack.size() == MAX_PENDING) {
      throw new Fault.Corrupt("A tree", "fewer than 2,000,000 open branches", "more").asException();
    }
    if (seen.add(tagged(id, tag))) {
      stack.push(id);
    }
  }

  @Override
  public void data(Digest id) {
    if (seen.add(id)) {
      sink.data(id);
    }
  }

  private void drain() {
    while (!pending.isEmpty()) {
      Digest id = pending.pop();
      Reach.ofChunk(id, give(id), this, value -> {});
    }
  }

  private byte[] give(Digest id) {
    byte[] bytes = chunks.read(id);
    if (seen.add(id)) {
      sink.node(id, bytes);
    }
    return bytes;
  }

  private static Digest tagged(Digest id, long tag) {
    return new Digest(id.word0(), id.word1(), id.word2(), id.word3() ^ tag);
  }

  @Override
  public void close() {
    seen.close();
  }
}
