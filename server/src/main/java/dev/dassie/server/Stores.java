package dev.dassie.server;

import dev.dassie.content.ObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.metadata.Metadata;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.s3.S3Limits;
import dev.dassie.store.s3.S3ObjectStore;
import dev.dassie.store.sql.PostgresAddress;
import dev.dassie.store.sql.PostgresLimits;
import dev.dassie.store.sql.PostgresMetadata;
import dev.dassie.store.sql.SqliteMetadata;
import dev.dassie.version.Rebuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/// Where an instance keeps bytes and everything else, as it was configured. The libraries for S3
/// and PostgreSQL are loaded only where they are used. Closing ends both.
final class Stores implements AutoCloseable {
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final Metadata metadata;
  private final String database;
  private final ObjectStore objects;
  private final String store;
  private final Pairing pairing;

  /// Opens both, the database first: it refuses a second server.
  ///
  /// @param environment of this process, which may say user and password of the database
  /// @param whenLost called once, where another server took the database; it must return at once
  Stores(
      Configuration configuration, Home home, Map<String, String> environment, Runnable whenLost) {
    try {
      if (configuration.database().equals("sqlite")) {
        database = home.database().toString();
        metadata = new SqliteMetadata(home.database());
      } else {
        PostgresAddress address = PostgresAddress.parse(configuration.database(), environment);
        database = address.toString();
        metadata =
            PostgresMetadata.alone(address, PostgresLimits.defaults(), thisServer(), whenLost);
      }
      closing.push(metadata::close);
      ObjectStore opened;
      if (configuration.store().equals("disk")) {
        store = home.store().toString();
        opened = new DiskObjectStore(home.store());
      } else {
        S3Address address = S3Address.parse(configuration.store());
        store = address.toString();
        S3ObjectStore s3 =
            new S3ObjectStore(
                address, S3Limits.defaults(), home.remote(), configuration.storeCache());
        closing.push(s3::close);
        opened = s3;
      }
      pairing = new Pairing(metadata, database, opened, store);
      if (configuration.rebuild()) {
        pairing.checkNew();
      } else {
        pairing.check();
      }
      objects =
          metadata instanceof PostgresMetadata ? new ClaimedObjects(opened, metadata) : opened;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Who has the database, for the server that is refused it.
  private static String thisServer() {
    String host;
    try {
      host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      host = "unknown";
    }
    return "process %d on `%s`".formatted(ProcessHandle.current().pid(), host);
  }

  /// Makes the database from what stands in the packs, and pairs it with the store. Returns the
  /// number of commits. A crash before its end leaves a database that is refused.
  long rebuild(Packs packs) {
    long commits = new Rebuild(metadata).run(packs.treeChunks(), packs);
    pairing.adopt();
    return commits;
  }

  ObjectStore objects() {
    return objects;
  }

  Metadata metadata() {
    return metadata;
  }

  /// Where bytes are, for people.
  String store() {
    return store;
  }

  /// Where everything else is, for people; never with a password.
  String database() {
    return database;
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
