package dev.dassie.fileset;

import dev.dassie.content.Digest;
import java.util.Arrays;

/// The root node of a directory: its encoding where that is small enough to stand in its parent,
/// else the digest of it.
public sealed interface TreeRoot {
  /// Directories whose root node encodes to at most this many bytes stand in their parent.
  int MAX_INLINE = 2048;

  /// The same for the inlined and the stored form.
  Digest digest();

  default Hash hash() {
    return new Hash(Hash.Algorithm.DIRECTORY, digest());
  }

  record Stored(Digest digest) implements TreeRoot {}

  record Inlined(byte[] node) implements TreeRoot {
    @Override
    public Digest digest() {
      return Digest.of(node);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Inlined inlined && Arrays.equals(node, inlined.node);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(node);
    }

    @Override
    public String toString() {
      return "Inlined[" + node.length + " bytes]";
    }
  }
}
