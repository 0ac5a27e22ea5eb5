package dev.dassie.retention;

import dev.dassie.version.Commit;

/// Damage that a check found.
///
/// @param kind `pack`, `file` or `record`, or who else names what is damaged: a word of
///   [Holder.Kind]
/// @param repo the repo, as `project/name`; empty where none is known
/// @param commit the id of a commit that has the file; empty where none is known
/// @param path the file or directory that cannot be read; empty where the damage is none of a file
/// @param pack the key of the pack; empty where none is known
/// @param message one sentence
public record Finding(
    String kind, String repo, String commit, String path, String pack, String message) {
  static Finding pack(String pack, String message) {
    return new Finding("pack", "", "", "", pack, message);
  }

  static Finding file(Commit commit, String path, String pack, String message) {
    String repo = commit.name().repo().key();
    return new Finding("file", repo, commit.name().id().value(), path, pack, message);
  }

  static Finding record(String repo, String commit, String message) {
    return new Finding("record", repo, commit, "", "", message);
  }

  static Finding of(Holder holder, String pack, String message) {
    return new Finding(holder.kind().word(), "", "", "", pack, message);
  }
}
