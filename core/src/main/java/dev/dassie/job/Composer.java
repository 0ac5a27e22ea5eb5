package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Makes the output of a job out of the outputs of its datums (design D6), beginning with that of
/// an older job: first what datums that are gone or changed had written is removed, then what the
/// new ones wrote is added, in any order; the result is the same. Not thread-safe.
final class Composer implements AutoCloseable {
  private static final int FLUSH = 5_000;

  /// Two datums wrote files that cannot both be there.
  record Collision(FilePath path, FilePath otherPath, byte[] first, byte[] second) {}

  /// What the job leaves.
  record Composed(Fileset files, PersistentMap.Root owners) {}

  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final Fileset base;
  private final boolean concat;
  private final Contested contested;
  private final Edits edits;
  private final SortedSet<FilePath> joined = new TreeSet<>();
  private boolean changed;

  Composer(
      ChunkStore.Session session,
      Path spillFolder,
      Fileset base,
      PersistentMap.Root owners,
      boolean concat) {
    this.session = session;
    this.filesets = new Filesets(session);
    this.base = base;
    this.concat = concat;
    this.contested = new Contested(session, owners, FLUSH);
    this.edits = new Edits(spillFolder);
  }

  /// Removes what a datum had written. All removals come before the first [#add].
  void remove(byte[] order, Fileset output) {
    Iterator<Entry.File> files = files(output);
    while (files.hasNext()) {
      FilePath path = files.next().path();
      changed = true;
      contested.remove(path, order);
      edits.add(new Edit.Delete(path));
      if (concat) {
        joined.add(path);
      }
    }
  }

  /// Adds what a datum wrote, and returns with whom it collides, if it does.
  Optional<Collision> add(byte[] order, Fileset output) {
    Optional<Collision> found = Optional.empty();
    Iterator<Entry.File> files = files(output);
    while (files.hasNext()) {
      Entry.File file = files.next();
      changed = true;
      if (found.isEmpty()) {
        found = contested.claim(file.path(), order, concat);
      }
      contested.add(file.path(), order);
      if (concat) {
        joined.add(file.path());
      } else {
        edits.add(
            new Edit.Put(file.path(), file.executable(), file.body(), known(output, file.path())));
      }
    }
    return found;
  }

  /// The output, not yet published. `sources` finds a file that a datum wrote.
  Composed finish(Joining.Sources sources) {
    PersistentMap.Root owners = contested.finish();
    if (!changed) {
      return new Composed(base, owners);
    }
    if (concat) {
      Joining joining = new Joining(filesets, new Owners(session), owners, sources, session);
      joined.forEach(path -> joining.edit(path).ifPresent(edits::add));
    }
    return new Composed(filesets.apply(base, edits, session), owners);
  }

  private Iterator<Entry.File> files(Fileset output) {
    return output.files() == 0
        ? java.util.Collections.emptyIterator()
        : filesets.walk(output, FilePath.ROOT, Optional.empty());
  }

  private FileAttributes known(Fileset output, FilePath path) {
    return output.attributes().isPresent()
        ? filesets.attributes(output, path)
        : FileAttributes.NONE;
  }

  @Override
  public void close() {
    edits.close();
  }
}
