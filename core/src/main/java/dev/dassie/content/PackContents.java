package dev.dassie.content;

import java.util.List;

/// What a pack holds, as its footer says: every chunk with its place, in the order of the pack.
record PackContents(PackId pack, List<Located> chunks) {
  /// A chunk and its place.
  record Located(Digest id, Place place) {}
}
