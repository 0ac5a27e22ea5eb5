package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Names;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns what a person hands in into the files of a spec commit.
final class Drafts {
  private Drafts() {}

  /// Refuses what no transaction could take.
  static void check(Draft draft) {
    PipelineSpec spec = draft.spec();
    check(spec);
    if (spec.transform().source().isPresent() && draft.source().isEmpty()) {
      throw new Fault.Invalid(
              "`transform.source` of `%s`".formatted(spec.name()),
              spec.transform().source().get(),
              "the files of that directory to come with the spec")
          .asException();
    }
  }

  static void check(PipelineSpec spec) {
    Names.check("pipeline", spec.name());
    if (spec.name().length() > PipelineSpec.MAX_NAME) {
      throw new Fault.Invalid("The pipeline name", spec.name(), "at most 51 characters")
          .asException();
    }
    if (!(spec.input().isNone() && spec.running() instanceof Running.Spout)) {
      Datums.check(spec.input());
    }
    if (spec.running() instanceof Running.Service service) {
      service.check(spec.input());
    }
    Buckets.check(spec);
    TriggeredInputs.check(spec);
    for (Input.Files arm : spec.input().arms()) {
      if (arm.starts().cron().isPresent()) {
        Names.check("repo", arm.branch().repo().name());
      }
    }
  }

  /// Writes the files of each draft and makes them durable.
  static List<Fileset> store(ChunkStore chunks, Path spillFolder, List<Draft> drafts) {
    List<Fileset> stored = new ArrayList<>();
    try (ChunkStore.Session session = chunks.session()) {
      for (Draft draft : drafts) {
        stored.add(store(session, spillFolder, draft));
      }
      session.publish();
    }
    return stored;
  }

  /// Writes the files of one draft.
  static Fileset store(ChunkStore.Session session, Path spillFolder, Draft draft) {
    Filesets filesets = new Filesets(session);
    try (Edits edits = new Edits(spillFolder)) {
      edits.add(text(filesets, session, Pipelines.SPEC, draft.text()));
      if (draft.spec().transform().source().isPresent()) {
        draft
            .source()
            .ifPresent(source ->
                edits.add(new Edit.Graft(Pipelines.SOURCE, filesets.rootDirectory(source))));
        draft
            .sourceFacts()
            .ifPresent(facts -> edits.add(text(filesets, session, Pipelines.SOURCE_FACTS, facts)));
      }
      return filesets.apply(Filesets.EMPTY, edits, session);
    }
  }

  private static Edit text(
      Filesets filesets, ChunkStore.Session session, FilePath path, String text) {
    Body body =
        filesets.write(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), session);
    return new Edit.Put(path, false, body, Optional.empty());
  }
}
