package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Reads packs in an object store and checks what it reads. Thread-safe.
final class PackReader {
  /// Most footers come with the first read of a pack's end.
  private static final int FIRST_TAIL = 16 << 10;

  private final ObjectStore objects;
  private final BlockCodec codec;
  private final BlockCache cache;

  PackReader(ObjectStore objects, BlockCodec codec, BlockCache cache) {
    this.objects = objects;
    this.codec = codec;
    this.cache = cache;
  }

  /// A chunk, checked against its digest.
  byte[] read(Digest id, Place place) {
    Block block = place.block();
    BlockCache.Decoded decoded =
        cache
            .get(place.pack(), block)
            .orElseGet(() -> new BlockCache.Decoded(decode(id, place.pack(), block)));
    byte[] bytes = decoded.bytes();
    int end = place.offset() + place.length();
    if (end > bytes.length) {
      throw PackFormat.corrupt(
          place.pack(), "a block with the chunk `" + id + "`", bytes.length + " bytes");
    }
    long range = (long) place.offset() << 32 | place.length();
    if (!decoded.verified().contains(range)) {
      Digest actual = Digest.of(bytes, place.offset(), place.length());
      if (!actual.equals(id)) {
        throw PackFormat.corrupt(
            place.pack(), "the chunk `" + id + "`", "bytes of digest `" + actual + "`");
      }
      decoded.verified().add(range);
    }
    if (bytes.length > PackFormat.SHARED_BLOCK) {
      return bytes;
    }
    cache.put(place.pack(), block, decoded);
    return Arrays.copyOfRange(bytes, place.offset(), end);
  }

  private byte[] decode(Digest id, PackId pack, Block block) {
    byte[] stored;
    try {
      stored = array(objects.read(pack.key(), block.position(), block.stored()));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw PackFormat.corrupt(pack, "the chunk `" + id + "`", "no such pack");
      }
      throw e;
    }
    return codec.decode(PackFormat.object(pack), block, stored);
  }

  /// What a pack holds, from its footer.
  PackContents contents(PackId pack) {
    String key = pack.key();
    long size = objects.size(key);
    if (size < PackFormat.HEADER + PackFormat.TRAILER + 2 || size > PackFormat.MAX_PACK) {
      throw PackFormat.corrupt(pack, "34 bytes to 64 MiB", size + " bytes");
    }
    int first = (int) Math.min(size, FIRST_TAIL);
    byte[] tail = array(objects.read(key, size - first, first));
    int wanted = PackFormat.footerLength(pack, size, tail) + PackFormat.TRAILER;
    if (wanted > first) {
      tail = array(objects.read(key, size - wanted, wanted));
    }
    byte[] header =
        first == size && wanted <= first
            ? Arrays.copyOf(tail, PackFormat.HEADER)
            : array(objects.read(key, 0, PackFormat.HEADER));
    return PackFormat.contents(pack, header, size, tail);
  }

  private static byte[] array(ByteBuffer buffer) {
    if (buffer.hasArray()
        && buffer.arrayOffset() == 0
        && buffer.position() == 0
        && buffer.remaining() == buffer.array().length) {
      return buffer.array();
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
