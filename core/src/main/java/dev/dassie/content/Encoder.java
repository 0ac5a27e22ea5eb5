package dev.dassie.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Writes the primitive values of Dassie's stored records (docs/format.md, "Primitives"). Not
/// thread-safe.
public final class Encoder {
  private byte[] buffer = new byte[64];
  private int size;

  /// Bytes so far.
  public int size() {
    return size;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  public Encoder u8(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /// An unsigned LEB128 number: seven bits a byte, low bits first.
  public Encoder varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  /// A number as 8 bytes, big-endian.
  public Encoder fixed64(long value) {
    reserve(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  public Encoder bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  /// Raw bytes without their length.
  public Encoder raw(byte[] bytes, int offset, int length) {
    reserve(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
    return this;
  }

  public Encoder raw(byte[] bytes) {
    return raw(bytes, 0, bytes.length);
  }

  /// A varint length, then the bytes.
  public Encoder bytes(byte[] bytes) {
    return varint(bytes.length).raw(bytes);
  }

  /// UTF-8 as [#bytes].
  public Encoder string(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The 32 bytes of a digest.
  public Encoder digest(Digest digest) {
    return fixed64(digest.word0())
        .fixed64(digest.word1())
        .fixed64(digest.word2())
        .fixed64(digest.word3());
  }

  /// A presence byte (0 or 1), then the value.
  public <T> Encoder optional(Optional<T> value, BiConsumer<Encoder, T> writer) {
    bool(value.isPresent());
    value.ifPresent(present -> writer.accept(this, present));
    return this;
  }

  /// A varint count, then the values.
  public <T> Encoder list(List<T> values, BiConsumer<Encoder, T> writer) {
    varint(values.size());
    for (T value : values) {
      writer.accept(this, value);
    }
    return this;
  }

  private void reserve(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
