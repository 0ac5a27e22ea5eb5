package dev.dassie.content;

/// The packs of this process, as sessions see them.
record OwnPacks(Packs packs) implements PackHost {
  @Override
  public ChunkStore.Hold hold() {
    return packs.hold();
  }

  @Override
  public boolean reuse(Digest id) {
    return packs.reuse(id);
  }

  @Override
  public boolean reuseOrWait(Digest id) {
    return packs.reuseOrWait(id);
  }

  @Override
  public PackWriter writer(ChunkStore.Role role, int keep) {
    return packs.writer(role, keep);
  }

  @Override
  public BlockCodec.Encoded encode(Digest id, byte[] bytes, int offset, int length) {
    return packs.encode(id, bytes, offset, length);
  }

  @Override
  public void add(PackWriter pack) {
    packs.add(pack);
  }

  @Override
  public byte[] read(Digest id) {
    return packs.read(id);
  }
}
