package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import java.util.Arrays;
import java.util.Comparator;

/// What an edit does at one place of a tree. The key is a path in UTF-8: as it is for a file, with
/// a slash at the end for a directory, so that the order of keys is that of the tree; empty for the
/// root; a step of a marker has a NUL behind the slash. `order` counts the edits as they came.
/// `attributes` is a record of them, empty for none.
record Step(byte[] key, long order, Kind kind, byte[] value, byte[] attributes) {
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
    GRAFT(4),
    /// Replaces the attributes of a file.
    DESCRIBE(5),
    /// Puts the marker of a directory.
    MARK(6),
    /// Takes the marker of a directory away.
    UNMARK(7);

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
        case 5 -> DESCRIBE;
        case 6 -> MARK;
        case 7 -> UNMARK;
        default -> throw new IllegalStateException("kind " + code);
      };
    }
  }

  /// About what it takes on the heap, in bytes.
  int heap() {
    return HEAP + key.length + value.length + attributes.length;
  }

  /// Whether it leaves the tree of content as it is.
  boolean isOfAttributes() {
    return kind == Kind.DESCRIBE || kind == Kind.MARK || kind == Kind.UNMARK;
  }

  /// What stands at the key after `next`, a later step of the same key: attributes alone change
  /// those of what was put, and are nothing where that was deleted.
  Step then(Step next) {
    if (next.kind != Kind.DESCRIBE) {
      return next;
    }
    return switch (kind) {
      case PUT -> new Step(key, order, Kind.PUT, value, next.attributes);
      case DELETE -> this;
      case DESCRIBE, CLEAR, GRAFT, MARK, UNMARK -> next;
    };
  }

  void write(Encoder out) {
    out.bytes(key).varint(order).u8(kind.code).bytes(value).bytes(attributes);
  }

  static Step read(Decoder in) {
    return new Step(in.bytes(), in.varint(), Kind.of(in.u8()), in.bytes(), in.bytes());
  }
}
