package dev.dassie.server.http;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.server.spec.ParsedSpec;
import dev.dassie.server.spec.SpecReader;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads specs that were written where no directory can be sent along: a pipeline that has code
/// keeps it. Thread-safe.
public final class EditedSpecs {
  private final Versions versions;
  private final Pipelines pipelines;

  public EditedSpecs(Versions versions, Pipelines pipelines) {
    this.versions = versions;
    this.pipelines = pipelines;
  }

  /// The pipelines of a text; all that is wrong with it is refused at once.
  public List<Draft> read(String text, String project) {
    List<Draft> drafts = new ArrayList<>();
    for (ParsedSpec parsed : SpecReader.read(text, project)) {
      drafts.add(draft(parsed));
    }
    return drafts;
  }

  private Draft draft(ParsedSpec parsed) {
    Optional<String> source = parsed.spec().transform().source();
    if (source.isEmpty()) {
      return new Draft(parsed.spec(), parsed.text(), Optional.empty(), Optional.empty());
    }
    Optional<Pipeline> there = pipelines.find(parsed.spec().project(), parsed.spec().name());
    Optional<Entry.Directory> code =
        there.flatMap(pipeline -> pipelines.source(pipeline.specCommit()));
    if (code.isEmpty()) {
      throw new Fault.Invalid(
              "The field `source`",
              source.get(),
              "none, or a pipeline that has its code already",
              Optional.of("`dassie create pipeline -f` sends a directory along."))
          .asException();
    }
    try (ChunkStore.Session session = versions.chunks().session()) {
      Fileset files = new Filesets(session).of(code.get(), session);
      session.publish();
      return new Draft(
          parsed.spec(),
          parsed.text(),
          Optional.of(files),
          there.flatMap(pipeline -> pipelines.sourceFacts(pipeline.specCommit())));
    }
  }
}
