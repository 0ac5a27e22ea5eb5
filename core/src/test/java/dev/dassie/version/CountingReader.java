package dev.dassie.version;

import dev.dassie.metadata.Metadata;
import java.util.List;
import java.util.Optional;

/// Counts what is read.
final class CountingReader {
  private int gets;
  private int rows;

  int gets() {
    return gets;
  }

  /// Rows that scans returned.
  int rows() {
    return rows;
  }

  Metadata.Reader over(Metadata.Reader reader) {
    return new Metadata.Reader() {
      @Override
      public Optional<byte[]> get(Metadata.Key key) {
        gets++;
        return reader.get(key);
      }

      @Override
      public List<Metadata.Row> scan(String table, String prefix, String after, int limit) {
        return counted(reader.scan(table, prefix, after, limit));
      }

      @Override
      public List<Metadata.Row> scanBackwards(
          String table, String prefix, String before, int limit) {
        return counted(reader.scanBackwards(table, prefix, before, limit));
      }

      @Override
      public List<String> tables() {
        return reader.tables();
      }
    };
  }

  private List<Metadata.Row> counted(List<Metadata.Row> found) {
    rows += found.size();
    return found;
  }
}
