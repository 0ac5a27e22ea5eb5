package dev.dassie.content;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// Moves chunks of packs of one role to new packs. A pack is dropped when all that was to move is
/// durable and findable elsewhere; a crash leaves chunks in two packs at worst. Not thread-safe.
final class Relocation implements AutoCloseable {
  private static final int KEEP = 1 << 20;

  private final Packs packs;
  private final ChunkStore.Role role;
  private final Pace pace;
  private final Set<PackId> copied = new HashSet<>();
  private PackWriter writer;
  private long made;

  Relocation(Packs packs, ChunkStore.Role role, Pace pace) {
    this.packs = packs;
    this.role = role;
    this.pace = pace;
    this.writer = packs.writer(role, KEEP);
  }

  /// Copies the chunks that `wanted` names; the pack goes with them. A chunk that cannot be read is
  /// `Fault.Corrupt`, and then the pack stays.
  void move(PackContents pack, Predicate<PackContents.Located> wanted) {
    for (PackContents.Located chunk : pack.chunks()) {
      if (wanted.test(chunk)) {
        add(chunk.id(), packs.reader().read(chunk.id(), chunk.place()));
      }
    }
    copied.add(pack.pack());
  }

  /// Adds a chunk from elsewhere.
  void add(Digest id, byte[] bytes) {
    pace.spend(bytes.length);
    if (!writer.fits(bytes.length)) {
      publish();
    }
    if (bytes.length > PackFormat.SHARED_BLOCK) {
      writer.addLarge(id, packs.encode(id, bytes, 0, bytes.length), bytes.length);
    } else {
      writer.addSmall(id, bytes, 0, bytes.length);
    }
  }

  private void publish() {
    try (PackWriter full = writer) {
      writer = packs.writer(role, KEEP);
      if (!full.isEmpty()) {
        packs.add(full);
        made++;
      }
    }
    packs.drop(copied);
    copied.clear();
  }

  /// Makes the rest durable and returns how many packs were made.
  long finish() {
    publish();
    return made;
  }

  @Override
  public void close() {
    writer.close();
  }
}
