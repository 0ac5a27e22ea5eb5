/// [dev.dassie.metadata.Metadata] in a SQL database. SQLite here; the schema and statements are
/// plain enough for PostgreSQL.
@NullMarked
package dev.dassie.store.sql;

import org.jspecify.annotations.NullMarked;
