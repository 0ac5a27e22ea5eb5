package dev.dassie.acceptance;

import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one client knows the server to hold of it: files with their bytes, by `repo@branch:/path`,
/// and the calls that each made one commit in the history of the branch that all write to.
final class KillModel {
  final NavigableMap<String, ByteBuffer> files = new TreeMap<>();
  final Set<String> commits = new TreeSet<>();

  KillModel copy() {
    KillModel copy = new KillModel();
    copy.files.putAll(files);
    copy.commits.addAll(commits);
    return copy;
  }

  void put(String file, byte[] bytes) {
    files.put(file, ByteBuffer.wrap(bytes));
  }

  /// Where two differ, for people.
  static String differences(
      NavigableMap<String, ByteBuffer> found, NavigableMap<String, ByteBuffer> expected) {
    Set<String> all = new TreeSet<>(found.keySet());
    all.addAll(expected.keySet());
    StringBuilder text = new StringBuilder();
    for (String name : all) {
      ByteBuffer one = found.get(name);
      ByteBuffer other = expected.get(name);
      if (one == null) {
        text.append("\n  ").append(name).append(" is missing");
      } else if (!one.equals(other)) {
        text.append("\n  ").append(name).append(other == null ? " is too much" : " differs");
      }
    }
    return text.toString();
  }
}
