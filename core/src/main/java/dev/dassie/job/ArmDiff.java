package dev.dassie.job;

import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Glob;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Which matches of a glob differ between two filesets, in path order, at the cost of the
/// difference.
final class ArmDiff {
  /// A path that matched before or matches now; `now` is absent where it does not any more.
  record Touched(FilePath path, boolean directory, Optional<Entry> now) {}

  private ArmDiff() {}

  static List<Touched> of(Filesets filesets, Glob glob, Fileset old, Fileset now) {
    List<Touched> touched = new ArrayList<>();
    Iterator<Difference> differences = filesets.diff(old, now, FilePath.ROOT);
    Optional<FilePath> last = Optional.empty();
    while (differences.hasNext()) {
      Difference difference = differences.next();
      FilePath path = difference.path();
      for (FilePath folder : above(path)) {
        boolean seen =
            last.isPresent() && !last.get().equals(folder) && last.get().isWithin(folder);
        if (!seen && glob.matches(folder, true)) {
          Optional<Entry> found =
              filesets.find(now, folder).filter(Entry.Directory.class::isInstance);
          touched.add(new Touched(folder, true, found));
        }
      }
      if (glob.matches(path, false)) {
        touched.add(new Touched(path, false, difference.now().map(Entry.class::cast)));
      }
      last = Optional.of(path);
    }
    return touched;
  }

  /// The root first.
  private static List<FilePath> above(FilePath path) {
    List<FilePath> folders = new ArrayList<>();
    for (FilePath folder = path; !folder.isRoot(); ) {
      folder = folder.parent();
      folders.addFirst(folder);
    }
    return folders;
  }
}
