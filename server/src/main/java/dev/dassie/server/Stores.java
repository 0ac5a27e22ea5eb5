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

  /// One of the two, opened.
  ///
  /// @param place where it is, for people; never with a password
  record Opened<T>(T value, String place, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
      closing.run();
    }
  }

  /// Opens both, the database first: it refuses a second server.
  ///
  /// @param environment of this process, which may say user and password of the database
  /// @param whenLost called once, where another server took the database; it must return at once
  Stores(
      Configuration configuration, Home home, Map<String, String> environment, Runnable whenLost) {
    try {
      Opened<Metadata> rows = openDatabase(configuration, home, environment, whenLost);
      closing.push(rows::close);
      metadata = rows.value();
      database = rows.place();
      Opened<ObjectStore> opened = openStore(configuration, home.store(), home.remote());
      closing.push(opened::close);
      store = opened.place();
      pairing = new Pairing(metadata, database, opened.value(), store);
      if (configuration.rebuild()) {
        pairing.checkNew();
      } else {
        pairing.check();
      }
      objects =
          metadata instanceof PostgresMetadata
              ? new ClaimedObjects(opened.value(), metadata)
              : opened.value();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// The parameters are those of the constructor.
  static Opened<Metadata> openDatabase(
      Configuration configuration, Home home, Map<String, String> environment, Runnable whenLost) {
    if (configuration.database().equals("sqlite")) {
      Metadata rows = new SqliteMetadata(home.database());
      return new Opened<>(rows, home.database().toString(), rows::close);
    }
    PostgresAddress address = PostgresAddress.parse(configuration.database(), environment);
    Metadata rows =
        PostgresMetadata.alone(address, PostgresLimits.defaults(), thisServer(), whenLost);
    return new Opened<>(rows, address.toString(), rows::close);
  }

  /// @param disk where it is where no other place was configured
  /// @param remote for what another place keeps on the local disk
  static Opened<ObjectStore> openStore(Configuration configuration, Path disk, Path remote) {
    if (configuration.store().equals("disk")) {
      return new Opened<>(new DiskObjectStore(disk), disk.toString(), () -> {});
    }
    S3Address address = S3Address.parse(configuration.store());
    S3ObjectStore objects =
        new S3ObjectStore(address, S3Limits.defaults(), remote, configuration.storeCache());
    return new Opened<>(objects, address.toString(), objects::close);
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

  /// The id of the store, by which others know that they have the same.
  String id() {
    return pairing.id().orElse("");
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
