package dev.dassie.content;

import java.util.List;
import java.util.Optional;

/// Says in which packs chunks are: asked by a process that reads packs and keeps no index of all.
/// Thread-safe.
@FunctionalInterface
public interface Whereabouts {
  /// Chunks that may be asked for at a time.
  int MOST = 4_096;

  /// The key of a pack that holds each chunk, in their order; nothing for one that is nowhere.
  List<Optional<String>> packs(List<Digest> chunks);
}
