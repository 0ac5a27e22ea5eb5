package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Outside;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The chunks of one writer: in memory while they are few, so that they can share a pack with those
/// of other writers; beyond [#MAX_BYTES] in a session of their own. Thread-safe.
final class Staging implements ChunkStore.Session {
  /// A writer with more has packs of its own.
  static final long MAX_BYTES = 1 << 20;

  private final ChunkStore store;
  private final Map<Digest, Held> held = new LinkedHashMap<>();
  private long bytes;
  private Optional<ChunkStore.Session> own = Optional.empty();

  /// Keeps what is reused without being put; nothing is put there.
  private Optional<ChunkStore.Session> reusing = Optional.empty();

  private record Held(ChunkStore.Role role, byte[] bytes) {}

  Staging(ChunkStore store) {
    this.store = store;
  }

  /// Whether all is in memory.
  synchronized boolean isSmall() {
    return own.isEmpty();
  }

  @Override
  public synchronized Digest put(ChunkStore.Role role, byte[] bytes, int offset, int length) {
    if (own.isEmpty() && this.bytes + length > MAX_BYTES) {
      ChunkStore.Session _ = own();
    }
    if (own.isPresent()) {
      return own.get().put(role, bytes, offset, length);
    }
    Digest id = Digest.of(bytes, offset, length);
    if (!held.containsKey(id)) {
      held.put(id, new Held(role, Arrays.copyOfRange(bytes, offset, offset + length)));
      this.bytes += length;
    }
    return id;
  }

  @Override
  public byte[] read(Digest id) {
    return find(id).orElseGet(() -> store.read(id));
  }

  private synchronized Optional<byte[]> find(Digest id) {
    Held found = held.get(id);
    return found != null ? Optional.of(found.bytes()) : own.map(session -> session.read(id));
  }

  @Override
  public InputStream outside(Outside file, String name, long offset, long length) {
    return store.outside(file, name, offset, length);
  }

  /// The bytes of files that are in memory and small enough to stand in a journal.
  synchronized Map<Digest, byte[]> carried() {
    Map<Digest, byte[]> carried = new LinkedHashMap<>();
    held.forEach((id, chunk) -> {
      if (chunk.role() == ChunkStore.Role.DATA && chunk.bytes().length <= Journal.MAX_CARRIED) {
        carried.put(id, chunk.bytes());
      }
    });
    return carried;
  }

  /// Puts what is in memory into a session too, without some of it.
  synchronized void copyTo(ChunkStore.Session session, Set<Digest> without) {
    for (Map.Entry<Digest, Held> chunk : held.entrySet()) {
      if (!without.contains(chunk.getKey())) {
        byte[] bytes = chunk.getValue().bytes();
        session.put(chunk.getValue().role(), bytes, 0, bytes.length);
      }
    }
  }

  /// A session that holds all chunks; later ones go there.
  synchronized ChunkStore.Session own() {
    if (own.isEmpty()) {
      ChunkStore.Session session = store.session();
      copyTo(session, Set.of());
      own = Optional.of(session);
      held.clear();
    }
    return own.get();
  }

  @Override
  public synchronized boolean reuse(Digest id) {
    if (held.containsKey(id)) {
      return true;
    }
    if (own.isPresent()) {
      return own.get().reuse(id);
    }
    if (reusing.isEmpty()) {
      reusing = Optional.of(store.session());
    }
    return reusing.get().reuse(id);
  }

  @Override
  public void publish() {
    own().publish();
  }

  @Override
  public synchronized long newBytes() {
    return own.map(ChunkStore.Session::newBytes).orElse(bytes);
  }

  @Override
  public synchronized void close() {
    held.clear();
    own.ifPresent(ChunkStore.Session::close);
    reusing.ifPresent(ChunkStore.Session::close);
  }
}
