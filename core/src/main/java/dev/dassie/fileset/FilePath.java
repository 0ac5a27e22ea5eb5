package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A path within a fileset, without the leading slash: `images/cat.png`; the root is empty. One
/// that exists is valid (design S5): UTF-8, exactly as given, no NUL, no empty part, no `.` or
/// `..`, at most 4,096 bytes. Ordered by its UTF-8 bytes.
public record FilePath(String value) implements Comparable<FilePath> {
  public static final FilePath ROOT = new FilePath("");

  /// The longest path in UTF-8 bytes.
  public static final int MAX_BYTES = 4096;

  public FilePath {
    check(value)
        .ifPresent(rule -> {
          throw new Fault.Invalid("The path", printable(value), rule).asException();
        });
  }

  /// Reads a path as people write it: one leading slash and one trailing slash are dropped.
  public static FilePath parse(String text) {
    String value = text.startsWith("/") ? text.substring(1) : text;
    if (value.endsWith("/")) {
      value = value.substring(0, value.length() - 1);
    }
    return new FilePath(value);
  }

  /// The rule that `value` breaks, or nothing.
  public static Optional<String> check(String value) {
    if (value.isEmpty() || isPlain(value)) {
      return Optional.empty();
    }
    if (value.indexOf('\0') >= 0) {
      return Optional.of("a path without a NUL character");
    }
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    if (!utf8.canEncode(value)) {
      return Optional.of("a path in valid UTF-8");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("a path of at most 4,096 bytes");
    }
    for (String part : value.split("/", -1)) {
      if (part.isEmpty()) {
        return Optional.of("a path without empty parts (`//`)");
      }
      if (part.equals(".") || part.equals("..")) {
        return Optional.of("a path without `.` and `..` parts");
      }
    }
    return Optional.empty();
  }

  /// Whether it is of ASCII alone and right, as nearly all are: told in one pass.
  private static boolean isPlain(String value) {
    int length = value.length();
    if (length > MAX_BYTES) {
      return false;
    }
    int part = 0;
    for (int i = 0; i <= length; i++) {
      char c = i < length ? value.charAt(i) : '/';
      if (c == 0 || c >= 0x80) {
        return false;
      }
      if (c == '/') {
        int size = i - part;
        boolean dots = size <= 2 && value.regionMatches(part, "..", 0, size);
        if (dots) {
          return false;
        }
        part = i + 1;
      }
    }
    return true;
  }

  public boolean isRoot() {
    return value.isEmpty();
  }

  /// The parts between the slashes; none for the root.
  public List<String> parts() {
    return value.isEmpty() ? List.of() : List.of(value.split("/", -1));
  }

  public FilePath child(String name) {
    return new FilePath(value.isEmpty() ? name : value + "/" + name);
  }

  /// `this` as seen from above `base`: `base` followed by this path.
  public FilePath under(FilePath base) {
    if (base.isRoot()) {
      return this;
    }
    return isRoot() ? base : new FilePath(base.value + "/" + value);
  }

  /// This path as seen from a folder that it is or lies beneath.
  public FilePath from(FilePath folder) {
    if (folder.isRoot()) {
      return this;
    }
    return value.equals(folder.value)
        ? ROOT
        : new FilePath(value.substring(folder.value.length() + 1));
  }

  /// The folder of a path that is not the root.
  public FilePath parent() {
    int slash = value.lastIndexOf('/');
    return slash < 0 ? ROOT : new FilePath(value.substring(0, slash));
  }

  /// The last part; empty for the root.
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /// Whether this path is `folder` or lies beneath it.
  public boolean isWithin(FilePath folder) {
    return folder.isRoot() || value.equals(folder.value) || value.startsWith(folder.value + "/");
  }

  @Override
  public int compareTo(FilePath other) {
    return java.util.Arrays.compareUnsigned(
        value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
  }

  /// With the leading slash.
  @Override
  public String toString() {
    return "/" + value;
  }

  private static String printable(String value) {
    String shown = value.length() > 200 ? value.substring(0, 200) + "…" : value;
    return shown.replace("\0", "\\0");
  }
}
