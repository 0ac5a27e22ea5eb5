package dev.dassie.version;

import dev.dassie.content.Outside;
import dev.dassie.content.OutsideReader;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;

/// Files that lie elsewhere and are versioned here without their bytes (design S11). Thread-safe.
public final class References {
  private final OutsideReader outsides;

  public References(OutsideReader outsides) {
    this.outsides = outsides;
  }

  /// Puts a reference to the file at a location, as it is now; with `recursive` references to all
  /// files beneath a location that is a folder. Refused as [OutsideReader] says.
  public void put(FileWriter writer, FilePath path, String location, boolean recursive) {
    if (!recursive) {
      put(writer, path, outsides.look(location));
      return;
    }
    Iterator<OutsideReader.Found> all = outsides.beneath(location);
    while (all.hasNext()) {
      OutsideReader.Found found = all.next();
      put(writer, new FilePath(found.path()).under(path), found.file());
    }
  }

  private static void put(FileWriter writer, FilePath path, Outside file) {
    writer.put(path, false, new Body.Reference(file), false, Optional.empty());
  }

  /// Copies the bytes of all references at or beneath a path in, verified; answers how many there
  /// were. The writer must be one into the commit that the view shows: it is bound to that.
  public long adopt(FileWriter writer, ReadView view, FilePath path) {
    writer.onlyOnto(Optional.of(view.commit().name().id()));
    Iterator<Entry.File> files = view.reader().walk(view.files(), path, Optional.empty());
    long count = 0;
    while (files.hasNext()) {
      Entry.File file = files.next();
      if (file.body() instanceof Body.Reference) {
        FileAttributes known = view.reader().attributes(view.files(), file.path());
        try (InputStream bytes = view.reader().open(file)) {
          Body body = writer.store(bytes);
          writer.put(file.path(), file.executable(), body, false, known);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        count++;
      }
    }
    return count;
  }
}
