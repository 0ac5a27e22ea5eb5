package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.util.List;

/// A node of a recipe, the sequence tree of a file's chunks (docs/format.md, "Recipes"): at level 0
/// the chunks with their lengths, above it the nodes with the bytes beneath them.
record RecipeNode(int level, List<Part> parts) {
  private static final int MAX_LEVEL = 63;

  /// What a part weighs when it is decided where nodes end.
  static final int WEIGHT = 36;

  record Part(Digest id, long size) {}

  RecipeNode {
    parts = List.copyOf(parts);
  }

  long size() {
    long size = 0;
    for (Part part : parts) {
      size = Math.addExact(size, part.size());
    }
    return size;
  }

  static RuntimeException wrongLevel(Digest id, int expected, int actual) {
    return new Fault.Corrupt("The recipe node `" + id + "`", "level " + expected, "level " + actual)
        .asException();
  }

  byte[] encode() {
    return new Encoder()
        .u8(NodeKind.RECIPE_CODE)
        .u8(level)
        .list(parts, (out, part) -> out.digest(part.id()).varint(part.size()))
        .toBytes();
  }

  static RecipeNode decode(Digest id, byte[] bytes) {
    String name = "The recipe node `" + id + "`";
    Decoder in = new Decoder(name, bytes);
    int code = in.u8();
    if (code != NodeKind.RECIPE_CODE) {
      throw new Fault.Corrupt(name, "kind " + NodeKind.RECIPE_CODE, "kind " + code).asException();
    }
    int level = in.u8();
    List<Part> parts = in.list(part -> new Part(part.digest(), part.varint()));
    boolean sound = parts.stream().allMatch(part -> part.size() > 0);
    if (level > MAX_LEVEL || parts.isEmpty() || !sound || in.remaining() > 0) {
      throw new Fault.Corrupt(name, "parts with bytes", "others").asException();
    }
    return new RecipeNode(level, parts);
  }
}
