package dev.dassie.content;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings what damaged and missing packs held into new packs, from what is left of them and from a
/// copy of the store. Nothing is taken that does not match its digest, and a damaged pack goes only
/// when all of it is durable and findable elsewhere. Used by one thread, within a [PackCheck].
public final class PackRepair implements AutoCloseable {
  private final Packs packs;
  private final Packs copy;
  private final Set<PackId> damaged;

  /// Damaged packs of which something could not be brought.
  private final Set<PackId> left = new HashSet<>();

  /// Packs of the copy that were brought whole.
  private final Set<PackId> brought = new HashSet<>();

  private final Map<Role, Relocation> moves = new EnumMap<>(Role.class);

  /// Chunks on their way, not findable yet.
  private final Set<Digest> pending = new HashSet<>();

  private long replaced;
  private long chunks;

  PackRepair(Packs packs, Packs copy, Set<PackId> damaged) {
    this.packs = packs;
    this.copy = copy;
    this.damaged = Set.copyOf(damaged);
    for (Role role : Role.values()) {
      moves.put(role, new Relocation(packs, role, new Pace(Pace.UNBOUNDED)));
    }
  }

  /// What a repair did.
  ///
  /// @param packs damaged packs that went, with all that is needed of them in others
  /// @param chunks chunks that came from the copy
  public record Repaired(long packs, long chunks) {}

  /// Replaces the damaged packs.
  public void replaceDamaged() {
    for (PackId pack : damaged) {
      boolean whole = true;
      for (Digest id : heldBy(pack)) {
        whole &= isHere(id) || add(pack.role(), id, ownOrCopied(id));
      }
      publish();
      if (whole) {
        drop(pack);
      } else {
        left.add(pack);
      }
    }
  }

  /// The chunks of a pack: as its footer says, else the one in the copy, else the index.
  private List<Digest> heldBy(PackId pack) {
    return contents(packs, pack)
        .or(() -> contents(copy, pack))
        .map(found -> found.chunks().stream().map(PackContents.Located::id).toList())
        .orElseGet(() -> packs.index().chunksOf(pack));
  }

  private static Optional<PackContents> contents(Packs store, PackId pack) {
    try {
      return Optional.of(store.reader().contents(pack));
    } catch (DassieException e) {
      String _ = PackCheck.problem(e);
      return Optional.empty();
    }
  }

  /// Whether a chunk lies, or soon will, in a pack that is whole.
  private boolean isHere(Digest id) {
    return pending.contains(id) || packs.index().find(id, damaged).isPresent();
  }

  private Optional<byte[]> ownOrCopied(Digest id) {
    return read(packs, id).or(() -> copied(id));
  }

  private Optional<byte[]> copied(Digest id) {
    Optional<byte[]> bytes = read(copy, id);
    chunks += bytes.isPresent() ? 1 : 0;
    return bytes;
  }

  private static Optional<byte[]> read(Packs store, Digest id) {
    try {
      return Optional.of(store.read(id));
    } catch (DassieException e) {
      String _ = PackCheck.problem(e);
      return Optional.empty();
    }
  }

  private boolean add(Role role, Digest id, Optional<byte[]> bytes) {
    bytes.ifPresent(found -> {
      move(role).add(id, found);
      pending.add(id);
    });
    return bytes.isPresent();
  }

  private Relocation move(Role role) {
    return Optional.ofNullable(moves.get(role)).orElseThrow();
  }

  private void publish() {
    for (Relocation move : moves.values()) {
      long _ = move.finish();
    }
    pending.clear();
  }

  private void drop(PackId pack) {
    packs.drop(Set.of(pack));
    replaced++;
  }

  /// Brings a chunk that is nowhere, with the others of its pack in the copy, and says whether it
  /// can be read now.
  public boolean bring(Digest id) {
    Optional<Place> place = copy.index().find(id);
    if (place.isEmpty()) {
      return false;
    }
    PackId from = place.get().pack();
    if (brought.add(from)) {
      for (PackContents.Located chunk :
          contents(copy, from).map(PackContents::chunks).orElse(List.of())) {
        if (!isHere(chunk.id())) {
          boolean _ = add(from.role(), chunk.id(), copied(chunk.id()));
        }
      }
    }
    boolean here = isHere(id) || add(from.role(), id, copied(id));
    publish();
    return here;
  }

  /// Ends the repair. With `complete`, when nothing that anything names is missing, damaged packs
  /// go even where something that nobody needs could not be brought.
  public Repaired finish(boolean complete) {
    publish();
    if (complete) {
      left.forEach(this::drop);
      left.clear();
    }
    packs.suspect(left);
    packs.index().clean();
    packs.reader().forget();
    return new Repaired(replaced, chunks);
  }

  @Override
  public void close() {
    moves.values().forEach(Relocation::close);
  }
}
