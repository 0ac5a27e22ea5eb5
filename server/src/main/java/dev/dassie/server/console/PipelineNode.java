package dev.dassie.server.console;

import dev.dassie.job.Job;
import java.util.Optional;

/// A box of the graph: a pipeline with what it writes, a repo of users' data, or a group of
/// pipelines that is closed; of what was made from something a file or commit.
///
/// @param whole its name
/// @param link where it leads; of a group the page knows
/// @param group the name of the group
/// @param state of the newest job; of a pipeline that is stopped `stopped`; of a file `file`, of
///   what was asked for `asked`; empty where there is none
/// @param words the line under the name
public record PipelineNode(
    String whole,
    String link,
    Optional<String> group,
    boolean pipeline,
    String state,
    String words,
    int x,
    int y) {
  private static final int NAME = 22;
  private static final int NOTE = 24;
  private static final String CIRCLE = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0";

  /// The name, as long as it fits.
  public String name() {
    return Say.cut(whole, NAME);
  }

  /// The line under the name, as long as it fits.
  public String note() {
    return Say.cut(words, NOTE);
  }

  /// Whether not all of it fits.
  public boolean isCut() {
    return !name().equals(whole) || !note().equals(words);
  }

  /// The sign of its state as the path of an SVG, 16 pixels wide: a graph has many boxes, and each
  /// element of it costs time.
  public String sign() {
    return switch (pipeline ? state : "data") {
      case "success" -> CIRCLE + "M5.2 8.2l2 2 3.6-4.2";
      case "failed", "unrunnable" -> CIRCLE + "M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6";
      case "running" -> "M8 2a6 6 0 1 1-5.6 3.9M6.8 5.6l3.6 2.4-3.6 2.4z";
      case "waiting" -> CIRCLE + "M8 4.6V8l2.4 1.6";
      case "stopped" -> CIRCLE + "M5.8 5.8h4.4v4.4h-4.4z";
      case "file" -> "M3.5 1.8h6l3 3v9.4h-9zM9.3 1.8v3.2h3.2";
      case "data" ->
          "M2.5 3.8a5.5 2.2 0 1 0 11 0a5.5 2.2 0 1 0-11 0v8.4c0 1.2 2.5 2.2 5.5 2.2s5.5-1 5.5-2.2V3.8"
              + "M2.5 8c0 1.2 2.5 2.2 5.5 2.2s5.5-1 5.5-2.2";
      default -> "M6 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0";
    };
  }

  /// What is said of one pipeline.
  static String note(PipelineRow row) {
    if (row.state().isEmpty()) {
      return "has not run";
    }
    return row.state()
        + row.newest()
            .filter(one -> one.datums().total() > 0)
            .map(one -> {
              Job.Counts counts = one.datums();
              return one.state() == Job.State.RUNNING
                  ? ", %s of %s".formatted(Say.count(counts.ended()), Say.count(counts.total()))
                  : ", " + Say.count(counts.total(), "datum");
            })
            .orElse("");
  }
}
