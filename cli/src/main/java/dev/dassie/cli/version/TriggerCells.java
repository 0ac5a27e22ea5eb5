package dev.dassie.cli.version;

import dev.dassie.cli.terminal.Cells;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Triggers as tables show them.
final class TriggerCells {
  private TriggerCells() {}

  /// `staging on 3 commits or 1 MB`; nothing where there is no trigger.
  static String conditions(JsonNode trigger) {
    if (!trigger.isObject()) {
      return "";
    }
    List<String> conditions = new ArrayList<>();
    if (trigger.has("size_bytes")) {
      conditions.add(Cells.size(trigger.path("size_bytes").asLong(0)));
    }
    if (trigger.has("commits")) {
      conditions.add(trigger.path("commits").asLong(0) + " commits");
    }
    if (trigger.has("rate_limit")) {
      conditions.add("rate limit " + Cells.text(trigger, "rate_limit"));
    }
    if (trigger.has("cron")) {
      conditions.add("cron " + Cells.text(trigger, "cron"));
    }
    String all = trigger.path("all").asBoolean(false) ? " and " : " or ";
    return Cells.text(trigger, "branch") + " on " + String.join(all, conditions);
  }

  /// What is missing, one sentence behind the other.
  static String missing(JsonNode trigger) {
    List<String> sentences = new ArrayList<>();
    trigger.path("missing").forEach(one -> sentences.add(Cells.text(one, "sentence")));
    return String.join(" ", sentences);
  }
}
