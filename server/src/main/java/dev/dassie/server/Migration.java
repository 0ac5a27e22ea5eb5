package dev.dassie.server;

import dev.dassie.content.Digest;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Moves an instance to another database, another store, or both. All ids stay: rows, feed and
/// objects are the same bytes under the same names. What was copied is read again and compared;
/// then the old place is closed to servers, and the new one opened. Broken off anywhere, the same
/// move made again goes on. No server may use either place meanwhile.
final class Migration {
  /// Beneath which all objects are but those that say whose store it is.
  static final String PACKS = "packs/";

  private static final int PAGE = 500;
  private static final int PIECE = 8 << 20;

  /// One end. Where only one of the two moves, both ends have the other in common.
  ///
  /// @param database how people are told of it
  /// @param store how people are told of it
  record Place(Metadata metadata, String database, ObjectStore objects, String store) {
    Pairing pairing() {
      return new Pairing(metadata, database, objects, store);
    }
  }

  /// What is there now. Objects and bytes are 0 where the store stayed, the others where the
  /// database did.
  record Moved(long objects, long bytes, long rows, long events) {}

  private final Place from;
  private final Place to;
  private final boolean database;
  private final boolean store;
  private final Consumer<String> progress;

  Migration(Place from, Place to, Consumer<String> progress) {
    this.from = from;
    this.to = to;
    this.database = !from.database().equals(to.database());
    this.store = !from.store().equals(to.store());
    this.progress = progress;
  }

  /// Nothing where a move that was broken off at its very end had all copied and compared.
  Optional<Moved> run() {
    String id = from.pairing().idForMove(to);
    Optional<Closing> handed = database ? Closing.of(from.metadata()) : Closing.of(from.objects());
    if (handed.isPresent()) {
      // A server may have used the new place since, so nothing is copied to it any more.
      if (Closing.of(to.metadata()).isEmpty() && Closing.of(to.objects()).isEmpty()) {
        throw handed.get().refusal("The instance of `%s`".formatted(from.database()));
      }
      hand(id);
      return Optional.empty();
    }
    if (database) {
      checkDatabase(id);
    }
    if (store) {
      checkStore(id);
    }
    if (database && Closing.of(to.metadata()).isEmpty()) {
      new Closing(Closing.Way.MOVING_FROM, from.database()).close(to.metadata());
    }
    if (store && Closing.of(to.objects()).isEmpty()) {
      new Closing(Closing.Way.MOVING_FROM, from.store()).close(to.objects());
    }
    ObjectStore.Usage objects = store ? objects() : new ObjectStore.Usage(0, 0);
    RowCopy.Sum rows = new RowCopy.Sum(0, 0, Digest.of(new byte[0]));
    if (database) {
      progress.accept("The database …");
      rows = new RowCopy(from.metadata(), to.metadata()).run();
    }
    hand(id);
    return Optional.of(new Moved(objects.objects(), objects.bytes(), rows.rows(), rows.events()));
  }

  /// Each step may be the last one that is made, and all may be made again.
  private void hand(String id) {
    if (database) {
      new Closing(Closing.Way.MOVED_TO, to.database()).close(from.metadata());
    }
    if (store && Closing.of(from.objects()).isEmpty()) {
      new Closing(Closing.Way.MOVED_TO, to.store()).close(from.objects());
    }
    to.pairing().adopt(id);
    if (store) {
      Closing.open(to.objects());
    }
    if (database) {
      Closing.open(to.metadata());
    }
  }

  private void checkDatabase(String id) {
    Optional<Closing> closing = Closing.of(to.metadata());
    boolean resumed =
        closing.equals(Optional.of(new Closing(Closing.Way.MOVING_FROM, from.database())));
    boolean former =
        closing.map(Closing::way).equals(Optional.of(Closing.Way.MOVED_TO))
            && to.pairing().id().equals(Optional.of(id));
    if (!resumed && !former && (closing.isPresent() || !RowCopy.isNew(to.metadata()))) {
      throw taken("The database", to.database());
    }
  }

  private void checkStore(String id) {
    Optional<Closing> closing = Closing.of(to.objects());
    Optional<String> found = to.pairing().found();
    boolean ours = found.isEmpty() || found.equals(Optional.of(id));
    boolean resumed =
        closing.equals(Optional.of(new Closing(Closing.Way.MOVING_FROM, from.store())));
    boolean former =
        closing.map(Closing::way).equals(Optional.of(Closing.Way.MOVED_TO)) && found.isPresent();
    boolean empty = found.isEmpty() && to.objects().list(PACKS, "", 1).isEmpty();
    if (!ours || (!resumed && !former && (closing.isPresent() || !empty))) {
      throw taken("The store", to.store());
    }
  }

  private static RuntimeException taken(String what, String place) {
    return new Fault.Conflict(
            "%s `%s` is not empty; expected a new one, or the one that this instance came from."
                .formatted(what, place),
            Optional.of("Nothing was changed."))
        .asException();
  }

  /// Copies what is not there yet, and compares everything.
  private ObjectStore.Usage objects() {
    ObjectStore.Usage done = new ObjectStore.Usage(0, 0);
    for (List<String> keys = from.objects().list(PACKS, "", PAGE);
        !keys.isEmpty();
        keys = from.objects().list(PACKS, keys.getLast(), PAGE)) {
      for (String key : keys) {
        done = new ObjectStore.Usage(done.objects() + 1, done.bytes() + object(key));
      }
      progress.accept("%,d objects, %,d MiB …".formatted(done.objects(), done.bytes() / (1 << 20)));
    }
    return done;
  }

  private long object(String key) {
    long size = from.objects().size(key);
    Optional<Long> there = sizeThere(key);
    Digest read;
    if (there.isEmpty()) {
      try (ObjectStore.Upload upload = to.objects().upload()) {
        read = read(from.objects(), key, size, upload::write);
        upload.publish(key);
      }
    } else {
      read = read(from.objects(), key, size, piece -> {});
    }
    long written = there.orElse(size);
    if (written != size || !read.equals(read(to.objects(), key, size, piece -> {}))) {
      throw new Fault.Corrupt(
              "The object `%s` in `%s`".formatted(key, to.store()),
              "the %,d bytes of `%s`".formatted(size, from.store()),
              "%,d others".formatted(written))
          .asException();
    }
    return size;
  }

  private Optional<Long> sizeThere(String key) {
    try {
      return Optional.of(to.objects().size(key));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Digest read(
      ObjectStore objects, String key, long size, Consumer<ByteBuffer> target) {
    MessageDigest digest = Digest.sha256();
    for (long at = 0; at < size; at += PIECE) {
      ByteBuffer piece = objects.read(key, at, (int) Math.min(PIECE, size - at));
      digest.update(piece.duplicate());
      target.accept(piece);
    }
    return Digest.ofHash(digest.digest());
  }
}
