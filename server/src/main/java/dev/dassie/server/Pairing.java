package dev.dassie.server;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/// That a database and an object store belong together. A collection of garbage deletes what the
/// database does not know, so that a store with the objects of another database must never be
/// opened. Both hold one random id (docs/format.md, "Database and store").
///
/// The row is written first, then the object, then the row once more: a crash in between is gone on
/// from, and of two databases that want one empty store one gets it.
final class Pairing {
  static final String OBJECT = "store-id";
  static final Metadata.Key ROW = new Metadata.Key("server", "store");

  private static final int VERSION = 1;

  /// @param sealed whether the object is known to have been written
  private record Row(String id, boolean sealed) {
    byte[] encoded() {
      return new Encoder().u8(VERSION).string(id).bool(sealed).toBytes();
    }

    static Row decoded(byte[] bytes) {
      Decoder decoder = new Decoder("The row `server`/`store`", bytes);
      int version = decoder.u8();
      if (version != VERSION) {
        throw new Fault.Corrupt(
                "The row `server`/`store`", "version " + VERSION, "version " + version)
            .asException();
      }
      return new Row(decoder.string(), decoder.bool());
    }
  }

  private final Metadata metadata;
  private final String database;
  private final ObjectStore objects;
  private final String store;

  /// @param database how people are told of it
  /// @param store how people are told of it
  Pairing(Metadata metadata, String database, ObjectStore objects, String store) {
    this.metadata = metadata;
    this.database = database;
    this.objects = objects;
    this.store = store;
  }

  /// Pairs the two where neither has been paired.
  ///
  /// @throws DassieException `Conflict` where one of them belongs to another, or was moved
  void check() {
    Closing.of(metadata)
        .ifPresent(closing -> {
          throw closing.refusal("The database `%s`".formatted(database));
        });
    Closing.of(objects)
        .ifPresent(closing -> {
          throw closing.refusal("The store `%s`".formatted(store));
        });
    Optional<Row> row = metadata.read(reader -> reader.get(ROW)).map(Row::decoded);
    Optional<String> found = found();
    if (row.isEmpty()) {
      boolean foreign = metadata.position() == 0 && !objects.list(Migration.PACKS, "", 1).isEmpty();
      if (found.isPresent() || foreign) {
        throw metadata.position() == 0
            ? lost()
            : refused("The store `%s` belongs to another database than `%s`.");
      }
      pair(new Row(newId(), false));
    } else if (found.isPresent() && !found.get().equals(row.get().id())) {
      throw refused("The store `%s` belongs to another database than `%s`.");
    } else if (found.isEmpty() && row.get().sealed()) {
      throw refused("The store `%s` is not the one of the database `%s`: it has no `store-id`.");
    } else if (!row.get().sealed()) {
      pair(row.get());
    }
  }

  /// The id of a pair that is to move. A move to the same place that was broken off at its very end
  /// has closed it already.
  ///
  /// @throws DassieException `Conflict` where they are no pair, or were moved elsewhere
  String idForMove(Migration.Place to) {
    Closing.of(metadata)
        .filter(closing -> !closing.equals(new Closing(Closing.Way.MOVED_TO, to.database())))
        .ifPresent(closing -> {
          throw closing.refusal("The database `%s`".formatted(database));
        });
    Closing.of(objects)
        .filter(closing -> !closing.equals(new Closing(Closing.Way.MOVED_TO, to.store())))
        .ifPresent(closing -> {
          throw closing.refusal("The store `%s`".formatted(store));
        });
    Optional<String> id = id();
    if (id.isEmpty()) {
      throw new Fault.NotFound(
              "instance", database, Optional.of("A server was never started on it."))
          .asException();
    }
    if (!id.equals(found())) {
      throw refused("The store `%s` belongs to another database than `%s`.");
    }
    return id.get();
  }

  /// The id of the store that the database belongs to.
  Optional<String> id() {
    return metadata.read(reader -> reader.get(ROW)).map(Row::decoded).map(Row::id);
  }

  /// Pairs the two under an id that one of them has, or neither.
  void adopt(String id) {
    pair(new Row(id, false));
  }

  /// Refuses a database that is not new: it has a store, or records.
  void checkNew() {
    if (metadata.position() > 0 || metadata.read(reader -> reader.get(ROW)).isPresent()) {
      throw new Fault.Conflict(
              "The database `%s` is not empty; expected a new one to rebuild into."
                  .formatted(database),
              Optional.of("Move what is left of it away, then start again with `--rebuild`."))
          .asException();
    }
  }

  /// Pairs a database that was rebuilt from the store with it.
  void adopt() {
    pair(new Row(found().orElseGet(Pairing::newId), false));
  }

  private void pair(Row row) {
    write(row);
    try (ObjectStore.Upload upload = objects.upload()) {
      upload.write(ByteBuffer.wrap((row.id() + "\n").getBytes(StandardCharsets.US_ASCII)));
      upload.publish(OBJECT);
    } catch (DassieException e) {
      boolean ours =
          e.fault() instanceof Fault.AlreadyExists && found().equals(Optional.of(row.id()));
      if (!ours) {
        throw e;
      }
    }
    write(new Row(row.id(), true));
  }

  private void write(Row row) {
    metadata.<Boolean>write(writer -> {
      writer.put(ROW, row.encoded());
      return true;
    });
  }

  /// The id that the store has.
  Optional<String> found() {
    try {
      ByteBuffer bytes = objects.read(OBJECT, 0, (int) Math.min(64, objects.size(OBJECT)));
      return Optional.of(StandardCharsets.US_ASCII.decode(bytes).toString().strip());
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String newId() {
    byte[] id = new byte[16];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /// The database may be gone.
  private RuntimeException lost() {
    return new Fault.Conflict(
            "The store `%s` belongs to another database than `%s`.".formatted(store, database),
            Optional.of(
                "Start it with the two that belong together; a new database wants a new folder,"
                    + " bucket or prefix. Is its database lost, `dassie server --rebuild` makes"
                    + " one from what stands in the store."))
        .asException();
  }

  private RuntimeException refused(String sentence) {
    return new Fault.Conflict(
            sentence.formatted(store, database),
            Optional.of(
                "Start it with the two that belong together; a new database wants a new folder,"
                    + " bucket or prefix."))
        .asException();
  }
}
