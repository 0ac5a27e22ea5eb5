package dev.dassie.server.console.preview;

import com.github.luben.zstd.Zstd;
import dev.dassie.fault.Fault;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// Unpacks pages of Parquet files, each to the size that it says it has. The codecs that come with
/// the reader want Hadoop.
final class ParquetCodecs implements CompressionCodecFactory {
  /// A page that says it is larger is not unpacked.
  private static final int LARGEST = 64 << 20;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new Fault.Unsupported("Writing Parquet files", Optional.empty()).asException();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Unpacking(codec);
  }

  @Override
  public void release() {
    // Nothing is held.
  }

  private record Unpacking(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput packed, int size) throws IOException {
      return codec == CompressionCodecName.UNCOMPRESSED
          ? packed
          : BytesInput.from(unpack(codec, bytes(packed), size));
    }

    @Override
    public void decompress(ByteBuffer packed, int packedSize, ByteBuffer out, int size)
        throws IOException {
      byte[] bytes = new byte[packedSize];
      packed.get(bytes);
      out.put(unpack(codec, bytes, size));
      out.flip();
    }

    @Override
    public void release() {
      // Nothing is held.
    }
  }

  static byte[] bytes(BytesInput input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    input.writeAllTo(out);
    return out.toByteArray();
  }

  private static byte[] unpack(CompressionCodecName codec, byte[] packed, int size)
      throws IOException {
    if (size < 0 || size > LARGEST) {
      throw new IOException("A page of it says that it has %d bytes.".formatted(size));
    }
    byte[] bytes = new byte[size];
    long got =
        switch (codec) {
          case UNCOMPRESSED -> {
            System.arraycopy(packed, 0, bytes, 0, Math.min(size, packed.length));
            yield packed.length;
          }
          case SNAPPY ->
              Snappy.uncompressedLength(packed) == size
                  ? Snappy.uncompress(packed, 0, packed.length, bytes, 0)
                  : -1;
          case GZIP -> {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
              yield in.readNBytes(bytes, 0, size);
            }
          }
          case ZSTD -> Zstd.decompress(bytes, packed);
          case LZ4_RAW ->
              new Lz4Decompressor().decompress(packed, 0, packed.length, bytes, 0, size);
          case LZ4, LZO, BROTLI ->
              throw new IOException("Its pages are packed with %s.".formatted(codec));
        };
    if (got != size) {
      throw new IOException("A page of it is damaged.");
    }
    return bytes;
  }
}
