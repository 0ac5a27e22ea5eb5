package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The small chunks of files that several writes bring. They stand in the journal with the edits,
/// so that many small files cost one sync and no pack. Used by one thread.
final class Carried {
  private final Map<Digest, byte[]> chunks = new LinkedHashMap<>();

  Carried(List<Write> writes) {
    writes.forEach(write -> chunks.putAll(write.chunks().carried()));
  }

  Set<Digest> ids() {
    return chunks.keySet();
  }

  void into(ChunkStore.Session session) {
    chunks.values().forEach(chunk -> put(session, chunk));
  }

  /// The rows of edits. A chunk that is not the body of a put goes into the session: it is the end
  /// of a file of several.
  List<byte[]> rows(List<Edit> edits, ChunkStore.Session session) {
    Map<Digest, byte[]> left = new LinkedHashMap<>(chunks);
    List<byte[]> rows = new ArrayList<>(edits.size());
    for (Edit edit : edits) {
      Optional<byte[]> chunk = Optional.empty();
      if (edit instanceof Edit.Put put && put.body() instanceof Body.Single(Digest id, long _)) {
        chunk = Optional.ofNullable(chunks.get(id));
        left.remove(id);
      }
      rows.add(Journal.encode(new Journal.Noted(edit, chunk)));
    }
    left.values().forEach(chunk -> put(session, chunk));
    return rows;
  }

  private static void put(ChunkStore.Session session, byte[] chunk) {
    Digest _ = session.put(ChunkStore.Role.DATA, chunk, 0, chunk.length);
  }
}
