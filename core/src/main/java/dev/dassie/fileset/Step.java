package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// What an edit does at one place of a tree. The key is a path in UTF-8: as it is for a file, with
/// a slash at the end for a directory, so that the order of keys is that of the tree; empty for the
/// root. `order` counts the edits as they came.
record Step(byte[] key, long order, Kind kind, byte[] value, Optional<String> contentType) {
  /// By key, then by order.
  static final Comparator<Step> IN_TREE_ORDER =
      (a, b) -> {
        int byKey = Arrays.compareUnsigned(a.key, b.key);
        return byKey != 0 ? byKey : Long.compare(a.order, b.order);
      };

  /// Bytes on the heap beyond those of key and value.
  private static final int HEAP = 160;

  enum Kind {
    /// Puts a file, whose entry is `value`.
    PUT(1),
    /// Deletes a file.
    DELETE(2),
    /// Empties a directory.
    CLEAR(3),
    /// Puts the directory whose entry is `value`.
    GRAFT(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) {
      return switch (code) {
        case 1 -> PUT;
        case 2 -> DELETE;
        case 3 -> CLEAR;
        case 4 -> GRAFT;
        default -> throw new IllegalStateException("kind " + code);
      };
    }
  }

  /// About what it takes on the heap, in bytes.
  int heap() {
    return HEAP + key.length + value.length + contentType.map(String::length).orElse(0);
  }

  void write(Encoder out) {
    out.bytes(key).varint(order).u8(kind.code).bytes(value);
    out.optional(contentType, Encoder::string);
  }

  static Step read(Decoder in) {
    return new Step(
        in.bytes(), in.varint(), Kind.of(in.u8()), in.bytes(), in.optional(Decoder::string));
  }
}
