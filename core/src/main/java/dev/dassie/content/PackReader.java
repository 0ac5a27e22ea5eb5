package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads packs in an object store and checks what it reads. Thread-safe.
final class PackReader {
  /// Most footers come with the first read of a pack's end.
  private static final int FIRST_TAIL = 16 << 10;

  private final ObjectStore objects;
  private final BlockCodec codec;
  private final BlockCache cache;
  private final CheckedBlocks checked;
  private final Buffers buffers;

  /// Remembers nothing of what was checked, and lends from the heap.
  PackReader(ObjectStore objects, BlockCodec codec, BlockCache cache) {
    this(objects, codec, cache, new CheckedBlocks(1), new Buffers(0, 0));
  }

  PackReader(
      ObjectStore objects,
      BlockCodec codec,
      BlockCache cache,
      CheckedBlocks checked,
      Buffers buffers) {
    this.objects = objects;
    this.codec = codec;
    this.cache = cache;
    this.checked = checked;
    this.buffers = buffers;
  }

  /// A chunk, checked against its digest.
  byte[] read(Digest id, Place place) {
    Block block = place.block();
    return isShared(block) ? shared(id, place) : own(id, place);
  }

  /// A block of up to this length holds several chunks, or may.
  private static boolean isShared(Block block) {
    return block.raw() <= PackFormat.SHARED_BLOCK;
  }

  private byte[] shared(Digest id, Place place) {
    Block block = place.block();
    BlockCache.Decoded decoded =
        cache
            .get(place.pack(), block)
            .orElseGet(
                () -> new BlockCache.Decoded(decode(place, stored(id, place.pack(), block))));
    byte[] bytes = decoded.bytes();
    checkEnd(id, place, bytes.length);
    long range = (long) place.offset() << 32 | place.length();
    if (!decoded.verified().contains(range)) {
      check(id, place, bytes);
      decoded.verified().add(range);
    }
    cache.put(place.pack(), block, decoded);
    return Arrays.copyOfRange(bytes, place.offset(), place.offset() + place.length());
  }

  /// A chunk that has its block for itself.
  private byte[] own(Digest id, Place place) {
    byte[] stored = stored(id, place.pack(), place.block());
    int checksum = CheckedBlocks.checksum(stored, 0, stored.length);
    byte[] bytes = decode(place, stored);
    checkEnd(id, place, bytes.length);
    if (!checked.isKnown(id, checksum)) {
      check(id, place, bytes);
      checked.note(id, checksum);
    }
    return bytes;
  }

  /// A chunk in memory that is used again, checked as by [#read].
  Lent lend(Digest id, Place place) {
    Block block = place.block();
    boolean plain = !isShared(block) && block.codec() == Block.Codec.RAW && block.keyId() == 0;
    Optional<ByteBuffer> free = plain ? buffers.take(block.stored()) : Optional.empty();
    if (free.isEmpty()) {
      return Lent.of(read(id, place));
    }
    Borrowed borrowed = new Borrowed(free.get());
    try {
      fill(id, place, borrowed.bytes());
      return borrowed;
    } catch (RuntimeException e) {
      borrowed.giveBack();
      throw e;
    }
  }

  /// Memory of [#buffers].
  private final class Borrowed implements Lent {
    private final ByteBuffer buffer;

    Borrowed(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer bytes() {
      return buffer;
    }

    @Override
    public void giveBack() {
      buffers.give(buffer);
    }

    @Override
    public void lose() {
      buffers.lose();
    }
  }

  private void fill(Digest id, Place place, ByteBuffer into) {
    read(
        id,
        place.pack(),
        () -> {
          objects.read(place.pack().key(), place.block().position(), into);
          return into.flip();
        });
    checkEnd(id, place, into.remaining());
    int checksum = CheckedBlocks.checksum(into);
    if (!checked.isKnown(id, checksum)) {
      Digest actual = Digest.of(into.duplicate());
      if (!actual.equals(id)) {
        throw wrong(place.pack(), id, actual);
      }
      checked.note(id, checksum);
    }
  }

  private static void checkEnd(Digest id, Place place, int length) {
    if (place.offset() + place.length() > length) {
      throw PackFormat.corrupt(
          place.pack(), "a block with the chunk `" + id + "`", length + " bytes");
    }
  }

  private static void check(Digest id, Place place, byte[] block) {
    Digest actual = Digest.of(block, place.offset(), place.length());
    if (!actual.equals(id)) {
      throw wrong(place.pack(), id, actual);
    }
  }

  private byte[] decode(Place place, byte[] stored) {
    return codec.decode(PackFormat.object(place.pack()), place.block(), stored);
  }

  private byte[] stored(Digest id, PackId pack, Block block) {
    return array(read(id, pack, () -> objects.read(pack.key(), block.position(), block.stored())));
  }

  private static ByteBuffer read(Digest id, PackId pack, Supplier<ByteBuffer> read) {
    try {
      return read.get();
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw PackFormat.corrupt(pack, "the chunk `" + id + "`", "no such pack");
      }
      throw e;
    }
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
      Digest first = chunks.getFirst().id();
      bytes = codec.decode(PackFormat.object(pack), block, stored(first, pack, block));
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
