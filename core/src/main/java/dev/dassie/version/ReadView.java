package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
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
    return new Filesets(chunks);
  }
}
