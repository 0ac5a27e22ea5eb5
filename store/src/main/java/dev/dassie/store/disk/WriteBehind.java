package dev.dassie.store.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Writes to the end of a file in the background, block after block, so that who makes the bytes
/// (reads, hashes and compresses them) need not wait for the file system to take them. A few blocks
/// are under way at most. Not thread-safe.
///
/// Whole blocks go around the page cache where the file system lets them ([Around]): what is synced
/// at once gains nothing from a copy in memory, and copying costs more than hashing does.
final class WriteBehind {
  private static final int BLOCK = 512 << 10;
  private static final int UNDER_WAY = 3;

  /// Blocks outside the heap, kept for the next file. Thread-safe.
  static final class Blocks {
    private static final int KEPT = 16;

    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    private ByteBuffer take() {
      ByteBuffer kept = free.poll();
      return kept == null ? Around.aligned(BLOCK) : kept.clear();
    }

    private void give(ByteBuffer block) {
      // One too many is left to the garbage collector.
      boolean _ = free.offer(block);
    }
  }

  private final FileChannel channel;
  private final Around around;
  private final Blocks blocks;
  private final Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private ByteBuffer filling;
  private long next;

  /// @param position where the next byte goes; the first block ends where whole ones can follow
  WriteBehind(Path file, FileChannel channel, long position, Blocks blocks) {
    this.channel = channel;
    this.around = Around.open(file);
    this.blocks = blocks;
    this.filling = blocks.take().limit(BLOCK - (int) (position % BLOCK));
    this.next = position;
  }

  /// Takes all of the bytes; waits while too many are under way.
  ///
  /// @throws IOException when bytes that were taken before could not be written
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), filling.remaining());
      filling.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!filling.hasRemaining()) {
        send();
      }
    }
  }

  /// Returns when all that was taken is in the file.
  void finish() throws IOException {
    send();
    await(last);
  }

  /// Returns when nothing is written any more, whatever became of it.
  void stop() {
    last.handle((done, failure) -> Optional.empty()).join();
    around.close();
  }

  private void send() throws IOException {
    if (underWay.size() == UNDER_WAY) {
      await(underWay.removeFirst());
    }
    ByteBuffer full = filling.flip();
    long at = next;
    next += full.remaining();
    last = last.thenRunAsync(() -> flush(full, at), Thread::startVirtualThread);
    underWay.addLast(last);
    filling = blocks.take();
  }

  private void flush(ByteBuffer block, long at) {
    try {
      if (block.remaining() < BLOCK || !around.write(block, at)) {
        for (long to = at; block.hasRemaining(); ) {
          to += channel.write(block, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
    blocks.give(block);
  }

  private static void await(CompletableFuture<Void> written) throws IOException {
    try {
      written.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        // Anew, with the frames of this thread.
        throw new IOException(failed.getMessage(), failed);
      }
      throw e;
    }
  }
}
