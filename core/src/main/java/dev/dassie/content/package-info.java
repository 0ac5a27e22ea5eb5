/// Bytes named by their digest: chunks, packs and the object store beneath them.
///
/// Three types matter: [Digest], [ChunkStore] and the port [ObjectStore].
@NullMarked
package dev.dassie.content;

import org.jspecify.annotations.NullMarked;
