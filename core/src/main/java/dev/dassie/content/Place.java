package dev.dassie.content;

/// Where a chunk is: `length` bytes from `offset` of a decoded block of a pack.
record Place(PackId pack, Block block, int offset, int length) {}
