package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import java.util.ArrayList;
import java.util.List;

/// One datum of a job as its datum map has it, beside its order key. It names no commit, so that it
/// stays the same when only other files of its inputs change.
///
/// @param id the datum's name among those of its pipeline
/// @param key names its computation
public record PlannedDatum(Digest id, Digest key, List<Part> parts) {
  /// One input: `leaf` counts the sources of the job from 0.
  public record Part(int leaf, FilePath path, boolean directory, Hash hash) {}

  public PlannedDatum {
    parts = List.copyOf(parts);
  }

  static PlannedDatum of(Datum datum, DatumKey keys, List<Job.Source> sources) {
    List<Part> parts = new ArrayList<>(datum.parts().size());
    for (Datum.Part part : datum.parts()) {
      Entry match = part.match();
      parts.add(
          new Part(
              leaf(part, sources), match.path(), match instanceof Entry.Directory, match.hash()));
    }
    return new PlannedDatum(Digest.parse(datum.id()), keys.of(datum), parts);
  }

  private static int leaf(Datum.Part part, List<Job.Source> sources) {
    for (int i = 0; i < sources.size(); i++) {
      Job.Source source = sources.get(i);
      if (source.name().equals(part.name())
          && source.branch().equals(part.branch())
          && source.emptyFiles() == part.emptyFiles()) {
        return i;
      }
    }
    throw new IllegalArgumentException("no source is " + part.name());
  }

  /// The same datum under another key.
  PlannedDatum withKey(Digest other) {
    return new PlannedDatum(id, other, parts);
  }

  byte[] encode() {
    return new Encoder().digest(id).digest(key).list(parts, PlannedDatum::part).toBytes();
  }

  static PlannedDatum decode(byte[] bytes) {
    Decoder in = new Decoder("A row of a datum map", bytes);
    return new PlannedDatum(in.digest(), in.digest(), in.list(PlannedDatum::part));
  }

  private static void part(Encoder out, Part part) {
    out.varint(part.leaf()).string(part.path().value()).bool(part.directory());
    out.u8(part.hash().algorithm().code()).digest(part.hash().digest());
  }

  private static Part part(Decoder in) {
    return new Part(
        in.length(Short.MAX_VALUE), new FilePath(in.string()), in.bool(), hash(in.u8(), in));
  }

  private static Hash hash(int code, Decoder in) {
    for (Hash.Algorithm algorithm : Hash.Algorithm.values()) {
      if (algorithm.code() == code) {
        return new Hash(algorithm, in.digest());
      }
    }
    throw new Fault.Corrupt("A row of a datum map", "a hash algorithm", Integer.toString(code))
        .asException();
  }
}
