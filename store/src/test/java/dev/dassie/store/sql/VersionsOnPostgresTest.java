package dev.dassie.store.sql;

import dev.dassie.metadata.Metadata;
import dev.dassie.store.backend.PostgresServer;
import java.util.Map;

class VersionsOnPostgresTest extends VersionsOnSqlContract {
  private final String name = PostgresServer.shared().newDatabase();

  @Override
  protected Metadata database() {
    return PostgresMetadata.shared(
        PostgresAddress.parse(
            "postgresql://dassie@127.0.0.1:" + PostgresServer.shared().port() + "/" + name,
            Map.of()),
        PostgresLimits.defaults());
  }
}
