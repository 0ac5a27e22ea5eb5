package dev.dassie.store.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// A channel to a file or folder of a [SimulatedDisk].
final class SimulatedChannel extends FileChannel {
  private final SimulatedDisk disk;
  private final SimulatedDisk.Node node;
  private int position;

  SimulatedChannel(SimulatedDisk disk, SimulatedDisk.Node node) {
    this.disk = disk;
    this.node = node;
  }

  @Override
  public int read(ByteBuffer to, long at) {
    disk.alive();
    if (at >= node.bytes.length) {
      return -1;
    }
    int length = Math.min(to.remaining(), node.bytes.length - (int) at);
    to.put(node.bytes, (int) at, length);
    return length;
  }

  @Override
  public int read(ByteBuffer to) {
    int length = read(to, position);
    position += Math.max(0, length);
    return length;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    disk.write(node, position, bytes);
    from.position(from.limit());
    position += bytes.length;
    return bytes.length;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    disk.sync(node);
  }

  @Override
  public long size() {
    disk.alive();
    return node.bytes.length;
  }

  /// A copy: what is mapped never changes in these stores.
  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) {
    disk.alive();
    MemorySegment copy = arena.allocate(size, Long.BYTES);
    MemorySegment.copy(node.bytes, (int) offset, copy, ValueLayout.JAVA_BYTE, 0, (int) size);
    return copy;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long at) {
    position = (int) at;
    return this;
  }

  @Override
  protected void implCloseChannel() {}

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from, long at) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long offset, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
