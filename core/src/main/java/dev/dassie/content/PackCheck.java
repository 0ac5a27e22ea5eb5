package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Checks every byte of every pack (design S12). Memory grows with the number of packs, not with
/// that of chunks. Used by one thread; no collection runs until it is closed: see [Packs#check].
public final class PackCheck implements AutoCloseable {
  private final Packs packs;
  private final Set<PackId> damaged = new LinkedHashSet<>();

  PackCheck(Packs packs) {
    this.packs = packs;
  }

  /// A damaged pack.
  ///
  /// @param pack its key in the store
  public record Damage(String pack, String problem) {}

  /// Reads all packs that there are or that the index knows, past every cache, and tells each
  /// damaged one once. Returns the number of packs; `alive` is called after each.
  public long packs(Consumer<Damage> found, Runnable alive) {
    damaged.clear();
    Set<PackId> all = new HashSet<>(packs.index().packs());
    all.removeAll(packs.index().dead());
    for (ChunkStore.Role role : ChunkStore.Role.values()) {
      packs.forEachPack(role, all::add);
    }
    for (PackId pack : all) {
      check(pack)
          .ifPresent(problem -> {
            damaged.add(pack);
            found.accept(new Damage(pack.key(), problem));
          });
      alive.run();
    }
    packs.suspect(damaged);
    packs.reader().forget();
    return all.size();
  }

  /// The first thing that is wrong with a pack.
  private Optional<String> check(PackId pack) {
    PackContents contents;
    try {
      contents = packs.reader().contents(pack);
    } catch (DassieException e) {
      return Optional.of(
          e.fault() instanceof Fault.NotFound
              ? "%s is missing.".formatted(PackFormat.object(pack))
              : problem(e));
    }
    String[] first = {""};
    packs
        .reader()
        .each(
            contents,
            new PackReader.Visitor() {
              @Override
              public void whole(PackContents.Located chunk, byte[] block) {}

              @Override
              public void damaged(PackContents.Located chunk, DassieException problem) {
                first[0] = first[0].isEmpty() ? problem(problem) : first[0];
              }
            });
    return Optional.of(first[0]).filter(problem -> !problem.isEmpty());
  }

  /// What is wrong; trouble that is no damage is thrown on. A format that is not known may be a
  /// flipped bit.
  static String problem(DassieException e) {
    return switch (e.fault()) {
      case Fault.Corrupt _, Fault.NotFound _, Fault.Unsupported _ -> e.fault().message();
      default -> throw e;
    };
  }

  /// What is wrong with a chunk that something names; nothing if it can be read. To be asked after
  /// [#packs].
  public Optional<String> problem(Digest id) {
    if (packs.index().find(id, damaged).isPresent()) {
      return Optional.empty();
    }
    try {
      byte[] _ = packs.read(id);
      return Optional.empty();
    } catch (DassieException e) {
      return Optional.of(problem(e));
    }
  }

  /// Begins a repair of what [#packs] found from a copy of the store, which is only read. The
  /// caller closes the copy, after the repair.
  public PackRepair repair(Packs copy) {
    return new PackRepair(packs, copy, damaged);
  }

  /// Ends the check; collections may run again.
  @Override
  public void close() {
    packs.endCheck();
  }
}
