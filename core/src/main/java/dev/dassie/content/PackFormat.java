package dev.dassie.content;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The bytes of a pack around its blocks (docs/format.md, "Packs"): header, footer, trailer.
final class PackFormat {
  static final int VERSION = 1;
  static final int HEADER = 16;
  static final int TRAILER = 16;

  /// The most bytes of a pack, its footer included.
  static final int MAX_PACK = 64 << 20;

  /// The most chunks of a pack; bounds the heap that a footer takes.
  static final int MAX_CHUNKS = 1 << 16;

  /// The most raw bytes of a block that chunks share, and the largest chunk that shares one.
  static final int SHARED_BLOCK = 64 << 10;

  /// At most this many footer bytes are added by one chunk in one block of its own.
  static final int FOOTER_PER_CHUNK = 64;

  private static final int SHA256 = 1;
  private static final byte[] MAGIC = "DASSIEPK".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "DASSIEND".getBytes(StandardCharsets.US_ASCII);

  private PackFormat() {}

  static byte[] header(Role role) {
    return new Encoder().raw(MAGIC).u8(VERSION).u8(kind(role)).raw(new byte[6]).toBytes();
  }

  private static int kind(Role role) {
    return switch (role) {
      case DATA -> 1;
      case TREE -> 2;
    };
  }

  /// A chunk as the footer lists it.
  record Listed(Digest id, int block, int offset, int length) {}

  /// Footer and trailer.
  static byte[] footer(Role role, List<Block> blocks, List<Listed> chunks) {
    Encoder out = new Encoder();
    out.list(
        blocks,
        (to, block) ->
            to.u8(block.codec().code())
                .u8(block.keyId())
                .varint(block.stored())
                .varint(block.raw()));
    out.list(
        chunks,
        (to, chunk) ->
            to.u8(SHA256)
                .digest(chunk.id())
                .varint(chunk.block())
                .varint(chunk.offset())
                .varint(chunk.length()));
    byte[] footer = out.toBytes();
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
    trailer.putInt(footer.length).putInt(checksum(header(role), footer, 0, footer.length)).put(END);
    return new Encoder().raw(footer).raw(trailer.array()).toBytes();
  }

  private static int checksum(byte[] header, byte[] footer, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(header);
    crc.update(footer, offset, length);
    return (int) crc.getValue();
  }

  /// The length of the footer that the trailer, the last [#TRAILER] bytes of `tail`, announces for
  /// a pack of `size` bytes.
  static int footerLength(PackId pack, long size, byte[] tail) {
    ByteBuffer trailer = ByteBuffer.wrap(tail, tail.length - TRAILER, TRAILER);
    int length = trailer.getInt();
    trailer.getInt();
    byte[] end = new byte[END.length];
    trailer.get(end);
    if (!Arrays.equals(end, END)) {
      throw corrupt(pack, "the end mark `DASSIEND`", "other bytes");
    }
    if (length < 2 || length > size - HEADER - TRAILER) {
      throw corrupt(pack, "a footer within the pack", length + " bytes of " + size);
    }
    return length;
  }

  /// Reads footer and trailer, the last bytes of `tail`, against the header.
  static PackContents contents(PackId pack, byte[] header, long size, byte[] tail) {
    int length = footerLength(pack, size, tail);
    int start = tail.length - TRAILER - length;
    checkHeader(pack, header);
    int expected = ByteBuffer.wrap(tail, tail.length - TRAILER + 4, 4).getInt();
    int actual = checksum(header, tail, start, length);
    if (expected != actual) {
      throw corrupt(pack, "the footer checksum %08x".formatted(expected), "%08x".formatted(actual));
    }
    Decoder in = new Decoder(object(pack), tail, start, length);
    List<Block> blocks = blocks(pack, in, size - TRAILER - length);
    int count = in.length(MAX_CHUNKS);
    List<PackContents.Located> chunks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      chunks.add(chunk(pack, in, blocks));
    }
    if (in.remaining() > 0) {
      throw corrupt(pack, "the end of the footer", in.remaining() + " more bytes");
    }
    return new PackContents(pack, List.copyOf(chunks));
  }

  private static void checkHeader(PackId pack, byte[] header) {
    Decoder in = new Decoder(object(pack), header);
    if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
      throw corrupt(pack, "the mark `DASSIEPK`", "other bytes");
    }
    int version = in.u8();
    if (version > VERSION) {
      throw new Fault.Unsupported(
              "Pack format " + version + " of " + pack,
              Optional.of("This Dassie reads up to format " + VERSION + "; use a newer one."))
          .asException();
    }
    int kind = in.u8();
    if (version != VERSION || kind != kind(pack.role())) {
      throw corrupt(
          pack,
          "version 1 and kind " + kind(pack.role()),
          "version " + version + " and kind " + kind);
    }
  }

  private static List<Block> blocks(PackId pack, Decoder in, long end) {
    int count = in.length(MAX_CHUNKS);
    List<Block> blocks = new ArrayList<>(count);
    long position = HEADER;
    for (int i = 0; i < count; i++) {
      int code = in.u8();
      int keyId = in.u8();
      int stored = in.length(ChunkStore.MAX_CHUNK);
      int raw = in.length(ChunkStore.MAX_CHUNK);
      if (position + stored > end) {
        throw corrupt(pack, "blocks of " + (end - HEADER) + " bytes", "more");
      }
      if (code == Block.Codec.RAW.code() && stored != raw) {
        throw corrupt(pack, "a raw block of " + raw + " bytes", stored + " bytes");
      }
      blocks.add(new Block(codec(pack, code), keyId, (int) position, stored, raw));
      position += stored;
    }
    if (position != end) {
      throw corrupt(pack, "blocks up to byte " + end, "up to byte " + position);
    }
    return blocks;
  }

  static Block.Codec codec(PackId pack, int code) {
    for (Block.Codec codec : Block.Codec.values()) {
      if (codec.code() == code) {
        return codec;
      }
    }
    throw corrupt(pack, "codec 0 or 1", Integer.toString(code));
  }

  private static PackContents.Located chunk(PackId pack, Decoder in, List<Block> blocks) {
    int algorithm = in.u8();
    if (algorithm != SHA256) {
      throw corrupt(pack, "digest algorithm 1", Integer.toString(algorithm));
    }
    Digest id = in.digest();
    int index = in.length(blocks.size() - 1);
    Block block = blocks.get(index);
    int offset = in.length(block.raw());
    int length = in.length(block.raw() - offset);
    return new PackContents.Located(id, new Place(pack, block, offset, length));
  }

  static String object(PackId pack) {
    return "The pack `" + pack + "`";
  }

  static DassieException corrupt(PackId pack, String expected, String actual) {
    return new Fault.Corrupt(object(pack), expected, actual).asException();
  }
}
