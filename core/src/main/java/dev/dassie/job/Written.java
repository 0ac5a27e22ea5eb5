package dev.dassie.job;

/// What the code of a datum that still runs has written so far.
///
/// @param total bytes in all
/// @param end the last of them, at most [#MOST]
public record Written(long total, byte[] end) {
  /// Bytes of the end that are looked at.
  public static final int MOST = 32 << 10;
}
