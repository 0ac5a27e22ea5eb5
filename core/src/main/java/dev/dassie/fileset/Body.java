package dev.dassie.fileset;

import dev.dassie.content.Digest;
import dev.dassie.content.Outside;
import java.util.Arrays;

/// Where the bytes of a file are: what stands in its tree entry.
public sealed interface Body {
  /// Files up to this size stand in the tree entry itself.
  int MAX_INLINE = 128;

  long size();

  Hash hash();

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
