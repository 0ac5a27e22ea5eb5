package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import java.util.Optional;

/// An immutable set of files: the root directory's node and the root of the attributes, both stored
/// chunks. `content` alone is the identity that datum keys use; an absent `attributes` means that
/// no file has any. `files` and `size` are sums over the whole tree.
public record Fileset(Digest content, Optional<Digest> attributes, long files, long size) {
  public Hash hash() {
    return new Hash(Hash.Algorithm.DIRECTORY, content);
  }

  public void write(Encoder out) {
    out.digest(content).optional(attributes, Encoder::digest).varint(files).varint(size);
  }

  public static Fileset read(Decoder in) {
    return new Fileset(in.digest(), in.optional(Decoder::digest), in.varint(), in.varint());
  }
}
