package dev.dassie.server.console.preview;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Compressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.xerial.snappy.Snappy;

/// Parquet files for tests.
public final class ParquetSample {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message sample {
            required int64 id;
            optional binary name (STRING);
            optional double weight;
            required int32 day (DATE);
            required int64 at (TIMESTAMP(MILLIS,true));
            optional int32 price (DECIMAL(9,2));
            required group place { required binary city (STRING); repeated int32 codes; }
          }
          """);

  private ParquetSample() {}

  /// So many rows; the third has a hostile name, every fourth has none.
  public static byte[] of(Path folder, int rows, CompressionCodecName codec) throws IOException {
    Path file = folder.resolve("sample-" + rows + codec + ".parquet");
    SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(SCHEMA)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Packing())
            .withCompressionCodec(codec)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row =
            groups
                .newGroup()
                .append("id", (long) i)
                .append("weight", i / 2.0)
                .append("day", 19_000 + i)
                .append("at", 1_700_000_000_000L + i)
                .append("price", 1_250 + i);
        if (i % 4 != 3) {
          row.append("name", i == 2 ? "<script>alert(1)</script>" : "name " + i);
        }
        row.addGroup("place").append("city", "Bern").append("codes", 3000).append("codes", i);
        writer.write(row);
      }
    }
    return Files.readAllBytes(file);
  }

  /// One row, of whose name there are so many letters, all the same.
  static byte[] ofOneValue(Path folder, int letters) throws IOException {
    Path file = folder.resolve("value-" + letters + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(SCHEMA)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Packing())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      Group row =
          new SimpleGroupFactory(SCHEMA)
              .newGroup()
              .append("id", 0L)
              .append("name", "x".repeat(letters))
              .append("day", 19_000)
              .append("at", 1_700_000_000_000L);
      row.addGroup("place").append("city", "Bern");
      writer.write(row);
    }
    return Files.readAllBytes(file);
  }

  private static final class Packing implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
          return BytesInput.from(packed(codec, ParquetCodecs.bytes(bytes)));
        }

        @Override
        public CompressionCodecName getCodecName() {
          return codec;
        }

        @Override
        public void release() {
          // Nothing is held.
        }
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release() {
      // Nothing is held.
    }

    private static byte[] packed(CompressionCodecName codec, byte[] bytes) throws IOException {
      return switch (codec) {
        case UNCOMPRESSED -> bytes;
        case SNAPPY -> Snappy.compress(bytes);
        case ZSTD -> Zstd.compress(bytes);
        case GZIP -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
          }
          yield out.toByteArray();
        }
        default -> {
          Lz4Compressor lz4 = new Lz4Compressor();
          byte[] out = new byte[lz4.maxCompressedLength(bytes.length)];
          int length = lz4.compress(bytes, 0, bytes.length, out, 0, out.length);
          yield Arrays.copyOf(out, length);
        }
      };
    }
  }
}
