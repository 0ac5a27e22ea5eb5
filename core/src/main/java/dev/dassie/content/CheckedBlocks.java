package dev.dassie.content;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;

/// Remembers of stored blocks, each of one chunk, that their bytes gave the SHA-256 of the chunk:
/// by a CRC-32C of these very bytes. Who reads them again computes that alone, at a tenth of the
/// price. A CRC-32C finds what disks and memory do to bytes (every burst of up to 32 bits, all but
/// one in 2^32 of other errors), not what somebody does to them on purpose.
///
/// Of a fixed size: what is noted last in a slot is remembered. Forgetting costs a SHA-256, nothing
/// else. Thread-safe.
final class CheckedBlocks {
  /// 2 MiB of heap, for some 64 GiB of large chunks.
  static final int SLOTS = 1 << 18;

  /// The upper half of an entry tells the chunk, the lower is the checksum.
  private final AtomicLongArray entries;

  CheckedBlocks(int slots) {
    this.entries = new AtomicLongArray(slots);
  }

  /// The checksum of what remains in a buffer, which stays as it is.
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /// Notes that stored bytes with this checksum are the chunk.
  void note(Digest id, int checksum) {
    entries.setOpaque(slot(id), entry(id, checksum));
  }

  /// Whether stored bytes with this checksum were found to be the chunk.
  boolean isKnown(Digest id, int checksum) {
    return entries.getOpaque(slot(id)) == entry(id, checksum);
  }

  private int slot(Digest id) {
    return (int) Long.remainderUnsigned(id.word0(), entries.length());
  }

  /// Never 0, which is an empty slot.
  private static long entry(Digest id, int checksum) {
    return (id.word1() | 1) << 32 | (checksum & 0xffffffffL);
  }
}
