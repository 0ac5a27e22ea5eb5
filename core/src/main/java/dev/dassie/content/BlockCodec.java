package dev.dassie.content;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.dassie.fault.Fault;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Compresses and decodes blocks. Thread-safe: the native contexts, which cost about 1 MiB each,
/// are pooled, a few for each processor.
final class BlockCodec implements AutoCloseable {
  /// Speed over ratio: incompressible bytes pass at several GB/s, so that no test for them is
  /// needed.
  static final int LEVEL = 1;

  private static final int TOO_SMALL = 64;
  private final BlockingQueue<Compressor> compressors = pool();
  private final BlockingQueue<ZstdDecompressCtx> decompressors = pool();

  private static <T> BlockingQueue<T> pool() {
    return new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());
  }

  /// The stored form of a block. `RAW` refers to the bytes that were given.
  record Encoded(Block.Codec codec, byte[] bytes, int offset, int length) {}

  /// Encodes with zstd where that saves at least a thirty-second, else leaves the bytes as they
  /// are.
  Encoded encode(byte[] bytes, int offset, int length) {
    if (length >= TOO_SMALL) {
      Compressor pooled = compressors.poll();
      Compressor compressor = pooled == null ? new Compressor() : pooled;
      try {
        int size = compressor.compress(bytes, offset, length);
        if (size <= length - length / 32 - 1) {
          byte[] stored = Arrays.copyOf(compressor.scratch, size);
          return new Encoded(Block.Codec.ZSTD, stored, 0, size);
        }
      } finally {
        if (!compressors.offer(compressor)) {
          compressor.context.close();
        }
      }
    }
    return new Encoded(Block.Codec.RAW, bytes, offset, length);
  }

  /// Decodes a block; `object` names it in faults. A raw block is returned as it is.
  byte[] decode(String object, Block block, byte[] stored) {
    if (block.keyId() != 0) {
      throw new Fault.Unsupported(
              "Block encryption with key " + block.keyId() + " in " + object, Optional.empty())
          .asException();
    }
    if (block.codec() == Block.Codec.RAW) {
      return stored;
    }
    byte[] raw = new byte[block.raw()];
    ZstdDecompressCtx pooled = decompressors.poll();
    ZstdDecompressCtx context = pooled == null ? new ZstdDecompressCtx() : pooled;
    try {
      int size = context.decompressByteArray(raw, 0, raw.length, stored, 0, stored.length);
      if (size != raw.length) {
        throw new Fault.Corrupt(object, raw.length + " bytes in a block", size + " bytes")
            .asException();
      }
    } catch (ZstdException e) {
      throw new Fault.Corrupt(object, "a zstd block", "`" + e.getMessage() + "`").asException();
    } finally {
      if (!decompressors.offer(context)) {
        context.close();
      }
    }
    return raw;
  }

  /// Frees the native contexts.
  @Override
  public void close() {
    for (Compressor c = compressors.poll(); c != null; c = compressors.poll()) {
      c.context.close();
    }
    for (ZstdDecompressCtx c = decompressors.poll(); c != null; c = decompressors.poll()) {
      c.close();
    }
  }

  private static final class Compressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
    private byte[] scratch = new byte[0];

    int compress(byte[] bytes, int offset, int length) {
      int bound = Math.toIntExact(Zstd.compressBound(length));
      if (scratch.length < bound) {
        scratch = new byte[bound];
      }
      return context.compressByteArray(scratch, 0, scratch.length, bytes, offset, length);
    }
  }
}
