package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.content.Outside;
import dev.dassie.fault.Fault;
import java.util.Arrays;

/// Where the bytes of a file are: what stands in its tree entry.
public sealed interface Body {
  /// Files up to this size stand in the tree entry itself.
  int MAX_INLINE = 128;

  long size();

  Hash hash();

  /// Writes the stored form outside of trees (docs/format.md, "Journals").
  static void write(Encoder out, Body body) {
    switch (body) {
      case Inline inline -> out.u8(0).bytes(inline.bytes());
      case Single single -> out.u8(1).digest(single.chunk()).varint(single.size());
      case Recipe recipe -> out.u8(2).digest(recipe.root()).varint(recipe.size());
      case Reference reference -> reference.file().write(out.u8(3));
    }
  }

  /// Reads what [#write] wrote.
  static Body read(Decoder in) {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new Inline(in.bytes());
      case 1 -> new Single(in.digest(), in.varint());
      case 2 -> new Recipe(in.digest(), in.varint());
      case 3 -> new Reference(Outside.read(in));
      default ->
          throw new Fault.Corrupt("A body", "kind 0 to 3", Integer.toString(kind)).asException();
    };
  }

  /// At most [#MAX_INLINE] bytes. The array is never changed.
  record Inline(byte[] bytes) implements Body {
    public static final Inline EMPTY = new Inline(new byte[0]);

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public Hash hash() {
      return new Hash(Hash.Algorithm.BYTES, Digest.of(bytes));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Inline inline && Arrays.equals(bytes, inline.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Inline[" + bytes.length + " bytes]";
    }
  }

  /// One chunk.
  record Single(Digest chunk, long size) implements Body {
    @Override
    public Hash hash() {
      return new Hash(Hash.Algorithm.BYTES, chunk);
    }
  }

  /// Bytes that lie elsewhere. Its hash says which version of which file it is; it equals that of
  /// no other kind of body, whatever the bytes are.
  record Reference(Outside file) implements Body {
    @Override
    public long size() {
      return file.size();
    }

    @Override
    public Hash hash() {
      return new Hash(Hash.Algorithm.REFERENCE, file.digest());
    }
  }

  /// Several chunks, listed in a tree of recipe nodes.
  record Recipe(Digest root, long size) implements Body {
    @Override
    public Hash hash() {
      return new Hash(Hash.Algorithm.RECIPE, root);
    }
  }
}
