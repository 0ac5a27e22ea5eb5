package dev.dassie.pipeline;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Glob;
import dev.dassie.fileset.Hash;
import dev.dassie.version.CommitId;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A files input with its glob and keys read. Thread-safe.
public final class Arm {
  private final Input.Files files;
  private final Glob glob;
  private final Optional<KeyTemplate> joinOn;
  private final Optional<KeyTemplate> groupBy;

  public Arm(Input.Files files) {
    this.files = files;
    this.glob = Glob.parse(files.glob());
    this.joinOn = files.joinOn().map(text -> template("The join key", text));
    this.groupBy = files.groupBy().map(text -> template("The group key", text));
  }

  private KeyTemplate template(String field, String text) {
    return KeyTemplate.parse(field, text, glob.captureCount());
  }

  public Input.Files files() {
    return files;
  }

  public Glob glob() {
    return glob;
  }

  /// The join key of a path that the glob matches, where the input has one.
  public Optional<String> joinKey(FilePath path) {
    return key(joinOn, path);
  }

  /// The group key of a path that the glob matches, where the input has one.
  public Optional<String> groupKey(FilePath path) {
    return key(groupBy, path);
  }

  private Optional<String> key(Optional<KeyTemplate> template, FilePath path) {
    return template.map(made -> made.key(glob.captures(path).orElse(List.of())));
  }

  /// What the glob matches, in tree order.
  public Iterator<Entry> matches(Filesets filesets, Fileset all) {
    return glob.matches(FilePath.ROOT, true)
        ? Collections.<Entry>singleton(filesets.rootDirectory(all)).iterator()
        : filesets.glob(all, glob, Optional.empty());
  }

  /// A match as part of a datum.
  public Datum.Part part(CommitId commit, Entry match) {
    return part(commit, match.path(), match instanceof Entry.Directory, match.hash());
  }

  Datum.Part part(CommitId commit, FilePath path, boolean directory, Hash hash) {
    return new Datum.Part(files, commit, path, directory, hash, joinKey(path), groupKey(path));
  }
}
