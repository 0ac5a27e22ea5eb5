package dev.dassie.server.console;

import dev.dassie.job.Job;
import java.util.Optional;

/// A box of the graph: a pipeline with what it writes, a repo of users' data, or a group of
/// pipelines that is closed.
///
/// @param whole its name
/// @param link where it leads; of a group the page knows
/// @param group the name of the group
/// @param state of the newest job; of a pipeline that is stopped `stopped`; empty where there is
///   none
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

  /// The name, as long as it fits.
  public String name() {
    return Say.cut(whole, NAME);
  }

  /// The line under the name, as long as it fits.
  public String note() {
    return Say.cut(words, NOTE);
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
