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
/// @param also how many others of the newest 100 commits of the repo have the same at the path
/// @param message one sentence
public record Finding(
    String kind, String repo, String commit, String path, String pack, int also, String message) {
  static Finding pack(String pack, String message) {
    return new Finding("pack", "", "", "", pack, 0, message);
  }

  static Finding file(Commit commit, String path, String pack, int also, String message) {
    String repo = commit.name().repo().key();
    return new Finding("file", repo, commit.name().id().value(), path, pack, also, message);
  }

  static Finding record(String repo, String commit, String message) {
    return new Finding("record", repo, commit, "", "", 0, message);
  }

  static Finding of(Holder holder, String pack, String message) {
    return new Finding(holder.kind().word(), "", "", "", pack, 0, message);
  }
}
