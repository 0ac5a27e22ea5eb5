package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.version.BranchName;
import dev.dassie.version.GatherRule;
import dev.dassie.version.gather.Gathering;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How writes through S3 become commits of a branch, as JSON.
final class GatherJson {
  private GatherJson() {}

  /// The rule of the branch, and what its gathered commit waits for; nothing where the rule is that
  /// of every branch and nothing gathers.
  static Optional<ObjectNode> of(Gathering gathering, BranchName branch) {
    GatherRule rule = gathering.rule(branch);
    Optional<Gathering.Waiting> waiting = gathering.waiting(branch);
    if (rule.equals(GatherRule.DEFAULT) && waiting.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode json =
        Json.object()
            .put("commits", rule.mode().word())
            .put("quiet_ms", rule.quiet().toMillis())
            .put("latest_ms", rule.latest().toMillis());
    waiting.ifPresent(open ->
        json.putObject("gathering")
            .put("commit", open.commit().id().value())
            .put("since", open.since().toString())
            .put("quiet_at", open.quiet().map(Instant::toString).orElse(null))
            .put("latest_at", open.latest().map(Instant::toString).orElse(null))
            .put("kept_open", open.keptOpen().orElse(null))
            .put("sentence", open.sentence()));
    return Optional.of(json);
  }

  /// The rule that is set; what is not said stays as in `old`.
  static GatherRule read(Fields json, GatherRule old) {
    Fields known = json.only("commits", "quiet_ms", "latest_ms");
    return new GatherRule(
        known.text("commits").map(GatherRule.Mode::of).orElse(old.mode()),
        known.number("quiet_ms").map(GatherJson::time).orElse(old.quiet()),
        known.number("latest_ms").map(GatherJson::time).orElse(old.latest()));
  }

  /// More than a rule may say is left to the rule to refuse.
  private static Duration time(long millis) {
    return Duration.ofMillis(Math.min(millis, GatherRule.MAX.toMillis() + 1));
  }
}
