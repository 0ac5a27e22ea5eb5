package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Draft;
import dev.dassie.server.spec.ParsedSpec;
import dev.dassie.server.spec.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the pipelines that a call brings: specs, and the uploads that are their sources.
final class PipelineDrafts {
  private final Uploads uploads;

  PipelineDrafts(Uploads uploads) {
    this.uploads = uploads;
  }

  /// Of the fields `spec` and `sources`.
  List<Draft> read(Fields body, String project) {
    Map<String, String> sources = body.map("sources");
    List<Draft> drafts = new ArrayList<>();
    for (ParsedSpec parsed : SpecReader.read(body.required("spec"), project)) {
      drafts.add(draft(parsed, sources));
    }
    return drafts;
  }

  private Draft draft(ParsedSpec parsed, Map<String, String> sources) {
    Optional<String> source = parsed.spec().transform().source();
    if (source.isEmpty()) {
      return new Draft(parsed.spec(), parsed.text(), Optional.empty(), Optional.empty());
    }
    String id =
        Optional.ofNullable(sources.get(source.get()))
            .orElseThrow(() ->
                new Fault.Invalid(
                        "The field `sources`",
                        sources.keySet().toString(),
                        "the uploaded fileset of `%s`".formatted(source.get()))
                    .asException());
    Uploads.Upload upload = uploads.get(id);
    return new Draft(parsed.spec(), parsed.text(), Optional.of(upload.files()), upload.facts());
  }
}
