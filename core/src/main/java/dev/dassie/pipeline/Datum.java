package dev.dassie.pipeline;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/// The smallest piece of work of a pipeline: one match of each input that it reads. Its parts stand
/// in the order of their names, which are all different.
public record Datum(List<Part> parts) {
  /// The longest [#orderKey] in bytes; a datum that needs a longer one is refused.
  public static final int MAX_ORDER_KEY = 15_000;

  public Datum {
    parts = parts.stream().sorted(Comparator.comparing(Part::name)).toList();
  }

  /// One input of a datum: what the glob matched in the commit that the branch stood at. For the
  /// whole repo `match` is the root directory.
  public record Part(
      String name, BranchName branch, CommitId commit, Entry match, boolean emptyFiles) {}

  /// What `PACH_DATUM_ID` says: 64 hex digits, SHA-256 over the (input name, path) pairs in the
  /// order of the names (docs/format.md, "Datum keys"). It stays when the content changes.
  public String id() {
    Encoder pairs = new Encoder();
    pairs.list(parts, (out, part) -> out.string(part.name()).string(part.match().path().value()));
    return Digest.of(pairs.toBytes()).toString();
  }

  /// Where the datum stands among the datums of its pipeline, as bytes to compare unsigned: by the
  /// (input name, path) pairs, then by the branches. Paths compare as in a tree: a directory as if
  /// its name ended with a slash. [Datums] enumerates in this order. Two datums of one pipeline
  /// never share a key.
  public byte[] orderKey() {
    Encoder out = new Encoder();
    for (Part part : parts) {
      text(out, part.name());
      text(out, part.match().path().value() + (part.match() instanceof Entry.File ? "" : "/"));
    }
    out.u8(0);
    for (Part part : parts) {
      text(out, part.branch().key() + (part.emptyFiles() ? " names" : ""));
    }
    if (out.size() > MAX_ORDER_KEY) {
      Part first = parts.getFirst();
      throw new Fault.Invalid(
              "The datum of `%s` and what it is combined with".formatted(first.name()),
              first.match().path().toString(),
              "paths of at most 15,000 bytes together")
          .asException();
    }
    return out.toBytes();
  }

  /// Whether both have the same datum key wherever they run: the same names, paths and content.
  boolean sameWork(Datum other) {
    if (parts.size() != other.parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      Part mine = parts.get(i);
      Part its = other.parts.get(i);
      if (!mine.name().equals(its.name())
          || !mine.match().path().equals(its.match().path())
          || !mine.match().hash().equals(its.match().hash())
          || mine.emptyFiles() != its.emptyFiles()) {
        return false;
      }
    }
    return true;
  }

  private static void text(Encoder out, String text) {
    out.raw(text.getBytes(StandardCharsets.UTF_8)).u8(0);
  }
}
