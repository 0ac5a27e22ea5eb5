package dev.dassie.server.jsonnet;

import java.util.ArrayDeque;
import java.util.Deque;
import scala.collection.mutable.HashMap;
import sjsonnet.Path;

/// Where a template or an import of it is: parts from the template's folder, without `.` and with
/// `..` only at the start. No file of the machine.
///
/// @param text of the file, to tell lines
record TemplatePath(String path, String text) implements Path {
  /// A path without what changes nothing; `..` that leads out of the folder stays at the start.
  static String normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        String _ = parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  @Override
  public String relativeToString(Path folder) {
    return path;
  }

  @Override
  public Path parent() {
    int slash = path.lastIndexOf('/');
    return new TemplatePath(slash < 0 ? "" : path.substring(0, slash), "");
  }

  @Override
  public int segmentCount() {
    return path.isEmpty() ? 0 : path.split("/", -1).length;
  }

  @Override
  public String last() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public Path $div(String part) {
    return new TemplatePath(path.isEmpty() ? part : path + "/" + part, "");
  }

  @Override
  public String renderOffsetStr(int offset, HashMap<Path, int[]> lines) {
    String before = text.substring(0, Math.min(offset, text.length()));
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return line + ":" + (before.length() - before.lastIndexOf('\n'));
  }
}
