package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// What a read of an address shows (design S1).
///
/// @param commit the commit that is shown
/// @param files its files; of an open commit all that was acknowledged when the view was made
/// @param chunks where `files` can be read: some nodes of an open commit are nowhere else
/// @param note a sentence for the reader where the newest commit of the branch is not the one shown
public record ReadView(Commit commit, Fileset files, ChunkReader chunks, Optional<String> note) {
  /// A reader over [#chunks].
  public Filesets reader() {
    return chunks instanceof SharedReader(var _, Filesets shared) ? shared : new Filesets(chunks);
  }

  /// The body of a file for what a session writes: by reference, but for small ones, which may
  /// stand in the journal of an open commit and nowhere else.
  public Body taken(Entry.File file, ChunkStore.Session session) {
    if (file.body() instanceof Body.Single && file.size() <= Journal.MAX_CARRIED) {
      try (InputStream bytes = reader().open(file)) {
        return new Filesets(session).write(bytes, session);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    new Filesets(session).reuse(file, session);
    return file.body();
  }
}
