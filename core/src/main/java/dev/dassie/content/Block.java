package dev.dassie.content;

/// A block within a pack: `stored` bytes at `position`, which decode to `raw` bytes. `keyId` names
/// the key it is encrypted with; 0 is none.
record Block(Codec codec, int keyId, int position, int stored, int raw) {
  /// How a block is stored. Codes are stored.
  enum Codec {
    RAW(0),
    ZSTD(1);

    private final int code;

    Codec(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
