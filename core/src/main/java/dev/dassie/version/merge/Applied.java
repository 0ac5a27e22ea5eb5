package dev.dassie.version.merge;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns the steps of a plan into a fileset; conflicts that are open are refused, all at once. What
/// the sides did to markers of directories comes along, and is no conflict: ours go before theirs,
/// and a marker makes way for a file. Not thread-safe.
final class Applied {
  /// Open conflicts that a refusal names.
  private static final int NAMED = 5;

  private final Filesets filesets;
  private final Plan plan;
  private final List<FilePath> named = new ArrayList<>();
  private long open;

  private Applied(ChunkStore.Session session, Plan plan) {
    this.filesets = new Filesets(session);
    this.plan = plan;
  }

  /// Ours with the steps applied; new nodes go into the session. `what` begins the refusal, such as
  /// "Merging `a@x` into `a@y`".
  static Fileset tree(ChunkStore.Session session, Plan plan, Path spillFolder, String what) {
    Applied applied = new Applied(session, plan);
    try (Edits edits = new Edits(spillFolder)) {
      plan.steps().forEachRemaining(step -> applied.add(step, edits));
      applied.refuseOpen(what);
      Fileset files =
          edits.isEmpty()
              ? plan.sides().ours()
              : applied.filesets.apply(plan.sides().ours(), edits, session);
      return applied.marked(files, session, spillFolder);
    }
  }

  /// The files with what theirs did to markers that ours left alone.
  private Fileset marked(Fileset files, ChunkStore.Session session, Path spillFolder) {
    Plan.Sides sides = plan.sides();
    try (Edits edits = new Edits(spillFolder)) {
      filesets
          .remarked(sides.base(), sides.theirs())
          .forEachRemaining(edit -> {
            Optional<FileAttributes> old = filesets.marker(sides.base(), edit.path());
            if (filesets.marker(sides.ours(), edit.path()).equals(old)
                && !isBeneathAFile(files, edit.path())) {
              edits.add(edit);
            }
          });
      return edits.isEmpty() ? files : filesets.apply(files, edits, session);
    }
  }

  private boolean isBeneathAFile(Fileset files, FilePath path) {
    for (FilePath above = path; !above.isRoot(); above = above.parent()) {
      Optional<Entry> there = filesets.find(files, above);
      if (there.isPresent()) {
        return there.get() instanceof Entry.File;
      }
    }
    return false;
  }

  private void refuseOpen(String what) {
    if (open == 0) {
      return;
    }
    List<String> paths = named.stream().map(path -> "`" + path + "`").toList();
    String more = open > named.size() ? " and %d more".formatted(open - named.size()) : "";
    throw new Fault.Conflict(
            "%s conflicts at %s%s.".formatted(what, String.join(", ", paths), more),
            Optional.of(
                "`--dry-run` lists them; choose with `--ours`, `--theirs` or `--resolve PATH=ours`."))
        .asException();
  }

  private void add(MergeStep step, Edits edits) {
    if (step.isOpen()) {
      open++;
      if (named.size() < NAMED) {
        named.add(step.path());
      }
      return;
    }
    Side side = step.side().orElseThrow();
    if (side == Side.OURS) {
      return;
    }
    Fileset source = plan.sides().of(side);
    Optional<Entry> result = step.result();
    boolean replaces = step.ours().filter(Entry.Directory.class::isInstance).isPresent();
    if (result.isEmpty() || replaces || result.get() instanceof Entry.Directory) {
      edits.add(new Edit.Delete(step.path()));
    }
    switch (result.orElse(null)) {
      case null -> {
        // Nothing is left at the path.
      }
      case Entry.File file -> put(file, source, edits);
      case Entry.Directory _ when step.conflict().isEmpty() -> {
        // A file made way for a directory, whose files are steps of their own.
      }
      case Entry.Directory directory ->
          filesets
              .walk(source, directory.path(), Optional.empty())
              .forEachRemaining(file -> put(file, source, edits));
    }
  }

  private void put(Entry.File file, Fileset source, Edits edits) {
    if (filesets.described(plan.sides().ours(), file.path()).hasNext()) {
      edits.add(new Edit.Delete(file.path()));
    }
    edits.add(
        new Edit.Put(
            file.path(), file.executable(), file.body(), filesets.attributes(source, file.path())));
  }
}
