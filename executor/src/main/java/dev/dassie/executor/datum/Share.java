package dev.dassie.executor.datum;

/// An amount, or a part of what the machine has.
///
/// @param bytes 0 where it is a part
/// @param percent 0 where it is an amount
public record Share(long bytes, int percent) {
  public static Share ofBytes(long bytes) {
    return new Share(bytes, 0);
  }

  public static Share ofPercent(int percent) {
    return new Share(0, percent);
  }

  /// In bytes, at least 1.
  public long of(long whole) {
    return Math.max(1, percent == 0 ? bytes : whole / 100 * percent);
  }
}
