package dev.dassie.fileset;

/// Where nodes end (docs/format.md, "Trees"): a constant of the format. An entry ends its node with
/// a chance that grows with its weight in bytes and depends on nothing but a hash, so that the same
/// entries are always cut at the same places.
final class Boundary {
  /// Nodes of fewer bytes do not end.
  static final int MIN = 4 << 10;

  /// From here on the chance is four times as high.
  static final int TARGET = 16 << 10;

  /// Nodes of this many bytes end in any case.
  static final int MAX = 64 << 10;

  /// What an entry weighs beyond its key and value.
  static final int OVERHEAD = 4;

  /// The chance per byte below [#TARGET], 1 in 24,576, as a share of 2^32.
  private static final long CHANCE = 174_762;

  private Boundary() {}

  /// Whether a node of `size` bytes ends after its last entry, of `weight` bytes, with that hash.
  static boolean ends(long hash, int weight, int size) {
    if (size < MIN || size >= MAX) {
      return size >= MAX;
    }
    long chance = size < TARGET ? CHANCE : 4 * CHANCE;
    return (hash >>> 32) < weight * chance;
  }

  /// FNV-1a over the level and the key, 64 bits, finalised with MurmurHash3's fmix64.
  static long hash(int level, byte[] key) {
    long hash = (0xcbf29ce484222325L ^ level) * 0x100000001b3L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
