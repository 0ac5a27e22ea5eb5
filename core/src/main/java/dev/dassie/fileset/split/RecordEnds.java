package dev.dassie.fileset.split;

/// Finds where records end, in a stream that comes in pieces. Keeps what it must know of the bytes
/// before; each implementation holds a bounded amount.
interface RecordEnds {
  /// Takes the bytes from `from` to `to`, up to the end of the record at hand: answers the position
  /// behind the record's last byte, or -1 where the record goes on behind `to`. The bytes from that
  /// position on are the next call's.
  int next(byte[] bytes, int from, int to);

  /// The stream is at its end; a record that cannot end there is refused.
  void end();

  /// Whether a byte is one of the byte order mark in UTF-8, which begins no field and no value.
  static boolean isMark(byte read) {
    return read == (byte) 0xef || read == (byte) 0xbb || read == (byte) 0xbf;
  }
}
