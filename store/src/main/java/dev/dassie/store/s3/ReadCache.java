package dev.dassie.store.s3;

import dev.dassie.content.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/// Blocks of objects on the local disk, in two files of a fixed number of slots: `blocks` holds
/// their bytes, `slots` says of each whose they are, with a checksum over both. The block that was
/// not used for the longest time makes room for the next. Thread-safe.
///
/// Nothing is synced and nothing is written in order, since nothing is believed: a block whose
/// checksum does not match (damage, a crash, a slot that was just given to another) is a miss. A
/// disk that is full or broken makes the cache useless, never wrong, and never an error.
final class ReadCache implements AutoCloseable {
  /// Bytes of a block; the last of an object may have fewer.
  static final int BLOCK = 256 << 10;

  private static final int SLOT = 32;
  private static final int KEY = 16;

  /// Which block of which object.
  private record Id(long high, long low, int block) {}

  private record Slot(int number, int length, int checksum) {}

  private final String scope;
  private final CacheFile blocks;
  private final CacheFile slots;
  private final int capacity;
  private final Map<Id, Slot> used = new LinkedHashMap<>(64, 0.75f, true);
  private final Deque<Integer> free = new ArrayDeque<>();
  private final AtomicLong troubles = new AtomicLong();

  /// Opens the cache in a folder, with what is left of the last time.
  ///
  /// @param scope the store whose objects these are: another one's are never found
  /// @param limit bytes that the blocks may take, at least one block
  ReadCache(Path folder, String scope, long limit) {
    this.scope = scope;
    capacity = Math.clamp(limit / BLOCK, 1, Integer.MAX_VALUE / 4);
    try {
      Files.createDirectories(folder);
      blocks = new CacheFile(folder.resolve("blocks"));
      slots = new CacheFile(folder.resolve("slots"));
      long rows = Math.min(capacity, slots.size() / SLOT);
      slots.truncate(rows * SLOT);
      blocks.truncate((long) capacity * BLOCK);
      readSlots((int) rows);
    } catch (IOException e) {
      throw ObjectStore.translate(folder.toString(), e);
    }
  }

  private void readSlots(int rows) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(SLOT * 2048);
    for (int number = 0; number < rows; ) {
      page.clear().limit(Math.min(page.capacity(), (rows - number) * SLOT));
      slots.read(page, (long) number * SLOT);
      for (page.flip(); page.hasRemaining(); number++) {
        Id id = new Id(page.getLong(), page.getLong(), page.getInt());
        Slot slot = new Slot(number, page.getInt(), page.getInt());
        page.getInt();
        boolean known = slot.length() > 0 && slot.length() <= BLOCK && id.block() >= 0;
        if (!known || used.putIfAbsent(id, slot) != null) {
          free.add(number);
        }
      }
    }
    for (int number = rows; number < capacity; number++) {
      free.add(number);
    }
  }

  /// The bytes of a block, where it is here and whole.
  Optional<ByteBuffer> get(String key, int block) {
    Id id = id(key, block);
    Optional<Slot> found;
    synchronized (used) {
      found = Optional.ofNullable(used.get(id));
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Slot slot = found.get();
    ByteBuffer bytes = ByteBuffer.allocate(slot.length());
    try {
      blocks.read(bytes, (long) slot.number() * BLOCK);
      bytes.flip();
      if (checksum(id, bytes) == slot.checksum()) {
        return Optional.of(bytes);
      }
    } catch (IOException e) {
      trouble(e);
    }
    drop(id, slot);
    return Optional.empty();
  }

  /// Whether a block was put here and not pushed out; it may be damaged.
  boolean has(String key, int block) {
    Id id = id(key, block);
    synchronized (used) {
      return used.containsKey(id);
    }
  }

  /// Keeps a copy of a block.
  void put(String key, int block, ByteBuffer bytes) {
    Id id = id(key, block);
    int number;
    synchronized (used) {
      if (used.containsKey(id)) {
        return;
      }
      number = free.isEmpty() ? evict() : free.remove();
    }
    if (number < 0) {
      return;
    }
    Slot slot = new Slot(number, bytes.remaining(), checksum(id, bytes.duplicate()));
    try {
      blocks.write(bytes.duplicate(), (long) number * BLOCK);
      writeSlot(id, slot);
    } catch (IOException e) {
      trouble(e);
      synchronized (used) {
        free.add(number);
      }
      return;
    }
    synchronized (used) {
      if (used.putIfAbsent(id, slot) != null) {
        free.add(number);
      }
    }
  }

  /// The slot of the block that was not used for the longest time; -1 where all are being written.
  private int evict() {
    Iterator<Slot> eldest = used.values().iterator();
    if (!eldest.hasNext()) {
      return -1;
    }
    int number = eldest.next().number();
    eldest.remove();
    return number;
  }

  /// Forgets all blocks of an object.
  void forget(String key) {
    Id first = id(key, 0);
    synchronized (used) {
      Iterator<Map.Entry<Id, Slot>> all = used.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<Id, Slot> entry = all.next();
        Id id = entry.getKey();
        if (id.high() == first.high() && id.low() == first.low()) {
          all.remove();
          erase(entry.getValue());
        }
      }
    }
  }

  private void drop(Id id, Slot slot) {
    synchronized (used) {
      // Given to another block meanwhile, it is none of ours.
      if (used.remove(id, slot)) {
        erase(slot);
      }
    }
  }

  private void erase(Slot slot) {
    try {
      writeSlot(new Id(0, 0, 0), new Slot(slot.number(), 0, 0));
    } catch (IOException e) {
      trouble(e);
    }
    free.add(slot.number());
  }

  private void writeSlot(Id id, Slot slot) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(SLOT);
    row.putLong(id.high()).putLong(id.low()).putInt(id.block());
    row.putInt(slot.length()).putInt(slot.checksum()).putInt(0).flip();
    slots.write(row, (long) slot.number() * SLOT);
  }

  private Id id(String key, int block) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((scope + "\n" + key).getBytes(StandardCharsets.UTF_8));
      ByteBuffer first = ByteBuffer.wrap(digest, 0, KEY);
      return new Id(first.getLong(), first.getLong(), block);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static int checksum(Id id, ByteBuffer bytes) {
    CRC32C sum = new CRC32C();
    sum.update(
        ByteBuffer.allocate(KEY + 8)
            .putLong(id.high())
            .putLong(id.low())
            .putInt(id.block())
            .putInt(bytes.remaining())
            .flip());
    sum.update(bytes.duplicate());
    return (int) sum.getValue();
  }

  private void trouble(IOException e) {
    if (troubles.getAndIncrement() == 0) {
      System.getLogger("dassie.store.s3")
          .log(System.Logger.Level.WARNING, "the read cache is of no use: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      blocks.close();
      slots.close();
    } catch (IOException e) {
      trouble(e);
    }
  }
}
