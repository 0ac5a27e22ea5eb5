package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.DatumView;
import dev.dassie.job.Ending;
import dev.dassie.job.Job;
import dev.dassie.job.LogLine;
import dev.dassie.job.Previews;
import dev.dassie.job.Queue;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.Datums;
import dev.dassie.version.CommitName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs, datums and log lines as JSON.
final class JobJson {
  private JobJson() {}

  static ObjectNode job(Job job) {
    ObjectNode json =
        Json.object()
            .put("id", job.name().id().value())
            .put("project", job.name().project())
            .put("pipeline", job.name().pipeline())
            .put("version", job.specVersion())
            .put("state", job.state().word())
            .put("reason", orNull(job.reason()));
    Job.Counts counts = job.datums();
    json.putObject("datums")
        .put("total", counts.total())
        .put("success", counts.success())
        .put("skipped", counts.skipped())
        .put("failed", counts.failed())
        .put("recovered", counts.recovered());
    json.put("output_commit", job.name().id().value())
        .put("created", job.times().created().toString())
        .put("started", job.times().started().map(Instant::toString).orElse(null))
        .put("finished", job.times().finished().map(Instant::toString).orElse(null))
        .put("duration_ms", duration(job.times()).orElse(null))
        .put("executor", orNull(job.executor()))
        .put("sandbox", orNull(job.sandbox()))
        .put("author", job.author())
        .put("message", job.message());
    ArrayNode inputs = json.putArray("inputs");
    for (Job.Source source : job.inputs()) {
      inputs.add(
          VersionJson.name(source.branch().repo())
              .put("branch", source.branch().branch())
              .put("id", source.commit().map(commit -> commit.id().value()).orElse(null)));
    }
    return json;
  }

  /// A job that waits or runs, or a trial; `state` is that of the job.
  static ObjectNode queued(Queue.Item item) {
    return Json.object()
        .put("position", item.position().orElse(null))
        .put("kind", item.job().isPresent() ? "job" : "trial")
        .put("id", item.name().id().value())
        .put("project", item.name().project())
        .put("pipeline", item.name().pipeline())
        .put("state", item.job().map(job -> job.state().word()).orElse("running"))
        .put("class", item.kind().word())
        .put("weight", item.weight())
        .put("running", item.running())
        .put("waiting", item.waiting())
        .put("reason", item.reason());
  }

  /// Of a job that runs, up to now.
  private static Optional<Long> duration(Job.Times times) {
    return times
        .started()
        .map(start ->
            Math.max(
                0, Duration.between(start, times.finished().orElseGet(Instant::now)).toMillis()));
  }

  static ObjectNode datum(DatumView datum) {
    ObjectNode json =
        Json.object()
            .put("id", datum.id())
            .put("key", datum.key())
            .put("job", datum.job().id().value())
            .put("project", datum.job().project())
            .put("pipeline", datum.job().pipeline())
            .put("state", datum.state().word())
            .put("reason", orNull(datum.reason()));
    json.set("inputs", inputs(datum.inputs()));
    return json.put("tries", datum.tries().size())
        .put("exit_code", datum.exitCode().orElse(null))
        .put("started", datum.started().map(Instant::toString).orElse(null))
        .put("duration_ms", datum.wallMicros().map(micros -> micros / 1000).orElse(null))
        .put("job_of_result", datum.madeBy().map(Object::toString).orElse(null))
        .put("sandbox", orNull(datum.sandbox()));
  }

  /// A datum that would be: `state` is what a job would make of it.
  static ObjectNode preview(Previews.Item item) {
    ObjectNode json =
        Json.object()
            .put("id", item.id())
            .put("key", item.key())
            .put("state", item.known() ? "skipped" : "waiting");
    ArrayNode inputs = json.putArray("inputs");
    for (Previews.In input : item.inputs()) {
      ObjectNode file = input(input.file());
      input.joinKey().ifPresent(key -> file.put("join_key", key));
      input.groupKey().ifPresent(key -> file.put("group_key", key));
      inputs.add(file);
    }
    return json;
  }

  /// What an arm of an input finds; `alone` counts matches that are in no datum.
  static ObjectNode arm(Datums.Unmatched arm) {
    ObjectNode json =
        VersionJson.name(arm.branch().repo())
            .put("name", arm.name())
            .put("branch", arm.branch().branch())
            .put("glob", arm.glob())
            .put("matches", arm.matches())
            .put("alone", arm.alone())
            .put("unmatched", arm.files())
            .put("exact", arm.exact());
    ArrayNode examples = json.putArray("examples");
    for (Datum.Part part : arm.examples()) {
      ObjectNode file = examples.addObject().put("path", path(part.path(), part.directory()));
      part.joinKey().ifPresent(key -> file.put("join_key", key));
      part.groupKey().ifPresent(key -> file.put("group_key", key));
    }
    return json;
  }

  static ArrayNode inputs(List<DatumView.In> inputs) {
    ArrayNode list = Json.array();
    for (DatumView.In input : inputs) {
      list.add(input(input));
    }
    return list;
  }

  private static ObjectNode input(DatumView.In input) {
    ObjectNode json = located(input);
    return input.bucket() ? json.put("s3", true) : json;
  }

  private static ObjectNode located(DatumView.In input) {
    return Json.object()
        .put("name", input.name())
        .put("path", path(input.path(), input.directory()))
        .put("hash", input.hash().toString())
        .put("project", input.branch().repo().project())
        .put("repo", input.branch().repo().local())
        .put("branch", input.branch().branch())
        .put("commit", input.commit().map(CommitName::id).map(Object::toString).orElse(null));
  }

  /// With the leading slash; that of a directory with one at its end too.
  static String path(FilePath path, boolean directory) {
    return path.isRoot() || !directory ? path.toString() : path + "/";
  }

  static ObjectNode line(LogLine line) {
    ObjectNode json =
        Json.object()
            .put("job", line.job().id().value())
            .put("pipeline", line.job().pipeline())
            .put("datum", line.datum())
            .put("try", line.number())
            .put("started", line.started().toString())
            .put("line", line.line());
    ArrayNode inputs = json.putArray("inputs");
    line.inputs().forEach(input -> inputs.add(path(input.path(), input.directory())));
    return json;
  }

  static void tries(ObjectNode json, List<Ending.Try> tries) {
    json.put("started", tries.isEmpty() ? null : tries.getFirst().started().toString())
        .put("duration_ms", tries.stream().mapToLong(Ending.Try::wallMicros).sum() / 1000)
        .put("exit_code", tries.isEmpty() ? null : tries.getLast().exitCode());
  }

  static ArrayNode texts(List<String> texts) {
    ArrayNode list = Json.array();
    texts.forEach(list::add);
    return list;
  }

  static @org.jspecify.annotations.Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
