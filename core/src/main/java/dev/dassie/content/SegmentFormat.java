package dev.dassie.content;

import dev.dassie.content.ChunkStore.Role;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes of a segment of the chunk index (docs/format.md, "Chunk index").
final class SegmentFormat {
  static final int VERSION = 1;
  static final int HEADER = 16;

  /// Bytes of a record: the digest, then three words that say where the chunk is.
  static final int RECORD = Digest.BYTES + 24;

  /// Bytes of an entry of the pack table.
  static final int PACK = 24;

  static final int TRAILER = 16;
  static final long MAGIC =
      ByteBuffer.wrap("DASSIEIX".getBytes(StandardCharsets.US_ASCII)).getLong();
  static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int LENGTH_BITS = 0xffffff;

  private SegmentFormat() {}

  /// The words after the digest: pack and position; codec, stored length, key and raw length;
  /// offset and length.
  static void putPlace(ByteBuffer out, int pack, Place place) {
    Block block = place.block();
    out.putInt(pack)
        .putInt(block.position())
        .putInt(block.codec().code() << 24 | block.stored())
        .putInt(block.keyId() << 24 | block.raw())
        .putInt(place.offset())
        .putInt(place.length());
  }

  /// What [#putPlace] wrote, as words.
  static Place place(PackId pack, long first, long second, long third) {
    int coded = (int) (second >>> 32);
    int keyed = (int) second;
    Block block =
        new Block(
            PackFormat.codec(pack, coded >>> 24),
            keyed >>> 24,
            (int) first,
            coded & LENGTH_BITS,
            keyed & LENGTH_BITS);
    return new Place(pack, block, (int) (third >>> 32), (int) third);
  }

  static void putPack(ByteBuffer out, PackId pack) {
    long kind = pack.role() == Role.DATA ? 1 : 2;
    out.putLong(kind << 56).putLong(pack.high()).putLong(pack.low());
  }

  static PackId pack(long kind, long high, long low) {
    return new PackId(kind >>> 56 == 1 ? Role.DATA : Role.TREE, high, low);
  }
}
