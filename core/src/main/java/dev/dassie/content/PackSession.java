package dev.dassie.content;

import dev.dassie.fault.DassieException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A session of packs: one open pack for each role. Full packs are made durable in the background
/// while the next one fills; `publish` does the same for the packs that are not full, side by side,
/// and waits for all.
///
/// After a failure to write, the session refuses everything: what it holds can no longer be made
/// durable.
final class PackSession implements ChunkStore.Session {
  /// Packs of one role that may be on their way to the disk while the next one fills.
  private static final int IN_FLIGHT = 2;

  /// Unpublished bytes that are kept in memory: data is seldom read back before it is published,
  /// nodes of trees often are.
  private static final int KEEP_DATA = 1 << 20;

  private static final int KEEP_TREE = 4 << 20;

  private final PackHost packs;
  private final ChunkStore.Hold hold;

  /// Chunks that are not in the index yet, with the pack they will be in.
  private final Map<Digest, PackWriter> pending = new ConcurrentHashMap<>();

  private final Map<ChunkStore.Role, Lane> lanes = new EnumMap<>(ChunkStore.Role.class);
  private final AtomicLong newBytes = new AtomicLong();
  private volatile Optional<RuntimeException> failure = Optional.empty();
  private volatile boolean closed;

  PackSession(PackHost packs) {
    this.packs = packs;
    this.hold = packs.hold();
    lanes.put(ChunkStore.Role.DATA, new Lane(ChunkStore.Role.DATA, KEEP_DATA));
    lanes.put(ChunkStore.Role.TREE, new Lane(ChunkStore.Role.TREE, KEEP_TREE));
  }

  @Override
  public Digest put(ChunkStore.Role role, byte[] bytes, int offset, int length) {
    if (length > ChunkStore.MAX_CHUNK) {
      throw new IllegalArgumentException("a chunk has at most 1 MiB, not " + length + " bytes");
    }
    check();
    Digest id = Digest.of(bytes, offset, length);
    if (!pending.containsKey(id) && !packs.reuse(id)) {
      lane(role).put(id, bytes, offset, length);
    }
    return id;
  }

  @Override
  public byte[] read(Digest id) {
    PackWriter writer = pending.get(id);
    if (writer != null) {
      Optional<byte[]> own = lane(writer.role()).read(writer, id);
      if (own.isPresent()) {
        return own.get();
      }
    }
    return packs.read(id);
  }

  @Override
  public boolean reuse(Digest id) {
    return pending.containsKey(id) || packs.reuseOrWait(id);
  }

  @Override
  public void publish() {
    check();
    lanes.values().forEach(Lane::sealOpen);
    lanes.values().forEach(Lane::await);
    check();
  }

  @Override
  public long newBytes() {
    return newBytes.get();
  }

  @Override
  public void close() {
    closed = true;
    lanes.values().forEach(Lane::close);
    pending.clear();
    hold.close();
  }

  private void check() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (failure.isPresent()) {
      throw again(failure.get());
    }
  }

  /// A refusal anew, with the stack of this caller.
  private static RuntimeException again(RuntimeException first) {
    return first instanceof DassieException refusal
        ? new DassieException(refusal.fault(), refusal)
        : new IllegalStateException("the session failed before", first);
  }

  private Lane lane(ChunkStore.Role role) {
    Lane lane = lanes.get(role);
    if (lane == null) {
      throw new IllegalStateException("no lane for " + role);
    }
    return lane;
  }

  /// The packs of one role, in turn.
  private final class Lane {
    private final ChunkStore.Role role;
    private final int keep;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<PackWriter> inFlight = new ArrayDeque<>();
    private PackWriter open;

    Lane(ChunkStore.Role role, int keep) {
      this.role = role;
      this.keep = keep;
      this.open = packs.writer(role, keep);
    }

    void put(Digest id, byte[] bytes, int offset, int length) {
      boolean large = length > PackFormat.SHARED_BLOCK;
      // Compressing is the long part; many threads may do it at once.
      Optional<BlockCodec.Encoded> encoded =
          large ? Optional.of(packs.encode(id, bytes, offset, length)) : Optional.empty();
      lock.lock();
      try {
        check();
        if (pending.containsKey(id)) {
          return;
        }
        if (!open.fits(length)) {
          seal();
        }
        if (encoded.isPresent()) {
          open.addLarge(id, encoded.get(), length);
        } else {
          open.addSmall(id, bytes, offset, length);
        }
        pending.put(id, open);
        if (role == ChunkStore.Role.DATA) {
          newBytes.addAndGet(length);
        }
      } catch (RuntimeException e) {
        failure = Optional.of(failure.orElse(e));
        throw e;
      } finally {
        lock.unlock();
      }
    }

    /// A chunk that is not published: from memory, or else, empty, after its pack was published.
    Optional<byte[]> read(PackWriter writer, Digest id) {
      lock.lock();
      try {
        if (!writer.sealed()) {
          Optional<byte[]> own = writer.read(id);
          if (own.isPresent()) {
            return own;
          }
          seal();
        }
      } finally {
        lock.unlock();
      }
      join(writer.published());
      return Optional.empty();
    }

    void sealOpen() {
      lock.lock();
      try {
        if (!open.isEmpty()) {
          seal();
        }
      } finally {
        lock.unlock();
      }
    }

    /// Starts to publish the open pack and opens the next. The caller holds the lock.
    private void seal() {
      if (inFlight.size() >= IN_FLIGHT) {
        join(inFlight.removeFirst().published());
      }
      PackWriter full = open;
      full.seal();
      inFlight.addLast(full);
      open = packs.writer(role, keep);
      Thread.ofVirtual().name("publish-" + role).start(() -> publish(full));
    }

    private void publish(PackWriter full) {
      try (full) {
        packs.add(full);
        full.ids().forEach(id -> pending.remove(id, full));
        full.published().complete(null);
      } catch (RuntimeException | Error e) {
        full.published().completeExceptionally(e);
      }
    }

    /// Waits for all packs that were sealed before.
    void await() {
      while (true) {
        PackWriter first;
        lock.lock();
        try {
          if (inFlight.isEmpty()) {
            return;
          }
          first = inFlight.getFirst();
        } finally {
          lock.unlock();
        }
        // Other threads that publish wait for the same pack, so it leaves the queue only when done.
        join(first.published());
        lock.lock();
        try {
          inFlight.remove(first);
        } finally {
          lock.unlock();
        }
      }
    }

    private void join(CompletableFuture<Void> published) {
      try {
        published.join();
      } catch (CompletionException e) {
        RuntimeException cause =
            e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
        failure = Optional.of(failure.orElse(cause));
        throw again(cause);
      }
    }

    void close() {
      lock.lock();
      try {
        while (!inFlight.isEmpty()) {
          // Its outcome is nobody's any more: what was published stays, as garbage.
          inFlight.removeFirst().published().handle((done, error) -> Optional.empty()).join();
        }
        open.close();
      } finally {
        lock.unlock();
      }
    }
  }
}
