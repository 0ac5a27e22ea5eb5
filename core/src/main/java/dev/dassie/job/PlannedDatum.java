package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Input;
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

  /// @param arms the files inputs of the whole input
  static PlannedDatum of(Datum datum, DatumKey keys, List<Input.Files> arms) {
    List<Part> parts = new ArrayList<>(datum.parts().size());
    for (Datum.Part part : datum.parts()) {
      parts.add(new Part(arms.indexOf(part.files()), part.path(), part.directory(), part.hash()));
    }
    return new PlannedDatum(Digest.parse(datum.id()), keys.of(datum), parts);
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
    part.hash().write(out);
  }

  private static Part part(Decoder in) {
    return new Part(
        in.length(Short.MAX_VALUE), new FilePath(in.string()), in.bool(), Hash.read(in));
  }
}
