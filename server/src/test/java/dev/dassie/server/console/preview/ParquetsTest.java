package dev.dassie.server.console.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parquet files as tables, and files that are none.
class ParquetsTest {
  @TempDir Path folder;

  private static Preview preview(byte[] file) throws IOException {
    return new Parquets().of(file.length, bytes(file));
  }

  private static Previews.Bytes bytes(byte[] file) {
    return (offset, length) -> Arrays.copyOfRange(file, (int) offset, (int) offset + length);
  }

  @Test
  void aFileIsATableWithTheTypesThatItDeclares() throws IOException {
    byte[] file = ParquetSample.of(folder, 1_000, CompressionCodecName.SNAPPY);

    Preview.Table table = (Preview.Table) preview(file);

    assertThat(table.total()).isEqualTo(Optional.of(1_000L));
    assertThat(table.rows()).hasSize(Tables.ROWS);
    assertThat(table.read()).isEqualTo(1_000);
    assertThat(table.columns())
        .extracting(Preview.Column::type)
        .containsExactly(
            "integer int64",
            "text string",
            "number double",
            "date",
            "timestamp(millis,true)",
            "number decimal(9,2)",
            "group");
    assertThat(table.rows().get(2))
        .isEqualTo(
            List.of(
                "2",
                "<script>alert(1)</script>",
                "1.0",
                "2022-01-10",
                "2023-11-14T22:13:20.002Z",
                "12.52",
                "{city: Bern, codes: [3000, 2]}"));
    assertThat(table.columns().get(1).empty()).isEqualTo(250);
    assertThat(table.columns().get(0).most()).isEqualTo(Optional.of("999"));
  }

  @Test
  void everyUsualCompressionIsRead() throws IOException {
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW)) {
      Preview preview = preview(ParquetSample.of(folder, 10, codec));

      assertThat(preview).as(codec.name()).isInstanceOf(Preview.Table.class);
      assertThat(((Preview.Table) preview).whole()).isTrue();
    }
  }

  @Test
  void ofAFileOnlyWhatIsShownIsRead() throws IOException {
    byte[] file = ParquetSample.of(folder, 200_000, CompressionCodecName.UNCOMPRESSED);
    AtomicLong read = new AtomicLong();

    Preview preview =
        new Parquets()
            .of(
                file.length,
                (offset, length) -> {
                  read.addAndGet(length);
                  return bytes(file).read(offset, length);
                });

    assertThat(preview).isInstanceOf(Preview.Table.class);
    assertThat(read.get()).isLessThan(2L * file.length);
  }

  @Test
  void whatIsNoParquetFileIsSaidToBeNone() throws IOException {
    byte[] good = ParquetSample.of(folder, 100, CompressionCodecName.SNAPPY);
    byte[] cut = Arrays.copyOf(good, good.length - 10);
    byte[] torn = good.clone();
    Arrays.fill(torn, 4, torn.length / 2, (byte) 0xff);
    byte[] wide = good.clone();
    System.arraycopy(new byte[] {-1, -1, -1, 0x7f}, 0, wide, wide.length - 8, 4);
    // A footer whose list of schema elements says that it has 2^31 - 1 of them.
    byte[] many =
        HexFormat.of().parseHex("50415231" + "150219fcffffffff07" + "09000000" + "50415231");

    for (byte[] file :
        List.of(
            HexFormat.of().parseHex("5041523150415231"), new byte[] {1}, cut, torn, wide, many)) {
      assertThat(preview(file)).isInstanceOf(Preview.Unshown.class);
    }
  }

  @Test
  void bytesThatAreChangedAnywhereGiveATableOrASentence() throws IOException {
    byte[] good = ParquetSample.of(folder, 300, CompressionCodecName.ZSTD);
    for (int seed = 0; seed < 16; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] file = good.clone();
      // Every other time in the footer, where numbers say how much there is of everything.
      int from = seed % 2 == 0 ? 4 : good.length - 1_000;
      for (int i = 0; i <= seed; i++) {
        file[random.nextInt(from, good.length - 8)] = (byte) random.nextInt();
      }

      Preview preview = preview(file);

      assertThat(preview)
          .as("seed %d", seed)
          .isInstanceOfAny(Preview.Table.class, Preview.Unshown.class);
    }
  }

  @Test
  void aValueThatUnpacksToMuchMoreThanIsStoredIsShownOrRefused() throws IOException {
    byte[] file = ParquetSample.ofOneValue(folder, 40 << 20);
    assertThat(file.length).isLessThan(1 << 20);

    Preview preview = preview(file);

    if (preview instanceof Preview.Table table) {
      assertThat(table.rows().getFirst().get(1).length()).isLessThan(1_000);
    } else {
      assertThat(((Preview.Unshown) preview).sentence()).contains("256 MB");
    }
  }

  @Test
  void whatTakesTooLongIsEnded() throws IOException {
    byte[] file = ParquetSample.of(folder, 10, CompressionCodecName.SNAPPY);

    Preview preview = new Parquets(Duration.ofMillis(1)).of(file.length, bytes(file));

    assertThat(((Preview.Unshown) preview).sentence()).contains("longer than");
  }
}
