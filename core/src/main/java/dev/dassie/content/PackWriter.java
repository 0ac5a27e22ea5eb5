package dev.dassie.content;

import dev.dassie.content.ChunkStore.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Builds one pack. Stored blocks stay in memory up to a limit, so that a small pack is written in
/// one piece and can be read before it is published; beyond it they go to the upload. Not
/// thread-safe, save [#published].
final class PackWriter implements AutoCloseable {
  private final ObjectStore objects;
  private final BlockCodec codec;
  private final Role role;
  private final int keep;

  private final List<Block> blocks = new ArrayList<>();
  private final List<byte[]> held = new ArrayList<>();
  private final List<PackFormat.Listed> listed = new ArrayList<>();
  private final Map<Digest, PackFormat.Listed> byId = new HashMap<>();
  private byte[] open = new byte[4096];
  private int openSize;
  private int position = PackFormat.HEADER;
  private Optional<ObjectStore.Upload> upload = Optional.empty();
  private final CompletableFuture<Void> published = new CompletableFuture<>();
  private boolean sealed;

  /// A pack that keeps up to `keep` stored bytes in memory.
  PackWriter(ObjectStore objects, BlockCodec codec, Role role, int keep) {
    this.objects = objects;
    this.codec = codec;
    this.role = role;
    this.keep = keep;
  }

  Role role() {
    return role;
  }

  boolean isEmpty() {
    return listed.isEmpty();
  }

  /// Whether nothing may be added any more.
  boolean sealed() {
    return sealed;
  }

  void seal() {
    sealed = true;
  }

  /// Done when the pack is durable and indexed, or failed.
  CompletableFuture<Void> published() {
    return published;
  }

  /// The chunks of this pack.
  Iterable<Digest> ids() {
    return byId.keySet();
  }

  /// Whether a chunk of `length` bytes still fits.
  boolean fits(int length) {
    long footer = (listed.size() + 1L) * PackFormat.FOOTER_PER_CHUNK + PackFormat.TRAILER;
    return listed.size() < PackFormat.MAX_CHUNKS
        && position + openSize + (long) length + footer <= PackFormat.MAX_PACK;
  }

  /// Adds a chunk small enough to share a block.
  void addSmall(Digest id, byte[] bytes, int offset, int length) {
    if (openSize + length > PackFormat.SHARED_BLOCK) {
      closeBlock();
    }
    if (openSize + length > open.length) {
      int wanted = Math.max(open.length * 4, openSize + length);
      open = Arrays.copyOf(open, Math.min(wanted, PackFormat.SHARED_BLOCK));
    }
    System.arraycopy(bytes, offset, open, openSize, length);
    // The open block's number is that of the next block: a large chunk closes it first.
    list(new PackFormat.Listed(id, blocks.size(), openSize, length));
    openSize += length;
  }

  /// Adds a chunk of `raw` bytes as a block of its own.
  void addLarge(Digest id, BlockCodec.Encoded encoded, int raw) {
    closeBlock();
    list(new PackFormat.Listed(id, blocks.size(), 0, raw));
    append(encoded, raw);
  }

  private void list(PackFormat.Listed chunk) {
    listed.add(chunk);
    byId.put(chunk.id(), chunk);
  }

  private void closeBlock() {
    if (openSize > 0 || openListed()) {
      append(codec.encode(open, 0, openSize), openSize);
      openSize = 0;
    }
  }

  /// Whether the open block holds a chunk, which may be the empty one.
  private boolean openListed() {
    return !listed.isEmpty() && listed.getLast().block() == blocks.size();
  }

  private void append(BlockCodec.Encoded encoded, int raw) {
    blocks.add(new Block(encoded.codec(), 0, position, encoded.length(), raw));
    position += encoded.length();
    if (upload.isEmpty() && position > keep) {
      spill();
    }
    if (upload.isPresent()) {
      upload.get().write(ByteBuffer.wrap(encoded.bytes(), encoded.offset(), encoded.length()));
    } else {
      int end = encoded.offset() + encoded.length();
      held.add(Arrays.copyOfRange(encoded.bytes(), encoded.offset(), end));
    }
  }

  private void spill() {
    ObjectStore.Upload started = objects.upload();
    upload = Optional.of(started);
    started.write(ByteBuffer.wrap(PackFormat.header(role)));
    for (byte[] block : held) {
      started.write(ByteBuffer.wrap(block));
    }
    held.clear();
  }

  /// A chunk of this pack, if its bytes are still in memory.
  Optional<byte[]> read(Digest id) {
    PackFormat.Listed chunk = byId.get(id);
    if (chunk == null) {
      return Optional.empty();
    }
    int end = chunk.offset() + chunk.length();
    if (chunk.block() == blocks.size()) {
      return Optional.of(Arrays.copyOfRange(open, chunk.offset(), end));
    }
    if (chunk.block() >= held.size()) {
      return Optional.empty();
    }
    Block block = blocks.get(chunk.block());
    byte[] raw = codec.decode("An unpublished pack", block, held.get(chunk.block()));
    return Optional.of(Arrays.copyOfRange(raw, chunk.offset(), end));
  }

  /// Makes the pack durable under the name and returns what it holds.
  PackContents publish(PackId name) {
    closeBlock();
    byte[] footer = PackFormat.footer(role, blocks, listed);
    if (upload.isPresent()) {
      upload.get().write(ByteBuffer.wrap(footer));
    } else {
      upload = Optional.of(objects.upload());
      upload.get().write(whole(footer));
    }
    upload.get().publish(name.key());
    List<PackContents.Located> chunks = new ArrayList<>(listed.size());
    for (PackFormat.Listed chunk : listed) {
      Block block = blocks.get(chunk.block());
      Place place = new Place(name, block, chunk.offset(), chunk.length());
      chunks.add(new PackContents.Located(chunk.id(), place));
    }
    return new PackContents(name, chunks);
  }

  private ByteBuffer whole(byte[] footer) {
    ByteBuffer all = ByteBuffer.allocate(position + footer.length);
    all.put(PackFormat.header(role));
    for (byte[] block : held) {
      all.put(block);
    }
    return all.put(footer).flip();
  }

  /// Discards what is not published.
  @Override
  public void close() {
    upload.ifPresent(ObjectStore.Upload::close);
  }
}
