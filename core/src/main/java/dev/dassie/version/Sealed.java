package dev.dassie.version;

import dev.dassie.fileset.Fileset;
import java.time.Instant;

/// A commit whose record stands in a tree pack, ready to be finished by [Change#finish(Sealed)].
/// Made by [Versions#seal] alone. Immutable.
public final class Sealed {
  private final CommitName name;
  private final Fileset files;
  private final Instant at;

  Sealed(CommitName name, Fileset files, Instant at) {
    this.name = name;
    this.files = files;
    this.at = at;
  }

  public CommitName name() {
    return name;
  }

  public Fileset files() {
    return files;
  }

  /// The time that the commit finishes.
  public Instant at() {
    return at;
  }
}
