package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.version.Triggers;
import dev.dassie.version.trigger.Missing;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Tally;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Triggers of branches as JSON.
final class TriggerJson {
  private TriggerJson() {}

  /// The trigger with what came since it fired, and the conditions that do not hold.
  static ObjectNode of(Triggers.Waiting waiting) {
    Trigger trigger = waiting.trigger();
    ObjectNode json = Json.object().put("branch", trigger.branch());
    trigger.size().ifPresent(size -> json.put("size_bytes", size));
    trigger.commits().ifPresent(count -> json.put("commits", count));
    trigger.rateLimit().ifPresent(limit -> json.put("rate_limit", limit.text()));
    trigger.cron().ifPresent(schedule -> json.put("cron", schedule.text()));
    json.put("all", trigger.all());
    Tally tally = waiting.tally();
    json.putObject("since")
        .put("fired", tally.fired().map(Instant::toString).orElse(null))
        .put("size_bytes", tally.bytes())
        .put("commits", tally.commits());
    ArrayNode missing = json.putArray("missing");
    waiting.missing().forEach(condition -> missing.add(missing(condition)));
    return json;
  }

  private static ObjectNode missing(Missing condition) {
    ObjectNode json = Json.object().put("condition", condition.condition());
    switch (condition) {
      case Missing.Size(long have, long want) -> json.put("have", have).put("want", want);
      case Missing.Commits(long have, long want) -> json.put("have", have).put("want", want);
      case Missing.RateLimit(Optional<Instant> opens) -> at(json, opens);
      case Missing.Cron(Optional<Instant> next) -> at(json, next);
    }
    return json.put("sentence", condition.sentence());
  }

  private static void at(ObjectNode json, Optional<Instant> time) {
    json.put("at", time.map(Instant::toString).orElse(null));
  }

  /// As [#read] reads it.
  static ObjectNode write(Optional<Trigger> trigger) {
    ObjectNode json = Json.object();
    if (trigger.isPresent()) {
      Trigger one = trigger.get();
      json.put("branch", one.branch());
      one.size().ifPresent(size -> json.put("size", size.toString()));
      one.commits().ifPresent(count -> json.put("commits", count));
      one.rateLimit().ifPresent(limit -> json.put("rate_limit", limit.text()));
      one.cron().ifPresent(schedule -> json.put("cron", schedule.text()));
      json.put("all", one.all());
    }
    return json;
  }

  /// The trigger that is set; nothing where it is taken away, by an object without fields.
  static Optional<Trigger> read(Fields json) {
    Fields known = json.only("branch", "size", "commits", "rate_limit", "cron", "all");
    if (known.object().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Trigger(
            known.required("branch"),
            known.text("size").map(Trigger::size),
            known.number("commits"),
            known.text("rate_limit").map(Schedule::parse),
            known.text("cron").map(Schedule::parse),
            known.flag("all")));
  }
}
