package dev.dassie.store.sql;

import java.time.Duration;

/// How long a PostgreSQL database may keep us waiting.
///
/// @param connect for a connection to be made
/// @param statement for one statement
/// @param lock for the writer's lock, while another server writes; less than `statement`
/// @param idle for a transaction in which nothing happens, after which the server ends it
/// @param patience for a database that is away, before a call is refused
public record PostgresLimits(
    Duration connect, Duration statement, Duration lock, Duration idle, Duration patience) {
  /// What a server uses.
  public static PostgresLimits defaults() {
    return new PostgresLimits(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofSeconds(15));
  }
}
