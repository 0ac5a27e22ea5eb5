package dev.dassie.job;

import dev.dassie.content.ChunkReader;
import dev.dassie.fileset.PersistentMap;
import java.util.List;
import java.util.stream.Collectors;

/// Sentences about datums: each is named by its id and its inputs.
final class DatumText {
  private static final int SHOWN = 5;

  private DatumText() {}

  static String name(PlannedDatum datum, List<Job.Source> sources) {
    String inputs =
        datum.parts().stream()
            .limit(SHOWN)
            .map(part ->
                "`%s:%s%s`"
                    .formatted(
                        sources.get(part.leaf()).name(),
                        part.path(),
                        part.directory() && !part.path().isRoot() ? "/" : ""))
            .collect(Collectors.joining(", "));
    String more = datum.parts().size() > SHOWN ? " and more" : "";
    return "datum `%s` (inputs %s%s)"
        .formatted(datum.id().toString().substring(0, 12), inputs, more);
  }

  static String failure(PlannedDatum datum, Job job, String reason) {
    String sentence = "%s failed: %s".formatted(name(datum, job.inputs()), reason);
    return Character.toUpperCase(sentence.charAt(0))
        + sentence.substring(1)
        + (sentence.endsWith(".") ? "" : ".");
  }

  static String collision(ChunkReader reader, Job job, Composer.Collision collision) {
    String first = name(find(reader, job, collision.first()), job.inputs());
    String second = name(find(reader, job, collision.second()), job.inputs());
    return collision.path().equals(collision.otherPath())
        ? "Two datums wrote `%s`: %s and %s.".formatted(collision.path(), first, second)
        : "A file and a directory cannot share a path: %s wrote `%s` and %s wrote `%s`."
            .formatted(first, collision.path(), second, collision.otherPath());
  }

  private static PlannedDatum find(ChunkReader reader, Job job, byte[] order) {
    return new PersistentMap(reader)
        .get(job.roots().datums(), order)
        .map(PlannedDatum::decode)
        .orElseThrow();
  }
}
