package dev.dassie.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// Writes one segment of the chunk index: records in the order of their digests, then the packs it
/// covers. It appears whole and durable or not at all. Not thread-safe.
final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final Path folder;
  private final Path target;
  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final CRC32C crc = new CRC32C();
  private final Map<PackId, Integer> packs = new LinkedHashMap<>();
  private long records;

  /// Starts the segment that will be `name` in `folder`.
  SegmentWriter(Path folder, String name) throws IOException {
    this.folder = folder;
    this.target = folder.resolve(name);
    this.file = folder.resolve(name + ".tmp");
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    buffer.putLong(SegmentFormat.MAGIC).putInt(SegmentFormat.VERSION).putInt(0);
  }

  /// Lists a pack as covered, whether or not a record names it.
  int cover(PackId pack) {
    Integer known = packs.get(pack);
    if (known != null) {
      return known;
    }
    packs.put(pack, packs.size());
    return packs.size() - 1;
  }

  /// Adds a record; digests MUST NOT descend.
  void add(Digest id, Place place) throws IOException {
    room(SegmentFormat.RECORD);
    buffer.putLong(id.word0()).putLong(id.word1()).putLong(id.word2()).putLong(id.word3());
    SegmentFormat.putPlace(buffer, cover(place.pack()), place);
    records++;
  }

  /// Makes the segment durable and visible.
  void publish() throws IOException {
    for (PackId pack : packs.keySet()) {
      room(SegmentFormat.PACK);
      SegmentFormat.putPack(buffer, pack);
    }
    room(SegmentFormat.TRAILER);
    buffer.putLong(records).putInt(packs.size());
    flush();
    buffer.putInt((int) crc.getValue());
    flush();
    channel.force(true);
    channel.close();
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(folder);
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    crc.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /// Discards what is not published.
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
