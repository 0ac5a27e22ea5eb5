package dev.dassie.store.sql;

import dev.dassie.metadata.Metadata;

class VersionsOnSqliteTest extends VersionsOnSqlContract {
  @Override
  protected Metadata database() {
    return new SqliteMetadata(folder.resolve("meta.db"));
  }
}
