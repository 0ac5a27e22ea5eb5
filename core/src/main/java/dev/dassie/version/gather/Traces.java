package dev.dassie.version.gather;

import dev.dassie.fileset.Edit;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one writer's keys say of whether somebody is not done: keys in a folder `_temporary`, and
/// with a part that begins with `__magic`, are there while a Hadoop job writes; `_SUCCESS` comes
/// last. Not thread-safe.
final class Traces {
  private static final String TEMPORARY = "_temporary";
  private static final String MAGIC = "__magic";
  private static final String SUCCESS = "_SUCCESS";

  /// Unfinished keys that came (true) or went.
  private final Map<String, Boolean> unfinished = new LinkedHashMap<>();

  private boolean success;

  void see(Edit edit) {
    switch (edit) {
      case Edit.Put put -> {
        note(put.path().value(), true);
        success |= put.path().name().equals(SUCCESS);
      }
      case Edit.Mark mark -> note(mark.path().value() + "/", mark.attributes().isPresent());
      case Edit.Remove remove -> note(remove.path().value(), false);
      case Edit.Graft _, Edit.Delete _, Edit.Describe _ -> {
        // What these take away is found out when it matters.
      }
    }
  }

  private void note(String key, boolean there) {
    if (isUnfinished(key)) {
      unfinished.put(key, there);
    }
  }

  /// Whether a key says that somebody is not done.
  static boolean isUnfinished(String key) {
    if (!key.contains(TEMPORARY) && !key.contains(MAGIC)) {
      return false;
    }
    boolean marker = key.endsWith("/");
    FilePath path = new FilePath(marker ? key.substring(0, key.length() - 1) : key);
    List<String> parts = path.parts();
    List<String> folders = marker ? parts : parts.subList(0, parts.size() - 1);
    return folders.contains(TEMPORARY) || parts.stream().anyMatch(part -> part.startsWith(MAGIC));
  }

  boolean isSuccess() {
    return success;
  }

  boolean isEmpty() {
    return unfinished.isEmpty() && !success;
  }

  /// Writes them down in the transaction that makes the keys visible.
  void write(Change change, BranchName branch) {
    unfinished.forEach((key, there) -> {
      if (there) {
        change.rows().put(GatherTable.unfinished(branch, key), GatherTable.encode(key));
      } else {
        change.rows().delete(GatherTable.unfinished(branch, key));
      }
    });
    if (success) {
      GatherTable.gathered(change.rows(), branch)
          .ifPresent(old ->
              change
                  .rows()
                  .put(
                      GatherTable.gathered(branch),
                      GatherTable.encode(
                          new GatherTable.Gathered(old.commit(), old.started(), true))));
    }
  }
}
