package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.util.Iterator;
import java.util.Optional;

/// A file and the marker of a directory cannot share a path, as a file and a directory cannot
/// (design S5). The tree of content knows no markers, so this is looked at apart.
final class MarkerRule {
  private final Filesets filesets;
  private final Fileset tree;

  /// @param tree as it is after the edits
  MarkerRule(Filesets filesets, Fileset tree) {
    this.filesets = filesets;
    this.tree = tree;
  }

  /// Refuses (`Fault.Conflict`) an edit that put one in the way of the other.
  void check(Edit edit) {
    switch (edit) {
      case Edit.Put put when tree.attributes().isPresent() -> checkFile(put.path());
      case Edit.Mark mark when mark.attributes().isPresent() -> checkMarker(mark.path());
      case Edit.Put _,
          Edit.Mark _,
          Edit.Graft _,
          Edit.Delete _,
          Edit.Remove _,
          Edit.Describe _ -> {}
    }
  }

  /// The same of an operation; an append goes to a file.
  void check(Operation operation) {
    switch (operation) {
      case Operation.Plain(Edit edit) -> check(edit);
      case Operation.Append append when tree.attributes().isPresent() -> checkFile(append.path());
      case Operation.Append _ -> {}
    }
  }

  private void checkFile(FilePath path) {
    // No file lies beneath a file, so what is known of something beneath it is of a marker.
    Iterator<Edit> beneath = filesets.described(tree, path);
    if (beneath.hasNext()) {
      throw clash(path, beneath.next().path().value() + "/");
    }
  }

  private void checkMarker(FilePath path) {
    if (filesets.marker(tree, path).isEmpty()) {
      return; // A later edit took it away.
    }
    FilePath above = path;
    while (!above.isRoot()) {
      Optional<Entry> there = filesets.find(tree, above);
      if (there.isPresent()) {
        if (there.get() instanceof Entry.File) {
          throw clash(above, path.value() + "/");
        }
        return;
      }
      above = above.parent();
    }
  }

  private static RuntimeException clash(FilePath file, String beneath) {
    return new Fault.Conflict(
            "`%s` cannot be both a file and the directory of `/%s`.".formatted(file, beneath),
            Optional.of("Delete one of the two first."))
        .asException();
  }
}
