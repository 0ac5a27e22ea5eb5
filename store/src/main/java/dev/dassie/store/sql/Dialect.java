package dev.dassie.store.sql;

/// Where the two databases differ. Everything else is one schema and one set of statements.
enum Dialect {
  /// Text is compared by its UTF-8 bytes. The table of rows is its own index.
  SQLITE("TEXT", "BLOB", "INTEGER", " WITHOUT ROWID", "BEGIN", "BEGIN IMMEDIATE"),
  /// Only the collation `C` compares text by its UTF-8 bytes; the others follow a language.
  POSTGRES(
      "TEXT COLLATE \"C\"",
      "BYTEA",
      "BIGINT",
      "",
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
      "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");

  private final String text;
  private final String bytes;
  private final String number;
  private final String clustered;
  private final String beginRead;
  private final String beginWrite;

  Dialect(
      String text,
      String bytes,
      String number,
      String clustered,
      String beginRead,
      String beginWrite) {
    this.text = text;
    this.bytes = bytes;
    this.number = number;
    this.clustered = clustered;
    this.beginRead = beginRead;
    this.beginWrite = beginWrite;
  }

  /// A statement of the schema with the names of its types filled in.
  String fill(String sql) {
    return sql.replace("{text}", text)
        .replace("{bytes}", bytes)
        .replace("{number}", number)
        .replace("{clustered}", clustered);
  }

  /// Begins a transaction that sees one snapshot.
  String beginRead() {
    return beginRead;
  }

  /// Begins a transaction that changes. In PostgreSQL each statement sees what was committed before
  /// it; the writer's lock, taken first, keeps everybody else from committing.
  String beginWrite() {
    return beginWrite;
  }
}
