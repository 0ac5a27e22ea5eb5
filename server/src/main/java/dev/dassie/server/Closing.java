package dev.dassie.server;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Why no server may use a database or a store: it was moved, or something is being moved into it.
/// Stands in the row `server`/`closed` of a database, and in the object `store-closed` of a store
/// (docs/format.md, "Database and store").
///
/// @param place the other end, as people are told of it
record Closing(Way way, String place) {
  static final Metadata.Key ROW = new Metadata.Key("server", "closed");
  static final String OBJECT = "store-closed";

  private static final int VERSION = 1;
  private static final int MOST_BYTES = 10_000;

  /// What happened, as it is stored.
  enum Way {
    MOVED_TO("moved to "),
    MOVING_FROM("moving from ");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  private String text() {
    return way.words + place;
  }

  private static Closing parse(String what, String text) {
    for (Way way : Way.values()) {
      if (text.startsWith(way.words)) {
        return new Closing(way, text.substring(way.words.length()));
      }
    }
    throw new Fault.Corrupt(what, "`moved to` or `moving from`", "`" + text + "`").asException();
  }

  /// What is said of a database.
  static Optional<Closing> of(Metadata metadata) {
    return metadata
        .read(rows -> rows.get(ROW))
        .map(bytes -> {
          Decoder decoder = new Decoder("The row `server`/`closed`", bytes);
          int version = decoder.u8();
          if (version != VERSION) {
            throw new Fault.Corrupt(
                    "The row `server`/`closed`", "version " + VERSION, "version " + version)
                .asException();
          }
          return parse("The row `server`/`closed`", decoder.string());
        });
  }

  /// What is said of a store.
  static Optional<Closing> of(ObjectStore objects) {
    try {
      int size = (int) Math.min(MOST_BYTES, objects.size(OBJECT));
      ByteBuffer bytes = objects.read(OBJECT, 0, size);
      String text = StandardCharsets.UTF_8.decode(bytes).toString().strip();
      return Optional.of(parse("The object `" + OBJECT + "`", text));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Says so of a database.
  void close(Metadata metadata) {
    metadata.<Boolean>write(writer -> {
      writer.put(ROW, new Encoder().u8(VERSION).string(text()).toBytes());
      return true;
    });
  }

  /// Says so of a store, of which nothing is said.
  void close(ObjectStore objects) {
    try (ObjectStore.Upload upload = objects.upload()) {
      upload.write(ByteBuffer.wrap((text() + "\n").getBytes(StandardCharsets.UTF_8)));
      upload.publish(OBJECT);
    }
  }

  static void open(Metadata metadata) {
    metadata.<Boolean>write(writer -> {
      writer.delete(ROW);
      return true;
    });
  }

  static void open(ObjectStore objects) {
    objects.delete(OBJECT);
  }

  /// For a server that is told to use it.
  ///
  /// @param what `The database` or `The store`, and its place
  RuntimeException refusal(String what) {
    return switch (way) {
      case MOVED_TO ->
          new Fault.Conflict(
                  "%s was moved to `%s`, and is used no more.".formatted(what, place),
                  Optional.of("Start the server there, or move it back with `dassie migrate`."))
              .asException();
      case MOVING_FROM ->
          new Fault.Conflict(
                  "%s holds what an unfinished `dassie migrate` from `%s` wrote."
                      .formatted(what, place),
                  Optional.of("Run the same command again: it goes on where it stopped."))
              .asException();
    };
  }
}
