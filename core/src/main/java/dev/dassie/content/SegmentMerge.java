package dev.dassie.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Merges segments of the chunk index into one, in one pass and constant memory. Records of dead
/// packs go; of a chunk that lies in several packs every place stays.
final class SegmentMerge {
  private final List<IndexSegment> sources;
  private final long[] next;
  private final Set<PackId> dead;

  SegmentMerge(List<IndexSegment> sources, Set<PackId> dead) {
    this.sources = sources;
    this.next = new long[sources.size()];
    this.dead = dead;
  }

  void write(Path folder, String name) throws IOException {
    try (SegmentWriter out = new SegmentWriter(folder, name)) {
      for (IndexSegment source : sources) {
        source.packs().stream().filter(pack -> !dead.contains(pack)).forEach(out::cover);
      }
      Optional<PackContents.Located> last = Optional.empty();
      for (int source = smallest(); source >= 0; source = smallest()) {
        IndexSegment segment = sources.get(source);
        long record = next[source]++;
        PackContents.Located chunk =
            new PackContents.Located(segment.digest(record), segment.place(record));
        // A crash between a merge and its clean-up leaves segments that cover the same packs.
        if (!dead.contains(chunk.place().pack()) && !last.equals(Optional.of(chunk))) {
          out.add(chunk.id(), chunk.place());
        }
        last = Optional.of(chunk);
      }
      out.publish();
    }
  }

  /// The source whose next record has the lowest digest; -1 at the end.
  private int smallest() {
    int best = -1;
    Optional<Digest> lowest = Optional.empty();
    for (int i = 0; i < next.length; i++) {
      if (next[i] < sources.get(i).count()) {
        Digest id = sources.get(i).digest(next[i]);
        if (lowest.isEmpty() || id.compareTo(lowest.get()) < 0) {
          lowest = Optional.of(id);
          best = i;
        }
      }
    }
    return best;
  }
}
