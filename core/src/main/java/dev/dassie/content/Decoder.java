package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads what [Encoder] wrote. Bytes that end early or say the impossible are `Fault.Corrupt`. Not
/// thread-safe.
public final class Decoder {
  private final String object;
  private final byte[] buffer;
  private final int end;
  private int position;

  /// Reads `bytes`; `object` names them in faults.
  public Decoder(String object, byte[] bytes) {
    this(object, bytes, 0, bytes.length);
  }

  public Decoder(String object, byte[] bytes, int offset, int length) {
    this.object = object;
    this.buffer = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  public int u8() {
    need(1);
    return buffer[position++] & 0xff;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a number of at most 10 bytes", "a longer one");
  }

  /// A varint that must lie in `0..max`.
  public int length(int max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw corrupt("a length up to " + max, Long.toUnsignedString(value));
    }
    return (int) value;
  }

  public long fixed64() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (buffer[position++] & 0xff);
    }
    return value;
  }

  public boolean bool() {
    int value = u8();
    if (value > 1) {
      throw corrupt("0 or 1", Integer.toString(value));
    }
    return value == 1;
  }

  public byte[] raw(int length) {
    need(length);
    byte[] bytes = Arrays.copyOfRange(buffer, position, position + length);
    position += length;
    return bytes;
  }

  public byte[] bytes() {
    return raw(length(remaining()));
  }

  public String string() {
    int length = length(remaining());
    need(length);
    String text = new String(buffer, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  public Digest digest() {
    return new Digest(fixed64(), fixed64(), fixed64(), fixed64());
  }

  public <T> Optional<T> optional(Function<Decoder, T> reader) {
    return bool() ? Optional.of(reader.apply(this)) : Optional.empty();
  }

  public <T> List<T> list(Function<Decoder, T> reader) {
    int count = length(remaining());
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(reader.apply(this));
    }
    return List.copyOf(values);
  }

  private void need(int length) {
    if (length < 0 || length > end - position) {
      throw corrupt(length + " more bytes", (end - position) + " bytes");
    }
  }

  private RuntimeException corrupt(String expected, String actual) {
    return new Fault.Corrupt(object, expected, actual).asException();
  }
}
