package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Writes and reads the tree of attributes: path → fields (docs/format.md, "Attributes"). It is
/// apart from the tree of content, so that attributes are no part of what a file is. Not
/// thread-safe.
final class Attributes {
  private static final int CONTENT_TYPE = 1;

  private final ChunkStore.Session session;
  private final Optional<Node> before;
  private final TreeWriter writer;

  Attributes(Nodes nodes, Optional<Digest> root, ChunkStore.Session session) {
    this.session = session;
    this.before = root.map(id -> nodes.read(NodeKind.MAP, id));
    this.writer = new TreeWriter(nodes, NodeKind.MAP, before, session);
  }

  /// Follows a step of the tree of content; steps come in its order.
  void follow(Step step) {
    byte[] key = step.key();
    switch (step.kind()) {
      case PUT ->
          writer.accept(
              step.contentType().isPresent()
                  ? new PersistentMap.Change.Put(key, encode(step.contentType().get()))
                  : new PersistentMap.Change.Delete(key));
      case DELETE -> writer.accept(new PersistentMap.Change.Delete(key));
      case CLEAR, GRAFT -> writer.accept(new PersistentMap.Change.DeleteRange(key, end(key)));
    }
  }

  /// The root after all steps, stored; `root` where nothing changed.
  Optional<Digest> finish(Optional<Digest> root) {
    Optional<Node> after = writer.finish();
    if (after.equals(before)) {
      return root;
    }
    return after.map(node -> {
      byte[] bytes = node.encode();
      return session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
    });
  }

  static Optional<String> contentType(Nodes nodes, Digest root, FilePath path) {
    byte[] key = path.value().getBytes(StandardCharsets.UTF_8);
    return nodes.get(nodes.read(NodeKind.MAP, root), key).flatMap(Attributes::decode);
  }

  private static byte[] encode(String contentType) {
    return new Encoder().varint(CONTENT_TYPE).string(contentType).toBytes();
  }

  /// Passes over fields that it does not know.
  private static Optional<String> decode(byte[] fields) {
    Decoder in = new Decoder("A record of attributes", fields);
    Optional<String> contentType = Optional.empty();
    while (in.remaining() > 0) {
      long field = in.varint();
      byte[] value = in.bytes();
      if (field == CONTENT_TYPE) {
        contentType = Optional.of(new String(value, StandardCharsets.UTF_8));
      }
    }
    return contentType;
  }

  /// The first key after all that lie in the directory `key`, which ends with a slash.
  private static byte[] end(byte[] key) {
    if (key.length == 0) {
      return LevelWriter.END;
    }
    byte[] end = Arrays.copyOf(key, key.length);
    end[end.length - 1]++;
    return end;
  }
}
