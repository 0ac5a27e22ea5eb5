package dev.dassie.content;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A flat store of immutable objects under keys such as `packs/ab/ab12….pack` (`[a-z0-9/._-]`, at
/// most 200 characters). Every implementation passes `ObjectStoreContract` and
/// - MUST show an object whole or not at all, and MUST be safe for many threads;
/// - MUST have made an object durable when `publish` returns;
/// - MUST NOT overwrite: publishing under a key that exists is refused with `AlreadyExists`;
/// - MAY list an object late, but MUST read it once `publish` has returned.
///
/// A full disk is `Fault.Full`; a missing object is `Fault.NotFound`; other trouble is
/// `Unavailable`.
public interface ObjectStore {
  /// Starts a new object. Nothing is visible until it is published.
  Upload upload();

  /// Reads exactly `length` bytes from `offset`; fewer is `Fault.Corrupt`.
  ByteBuffer read(String key, long offset, int length);

  /// The same into a buffer, up to its limit.
  default void read(String key, long offset, ByteBuffer into) {
    into.put(read(key, offset, into.remaining()));
  }

  /// The size of an object in bytes.
  long size(String key);

  /// At most `limit` keys with the prefix, in order, that come after `after`.
  List<String> list(String prefix, String after, int limit);

  /// How many objects have the prefix, and their bytes. Costs as much as to list them all.
  default Usage usage(String prefix) {
    Usage sum = new Usage(0, 0);
    for (List<String> keys = list(prefix, "", 1000);
        !keys.isEmpty();
        keys = list(prefix, keys.getLast(), 1000)) {
      for (String key : keys) {
        sum = new Usage(sum.objects() + 1, sum.bytes() + size(key));
      }
    }
    return sum;
  }

  /// Objects and their bytes.
  record Usage(long objects, long bytes) {}

  /// Forgets an object; one that is not there is no error.
  void delete(String key);

  /// An object that is being written. Not thread-safe. Closing without publishing discards it.
  interface Upload extends AutoCloseable {
    void write(ByteBuffer bytes);

    /// Bytes written so far.
    long position();

    /// Makes the object durable and visible under `key`.
    void publish(String key);

    @Override
    void close();
  }

  /// Refuses a key that breaks the rules above. So that a key is a safe file name everywhere, each
  /// part between slashes starts with a letter or digit, and the first part is not `tmp`.
  static void checkKey(String key) {
    if (key.length() > 200 || !KeyRule.KEY.matcher(key).matches() || key.startsWith("tmp/")) {
      throw new Fault.Invalid(
              "The object key",
              key,
              "at most 200 of `a-z0-9/._-`, each part starting with a letter or digit")
          .asException();
    }
  }

  /// The fault for an error of the operating system at `place`; one translation for all drivers. A
  /// limit on file sizes (`ulimit -f`) counts as a full disk.
  static RuntimeException translate(String place, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("No space left")
        || text.contains("Disk quota exceeded")
        || text.contains("File too large")) {
      return new DassieException(new Fault.Full(place), cause);
    }
    return new DassieException(new Fault.Unavailable("The store `" + place + "`", text), cause);
  }
}
