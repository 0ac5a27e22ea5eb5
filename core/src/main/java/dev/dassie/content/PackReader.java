package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

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
        throw wrong(place.pack(), id, actual);
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

  /// Receives the chunks of a pack.
  interface Visitor {
    /// A chunk that is as it was stored; `block` holds it at its place.
    void whole(PackContents.Located chunk, byte[] block);

    void damaged(PackContents.Located chunk, DassieException problem);
  }

  /// Reads every chunk of a pack from the store, not from memory, block by block.
  void each(PackContents pack, Visitor visitor) {
    List<PackContents.Located> chunks = pack.chunks();
    int to;
    for (int from = 0; from < chunks.size(); from = to) {
      Block block = chunks.get(from).place().block();
      to = from + 1;
      while (to < chunks.size() && chunks.get(to).place().block().equals(block)) {
        to++;
      }
      each(pack.pack(), block, chunks.subList(from, to), visitor);
    }
  }

  private void each(PackId pack, Block block, List<PackContents.Located> chunks, Visitor visitor) {
    byte[] bytes;
    try {
      bytes = decode(chunks.getFirst().id(), pack, block);
    } catch (DassieException e) {
      if (!(e.fault() instanceof Fault.Corrupt)) {
        throw e;
      }
      chunks.forEach(chunk -> visitor.damaged(chunk, e));
      return;
    }
    for (PackContents.Located chunk : chunks) {
      Place place = chunk.place();
      Digest actual = Digest.of(bytes, place.offset(), place.length());
      if (actual.equals(chunk.id())) {
        visitor.whole(chunk, bytes);
      } else {
        visitor.damaged(chunk, wrong(pack, chunk.id(), actual));
      }
    }
  }

  private static DassieException wrong(PackId pack, Digest id, Digest actual) {
    return PackFormat.corrupt(pack, "the chunk `" + id + "`", "bytes of digest `" + actual + "`");
  }

  /// Forgets decoded blocks, so that what is read next comes from the store.
  void forget() {
    cache.clear();
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
