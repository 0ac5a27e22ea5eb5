/// [dev.dassie.metadata.Metadata] in a SQL database: [SqliteMetadata] in a file for one server,
/// [PostgresMetadata] for several. One schema, one set of statements; `Dialect` says what differs.
@NullMarked
package dev.dassie.store.sql;

import org.jspecify.annotations.NullMarked;
