package dev.dassie.version;

import dev.dassie.content.Encoder;

/// That a commit merged another one of its repo: its second parent.
record Merged(CommitId commit, CommitId other) {
  byte[] encode() {
    Encoder out = new Encoder().u8(Tables.VERSION);
    Wire.writeId(out, commit);
    Wire.writeId(out, other);
    return out.toBytes();
  }

  static Merged decode(byte[] bytes) {
    return Tables.decode(
        "A merge record", bytes, in -> new Merged(Wire.readId(in), Wire.readId(in)));
  }
}
