package dev.dassie.content;

/// What a [PackSession] writes into: packs that are there, and a place for new ones. Thread-safe.
interface PackHost {
  ChunkStore.Hold hold();

  /// Whether a chunk is there and stays for as long as those at work now.
  boolean reuse(Digest id);

  /// As [#reuse], for a chunk that cannot be stored again.
  boolean reuseOrWait(Digest id);

  PackWriter writer(ChunkStore.Role role, int keep);

  /// The stored form of a chunk that gets a block of its own.
  BlockCodec.Encoded encode(Digest id, byte[] bytes, int offset, int length);

  /// Makes a pack durable and its chunks findable.
  void add(PackWriter pack);

  byte[] read(Digest id);
}
