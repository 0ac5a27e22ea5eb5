package dev.dassie.fileset;

import dev.dassie.content.Digest;

/// A piece of a file: where it begins, how long it is, and the SHA-256 of its bytes.
public record Chunk(long offset, long size, Digest digest) {}
