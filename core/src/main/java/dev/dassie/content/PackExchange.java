package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Packs of an instance that other processes read and write in the same object store: tells them
/// where chunks are, and takes in the packs that they have published. Thread-safe.
public final class PackExchange implements Whereabouts {
  private final Packs packs;

  public PackExchange(Packs packs) {
    this.packs = packs;
  }

  @Override
  public List<Optional<String>> packs(List<Digest> chunks) {
    return chunks.stream()
        .map(id -> packs.index().find(id).map(place -> place.pack().key()))
        .toList();
  }

  /// Makes the chunks of packs findable that another process has made durable; one that is known
  /// already is passed over. The caller MUST hold the packs (`ChunkStore.hold`) from before they
  /// were written until what names their chunks is recorded: then they stay.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid` for what is no key of a pack; `NotFound` or
  ///   `Corrupt` for a pack that is not there, or is damaged
  public void adopt(List<String> keys) {
    for (String key : keys) {
      PackId pack =
          PackId.parse(key)
              .orElseThrow(
                  () -> new Fault.Invalid("The pack", key, "the key of a pack").asException());
      PackContents contents = packs.reader().contents(pack);
      boolean known =
          !contents.chunks().isEmpty()
              && packs
                  .index()
                  .find(contents.chunks().getFirst().id(), Set.of())
                  .filter(place -> place.pack().equals(pack))
                  .isPresent();
      if (!known) {
        packs.holds().published(pack);
        packs.index().add(contents);
      }
    }
  }

  /// Whether a chunk is there.
  public boolean contains(Digest id) {
    return packs.contains(id);
  }
}
