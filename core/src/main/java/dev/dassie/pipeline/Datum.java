package dev.dassie.pipeline;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The smallest piece of work of a pipeline: one match of each input that it reads, and under a
/// group any number of each. Its parts stand in the order of their names, then of their paths.
///
/// @param place what orders it where its input has a join or group ([Match]), else empty
public record Datum(List<Part> parts, String place) {
  /// The longest [#orderKey] in bytes; a datum that needs a longer one is refused.
  public static final int MAX_ORDER_KEY = 15_000;

  private static final Comparator<Part> ORDER =
      Comparator.comparing(Part::name)
          .thenComparing(Part::path)
          .thenComparing(part -> part.files().place());

  public Datum {
    parts = parts.stream().sorted(ORDER).toList();
  }

  /// A datum of an input without join and group: its names are all different.
  public Datum(List<Part> parts) {
    this(parts, "");
  }

  /// One input of a datum: what the glob matched in the commit that the branch stood at. For the
  /// whole repo `path` is the root.
  public record Part(
      Input.Files files,
      CommitId commit,
      FilePath path,
      boolean directory,
      Hash hash,
      Optional<String> joinKey,
      Optional<String> groupKey) {
    public String name() {
      return files.name();
    }

    public BranchName branch() {
      return files.branch();
    }

    /// The path where it stands in a tree: a directory's with a slash at the end.
    String treePath() {
      return directory ? path.value() + "/" : path.value();
    }
  }

  /// What `PACH_DATUM_ID` says: 64 hex digits, SHA-256 over the (input name, path) pairs in the
  /// order of the names (docs/format.md, "Datum keys"). It stays when the content changes.
  public String id() {
    Encoder pairs = new Encoder();
    pairs.list(parts, (out, part) -> out.string(part.name()).string(part.path().value()));
    return Digest.of(pairs.toBytes()).toString();
  }

  /// Where the datum stands among the datums of its pipeline, as bytes to compare unsigned: by the
  /// (input name, path) pairs, then by the branches; with a join or group by its place. Paths
  /// compare as in a tree: a directory as if its name ended with a slash. Two datums of one
  /// pipeline never share a key.
  public byte[] orderKey() {
    Encoder out = new Encoder();
    if (place.isEmpty()) {
      for (Part part : parts) {
        text(out, part.name());
        text(out, part.treePath());
      }
      out.u8(0);
      for (Part part : parts) {
        text(out, part.files().place());
      }
    } else {
      out.raw(place.getBytes(StandardCharsets.UTF_8));
    }
    if (out.size() > MAX_ORDER_KEY) {
      Part first = parts.getFirst();
      throw new Fault.Invalid(
              "The datum of `%s` and what it is combined with".formatted(first.name()),
              first.path().toString(),
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
          || !mine.path().equals(its.path())
          || !mine.hash().equals(its.hash())
          || !mine.joinKey().equals(its.joinKey())
          || !mine.groupKey().equals(its.groupKey())
          || DatumKey.flags(mine.files()) != DatumKey.flags(its.files())) {
        return false;
      }
    }
    return true;
  }

  private static void text(Encoder out, String text) {
    out.raw(text.getBytes(StandardCharsets.UTF_8)).u8(0);
  }
}
