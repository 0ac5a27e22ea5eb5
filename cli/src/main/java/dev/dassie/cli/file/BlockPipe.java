package dev.dassie.cli.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A pipe between a thread that makes bytes and one that sends them, in blocks of 256 KiB, four at
/// most under way. (The JDK's pipe passes 1 KiB at a time.)
final class BlockPipe {
  private static final int BLOCK = 1 << 18;
  private static final int BLOCKS_MAX = 4;
  private static final byte[] END = {};

  /// Fills the pipe, on a thread of its own.
  @FunctionalInterface
  interface Producer {
    void produce(OutputStream to) throws IOException;
  }

  private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(BLOCKS_MAX);
  private volatile boolean closed;
  private volatile Throwable failure = new Throwable();

  private BlockPipe() {}

  /// Starts the producer; what it fails with is thrown to the reader. Closing the stream early ends
  /// the producer.
  static InputStream of(Producer producer) {
    BlockPipe pipe = new BlockPipe();
    Thread.ofPlatform()
        .daemon()
        .name("producer")
        .start(() -> {
          try (Sending to = pipe.new Sending()) {
            producer.produce(to);
            to.complete = true;
          } catch (IOException | RuntimeException e) {
            pipe.failure = e;
          } finally {
            pipe.offer(END);
          }
        });
    return pipe.new Receiving();
  }

  private void offer(byte[] block) {
    try {
      boolean accepted = false;
      while (!accepted && !closed) {
        accepted = blocks.offer(block, 100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private final class Sending extends OutputStream {
    private byte[] block = new byte[BLOCK];
    private int filled;
    private boolean complete;

    @Override
    public void write(int unit) throws IOException {
      write(new byte[] {(byte) unit}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      int left = length;
      while (left > 0) {
        int part = Math.min(left, BLOCK - filled);
        System.arraycopy(bytes, from, block, filled, part);
        filled += part;
        from += part;
        left -= part;
        if (filled == BLOCK) {
          send();
        }
      }
    }

    private void send() throws IOException {
      if (closed) {
        throw new IOException("the receiver is gone");
      }
      offer(filled == BLOCK ? block : Arrays.copyOf(block, filled));
      block = new byte[BLOCK];
      filled = 0;
    }

    @Override
    public void close() throws IOException {
      if (complete && filled > 0) {
        send();
      }
    }
  }

  private final class Receiving extends InputStream {
    private byte[] block = {};
    private int taken;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (taken == block.length && !next()) {
        return -1;
      }
      int part = Math.min(length, block.length - taken);
      System.arraycopy(block, taken, into, offset, part);
      taken += part;
      return part;
    }

    private boolean next() throws IOException {
      if (ended) {
        return false;
      }
      try {
        block = blocks.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      taken = 0;
      ended = block.length == 0;
      if (ended && failure instanceof IOException io) {
        throw io;
      }
      if (ended && failure instanceof RuntimeException bug) {
        throw bug;
      }
      return !ended;
    }

    @Override
    public void close() {
      closed = true;
      blocks.clear();
    }
  }
}
