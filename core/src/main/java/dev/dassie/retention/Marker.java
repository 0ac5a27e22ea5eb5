package dev.dassie.retention;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.fileset.Reach;
import dev.dassie.retention.Holder.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Walks what is held, each chunk once, and counts the bytes for the holder that names it first.
/// Memory grows with the depth of the trees and with the number of holders only. Not thread-safe.
public final class Marker implements Reach.Found {
  private final ChunkReader chunks;
  private final ToLongFunction<Digest> mark;
  private final Map<Holder, Long> held = new LinkedHashMap<>();
  private final Deque<Digest> pending = new ArrayDeque<>();
  private Holder holder = Holder.of(Kind.WRITERS);

  /// @param mark marks a chunk and says how many bytes that counts, a negative number if it had
  ///   been marked before
  Marker(ChunkReader chunks, ToLongFunction<Digest> mark) {
    this.chunks = chunks;
    this.mark = mark;
  }

  /// What follows is held by this holder.
  void by(Holder next) {
    holder = next;
    held.putIfAbsent(next, 0L);
  }

  Holder holder() {
    return holder;
  }

  /// Bytes by the holder that named them first.
  Map<Holder, Long> held() {
    return held;
  }

  /// The files of a fileset and their attributes.
  public void files(Fileset files) {
    Reach.ofFileset(files, this);
    drain(value -> {});
  }

  /// The files that transactions will make commits of.
  public void transactions(List<Fileset> held) {
    by(Holder.of(Kind.TRANSACTIONS));
    held.forEach(this::files);
  }

  public void body(Body body) {
    Reach.ofBody(body, this);
    drain(value -> {});
  }

  void edit(Edit edit) {
    switch (edit) {
      case Edit.Put put -> body(put.body());
      case Edit.Graft graft -> {
        Reach.ofDirectory(graft.directory(), this);
        drain(value -> {});
      }
      case Edit.Delete _, Edit.Remove _, Edit.Describe _, Edit.Mark _ -> {}
    }
  }

  /// A map whose values name chunks as `values` says.
  void map(PersistentMap.Root root, Consumer<byte[]> values) {
    // The nodes of the map are on a stack of their own: what a value names is walked in between.
    Deque<Digest> nodes = new ArrayDeque<>();
    Reach.Found own =
        new Reach.Found() {
          @Override
          public void node(Digest id) {
            if (count(id)) {
              nodes.push(id);
            }
          }

          @Override
          public void data(Digest id) {
            Marker.this.data(id);
          }
        };
    root.node().ifPresent(own::node);
    while (!nodes.isEmpty()) {
      Digest id = nodes.pop();
      Reach.ofChunk(id, chunks.read(id), own, values);
    }
  }

  /// A tree chunk of any kind and all that it names.
  void chunk(Digest id) {
    node(id);
    drain(value -> {});
  }

  @Override
  public void node(Digest id) {
    if (count(id)) {
      pending.push(id);
    }
  }

  @Override
  public void data(Digest id) {
    boolean _ = count(id);
  }

  private boolean count(Digest id) {
    long bytes = mark.applyAsLong(id);
    if (bytes >= 0) {
      held.merge(holder, bytes, Long::sum);
    }
    return bytes >= 0;
  }

  private void drain(Consumer<byte[]> values) {
    while (!pending.isEmpty()) {
      open(pending.pop(), values);
    }
  }

  private void open(Digest id, Consumer<byte[]> values) {
    Reach.ofChunk(id, chunks.read(id), this, values);
  }
}
