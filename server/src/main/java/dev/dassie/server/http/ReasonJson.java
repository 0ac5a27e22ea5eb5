package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.Digest;
import dev.dassie.job.JobName;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.lineage.reason.Blocker;
import dev.dassie.lineage.reason.Difference;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Why something is as it is, as JSON.
final class ReasonJson {
  private ReasonJson() {}

  static ObjectNode answer(Answer answer) {
    ObjectNode json =
        Json.object()
            .put("kind", answer.subject().word())
            .put("about", answer.about())
            .put("state", answer.state());
    json.set("reasons", JobJson.texts(answer.sentences()));
    ArrayNode causes = json.putArray("causes");
    answer.causes().forEach(commit -> causes.add(cause(commit)));
    json.put("compared_with", answer.comparedWith().map(JobName::toString).orElse(null));
    json.set("changes", changes(answer.changes()));
    ArrayNode blockers = json.putArray("blockers");
    answer.blockers().forEach(blocker -> blockers.add(blocker(blocker)));
    ArrayNode results = json.putArray("results");
    answer
        .results()
        .forEach(reused ->
            results.addObject().put("job", reused.job().toString()).put("datums", reused.datums()));
    ArrayNode failures = json.putArray("failures");
    answer
        .failures()
        .forEach(failure ->
            failures.addObject().put("datum", failure.datum()).put("reason", failure.reason()));
    return json;
  }

  private static ObjectNode cause(Commit commit) {
    return VersionJson.name(commit.name().repo())
        .put("commit", commit.name().id().value())
        .put("branch", commit.branch())
        .put("author", commit.author())
        .put("message", commit.message())
        .put("started", commit.started().toString());
  }

  static ArrayNode changes(List<Difference> differences) {
    ArrayNode changes = Json.array();
    differences.forEach(difference -> changes.add(change(difference)));
    return changes;
  }

  static ObjectNode change(Difference difference) {
    ObjectNode json =
        Json.object()
            .put("kind", difference.kind().word())
            .put("name", difference.name())
            .put("before", difference.before().orElse(null))
            .put("after", difference.after().orElse(null))
            .put("sentence", difference.sentence());
    if (difference.files().isEmpty()) {
      json.putNull("files");
      return json;
    }
    Difference.Files files = difference.files().get();
    ObjectNode node =
        json.putObject("files")
            .put("before", files.before().map(CommitName::toString).orElse(null))
            .put("after", files.after().map(CommitName::toString).orElse(null))
            .put("changed", files.count())
            .put("exact", files.exact());
    ArrayNode examples = node.putArray("examples");
    for (Difference.Changed one : files.examples()) {
      examples.addObject().put("path", one.path()).put("change", one.change().word());
    }
    return json;
  }

  private static ObjectNode blocker(Blocker blocker) {
    Optional<JobName> job = blocker.job();
    return Json.object()
        .put("kind", blocker.kind().word())
        .put("sentence", blocker.sentence())
        .put("commit", blocker.commit().map(CommitName::toString).orElse(null))
        .put("job", job.map(JobName::toString).orElse(null))
        .put("key", blocker.key().map(Digest::toString).orElse(null));
  }
}
