package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.util.Arrays;

/// A decoded node of a sorted tree: at level 0 rows, above it the last key of each child with a
/// [Child]. Its arrays are never changed.
record Node(NodeKind kind, int level, byte[][] keys, byte[][] values) {
  /// More levels than a tree of 2^63 rows has.
  private static final int MAX_LEVEL = 63;

  private static final byte[] NOTHING = {};

  static Node empty(NodeKind kind) {
    return new Node(kind, 0, new byte[0][], new byte[0][]);
  }

  int size() {
    return keys.length;
  }

  byte[] lastKey() {
    return keys[keys.length - 1];
  }

  /// The index of the first key that is not less than `key`; [#size] where there is none.
  int find(byte[] key) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(keys[middle], key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean sameAs(Node other) {
    return level == other.level
        && Arrays.deepEquals(keys, other.keys)
        && Arrays.deepEquals(values, other.values);
  }

  Child child(int index) {
    return Child.decode(values[index]);
  }

  Sums sums() {
    Sums sums = Sums.NONE;
    for (byte[] value : values) {
      sums = sums.plus(level == 0 ? kind.measure(value) : Child.decode(value).sums());
    }
    return sums;
  }

  byte[] encode() {
    Encoder out = new Encoder().u8(kind.code()).u8(level).varint(keys.length);
    byte[] before = NOTHING;
    for (int i = 0; i < keys.length; i++) {
      byte[] key = keys[i];
      int shared = Arrays.mismatch(before, key);
      out.varint(shared).varint(key.length - shared).raw(key, shared, key.length - shared);
      out.bytes(values[i]);
      before = key;
    }
    return out.toBytes();
  }

  static Node decode(NodeKind kind, String name, byte[] bytes) {
    Decoder in = new Decoder(name, bytes);
    int code = in.u8();
    if (code != kind.code()) {
      throw new Fault.Corrupt(name, "a node of kind " + kind.code(), "kind " + code).asException();
    }
    int level = in.u8();
    int count = in.length(in.remaining() / 3 + 1);
    if (level > MAX_LEVEL || (level > 0 && count == 0)) {
      throw new Fault.Corrupt(name, "a level of a tree", "level " + level).asException();
    }
    byte[][] keys = new byte[count][];
    byte[][] values = new byte[count][];
    byte[] before = NOTHING;
    for (int i = 0; i < count; i++) {
      int shared = in.length(before.length);
      byte[] rest = in.bytes();
      boolean ordered =
          rest.length > 0
              && (shared == before.length || (rest[0] & 0xff) > (before[shared] & 0xff));
      if (!ordered) {
        throw new Fault.Corrupt(name, "keys in order", "others").asException();
      }
      byte[] key = Arrays.copyOf(before, shared + rest.length);
      System.arraycopy(rest, 0, key, shared, rest.length);
      keys[i] = key;
      values[i] = in.bytes();
      before = key;
    }
    if (in.remaining() > 0) {
      throw new Fault.Corrupt(name, "the end", in.remaining() + " more bytes").asException();
    }
    return new Node(kind, level, keys, values);
  }
}
