package dev.dassie.lineage.reproduce;

import dev.dassie.fileset.FilePath;
import dev.dassie.lineage.reason.Difference;
import java.util.Optional;

/// One thing that was found by computing something again.
public sealed interface Reproduced {
  /// What the code runs on is not what it ran on then.
  record Surroundings(Difference difference) implements Reproduced {}

  /// A file that a datum wrote, then or now.
  ///
  /// @param firstDifference the offset of the first byte that differs, or where the shorter one
  ///   ends; absent where the bytes are the same, or cannot be compared
  /// @param before bytes it had then
  /// @param after bytes it has now
  record File(
      FilePath path,
      String datum,
      Outcome outcome,
      Optional<Long> firstDifference,
      Optional<Long> before,
      Optional<Long> after)
      implements Reproduced {}

  /// How a file came out.
  enum Outcome {
    IDENTICAL,
    /// Other bytes.
    DIFFERENT,
    /// The same bytes, executable then or now but not both times.
    MODE,
    /// It was not written now.
    MISSING,
    /// It was not written then.
    ADDED;

    /// As scripts read it: `identical`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// A datum that could not be run or compared.
  record Failed(String datum, String reason) implements Reproduced {}

  /// What it comes to, the last of all.
  record Summary(long datums, long identical, long different, long failed) implements Reproduced {
    /// Whether everything came out the same.
    public boolean same() {
      return different == 0 && failed == 0;
    }
  }
}
