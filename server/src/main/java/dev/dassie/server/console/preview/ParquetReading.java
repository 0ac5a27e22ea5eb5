package dev.dassie.server.console.preview;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/// Reads the beginning of a Parquet file: as many columns and row groups as bounds allow, since a
/// row group is in memory whole.
final class ParquetReading {
  /// Bytes of column chunks that are read, as they are stored and as they say they become.
  private static final long STORED = 32L << 20;

  private static final long UNPACKED = 96L << 20;
  private static final int MEASURED = 10_000;
  private static final int NAME = 200;

  private ParquetReading() {}

  /// @throws IOException also where it is no such file
  static ParquetTable of(InputFile file) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withUseHadoopVectoredIo(false)
            .withCodecFactory(new ParquetCodecs())
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(file, options)) {
      MessageType whole = reader.getFooter().getFileMetaData().getSchema();
      List<BlockMetaData> groups = reader.getRowGroups();
      List<Type> fields = chosen(whole, groups);
      if (fields.isEmpty()) {
        throw new IOException(
            "Its first column has more than %d MiB in one row group, which is more than a preview"
                    .formatted(STORED >> 20)
                + " reads.");
      }
      MessageType schema = new MessageType(whole.getName(), fields);
      reader.setRequestedSchema(schema);
      Columns columns = new Columns(fields.stream().map(ParquetReading::name).toList());
      List<List<String>> rows = new ArrayList<>();
      long read = 0;
      long spent = 0;
      for (BlockMetaData group : groups) {
        spent += stored(group, fields);
        if (read >= MEASURED || (read > 0 && spent > STORED)) {
          break;
        }
        PageReadStore pages = reader.readNextRowGroup();
        MessageColumnIO io = new ColumnIOFactory().getColumnIO(schema);
        RecordReader<Group> records = io.getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount() && read < MEASURED; i++) {
          List<String> row = ParquetValues.row(records.read());
          columns.add(row);
          if (rows.size() < Tables.ROWS) {
            rows.add(row);
          }
          read++;
        }
      }
      return new ParquetTable(
          reader.getRecordCount(),
          typed(columns.done(), fields),
          whole.getFieldCount() - fields.size(),
          rows,
          read);
    }
  }

  private static String name(Type field) {
    return field.getName().substring(0, Math.min(NAME, field.getName().length()));
  }

  /// The first fields whose chunks in the first row group are small enough together.
  private static List<Type> chosen(MessageType schema, List<BlockMetaData> groups) {
    Map<String, long[]> sizes = new HashMap<>();
    if (!groups.isEmpty()) {
      for (ColumnChunkMetaData chunk : groups.getFirst().getColumns()) {
        long[] size = sizes.computeIfAbsent(chunk.getPath().toArray()[0], path -> new long[2]);
        size[0] += chunk.getTotalSize();
        size[1] += chunk.getTotalUncompressedSize();
      }
    }
    List<Type> fields = new ArrayList<>();
    long stored = 0;
    long unpacked = 0;
    for (Type field : schema.getFields()) {
      long[] size = sizes.getOrDefault(field.getName(), new long[2]);
      stored += size[0];
      unpacked += size[1];
      if (fields.size() == Tables.COLUMNS || stored > STORED || unpacked > UNPACKED) {
        break;
      }
      fields.add(field);
    }
    return fields;
  }

  private static long stored(BlockMetaData group, List<Type> fields) {
    List<String> names = fields.stream().map(Type::getName).toList();
    return group.getColumns().stream()
        .filter(chunk -> names.contains(chunk.getPath().toArray()[0]))
        .mapToLong(ColumnChunkMetaData::getTotalSize)
        .sum();
  }

  /// The columns with the types that the file declares.
  private static List<Preview.Column> typed(List<Preview.Column> measured, List<Type> fields) {
    List<Preview.Column> columns = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      Preview.Column one = measured.get(i);
      Optional<String> least = one.least();
      columns.add(
          new Preview.Column(
              one.name(),
              ParquetValues.type(fields.get(i)),
              one.empty(),
              one.distinct(),
              least,
              one.most()));
    }
    return columns;
  }
}
