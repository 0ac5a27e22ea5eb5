package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fileset.Fileset;
import java.util.List;

/// Pipelines that were checked and whose files are stored, ready for [Pipelines#apply].
///
/// @param files of the spec commits, in the order of the specs
/// @param update whether a pipeline that is there gets a new version, or is refused
/// @param salt what reprocessing chose, empty if nothing is reprocessed
public record Submission(
    List<PipelineSpec> specs, List<Fileset> files, boolean update, String salt) {
  public Submission {
    specs = List.copyOf(specs);
    files = List.copyOf(files);
  }

  /// The stored form (docs/format.md, "Transactions").
  public void write(Encoder out) {
    out.list(specs, SpecCodec::write)
        .list(files, (to, one) -> one.write(to))
        .bool(update)
        .string(salt);
  }

  public static Submission read(Decoder in) {
    return new Submission(in.list(SpecCodec::read), in.list(Fileset::read), in.bool(), in.string());
  }
}
