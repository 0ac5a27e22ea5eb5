package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;

/// The value of an entry of an interior node.
record Child(Digest digest, Sums sums) {
  byte[] encode() {
    return new Encoder()
        .digest(digest)
        .varint(sums.rows())
        .varint(sums.files())
        .varint(sums.size())
        .toBytes();
  }

  static Child decode(byte[] value) {
    Decoder in = new Decoder("A tree node", value);
    return new Child(in.digest(), new Sums(in.varint(), in.varint(), in.varint()));
  }
}
