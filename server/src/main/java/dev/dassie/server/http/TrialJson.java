package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.text.UnifiedDiff;
import dev.dassie.job.Ending;
import dev.dassie.job.Job;
import dev.dassie.job.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Outcomes of trials as JSON: what a person wants to see of a datum at once, all of it bounded.
final class TrialJson {
  private static final int FILES = 100;
  private static final int DIFF = 64 << 10;
  private static final int LOG = 256 << 10;

  private final Filesets filesets;

  TrialJson(Filesets filesets) {
    this.filesets = filesets;
  }

  /// One datum: its log, and its output as the difference from what it is compared with.
  ObjectNode outcome(Trial.Outcome outcome) throws IOException {
    ObjectNode datum =
        Json.object()
            .put("id", outcome.id())
            .put("key", outcome.key())
            .put("state", outcome.state().word())
            .put("reason", JobJson.orNull(outcome.reason()))
            .put("tries", outcome.tries().size());
    datum.set("inputs", JobJson.inputs(outcome.inputs()));
    JobJson.tries(datum, outcome.tries());
    datum.put("log", outcome.tries().isEmpty() ? "" : log(outcome.tries().getLast()));
    datum.put("compared", outcome.last().isPresent() && outcome.output().isPresent());
    ArrayNode files = datum.putArray("files");
    StringWriter diff = new StringWriter();
    if (outcome.output().isPresent()) {
      Fileset last = outcome.last().orElse(Filesets.EMPTY);
      Iterator<Difference> changes = filesets.diff(last, outcome.output().get(), FilePath.ROOT);
      UnifiedDiff unified = new UnifiedDiff(filesets, diff);
      while (changes.hasNext() && files.size() < FILES && diff.getBuffer().length() <= DIFF) {
        Difference change = changes.next();
        files.add(file(change));
        unified.write(change);
      }
      datum.put("more_files", changes.hasNext());
    } else {
      datum.put("more_files", false);
    }
    boolean cut = diff.getBuffer().length() > DIFF;
    datum.put("diff", cut ? diff.getBuffer().substring(0, DIFF) + "\n…\n" : diff.toString());
    ObjectNode line = Json.object();
    line.set("datum", datum);
    return line;
  }

  private static ObjectNode file(Difference change) {
    String word = change.old().isEmpty() ? "added" : change.now().isEmpty() ? "removed" : "changed";
    return Json.object()
        .put("path", change.path().toString())
        .put("change", word)
        .put("size_bytes", change.now().map(Entry.File::size).orElse(0L));
  }

  /// The last part of what the last try printed.
  private String log(Ending.Try one) {
    Body body = one.log();
    long from = Math.max(0, body.size() - LOG);
    try (InputStream in = filesets.open(body, from, body.size() - from)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return from == 0 ? text : "[dassie: %d bytes before this]\n".formatted(from) + text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The last line.
  static ObjectNode summary(Trial.Summary summary, long tookMillis) {
    ObjectNode json = Json.object();
    Job.Counts counts = summary.datums();
    json.putObject("datums")
        .put("total", counts.total())
        .put("success", counts.success())
        .put("skipped", counts.skipped())
        .put("failed", counts.failed())
        .put("recovered", counts.recovered());
    json.put("more", summary.more())
        .put("code_ms", summary.codeMicros() / 1000)
        .put("duration_ms", tookMillis);
    json.set("empty", JobJson.texts(summary.empty()));
    ObjectNode line = Json.object();
    line.set("summary", json);
    return line;
  }
}
