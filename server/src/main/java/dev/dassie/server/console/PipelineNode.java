package dev.dassie.server.console;

import dev.dassie.job.Job;
import dev.dassie.version.RepoName;
import java.util.Optional;

/// A box of the graph: a pipeline with what it writes, or a repo of users' data.
///
/// @param state of the newest job; of a pipeline that is stopped `stopped`; empty where there is
///   none
public record PipelineNode(
    RepoName repo, boolean pipeline, String state, Optional<Job> job, int x, int y) {
  private static final int NAME = 22;

  public String link() {
    return pipeline ? Links.pipeline(repo.project(), repo.name()) : Links.repo(repo);
  }

  /// The name, as long as it fits.
  public String name() {
    return Say.cut(repo.toString(), NAME);
  }

  /// The line under the name.
  public String note() {
    if (!pipeline) {
      return "repo";
    }
    if (state.isEmpty()) {
      return "has not run";
    }
    return state
        + job.filter(one -> one.datums().total() > 0)
            .map(one -> {
              Job.Counts counts = one.datums();
              return one.state() == Job.State.RUNNING
                  ? ", %s of %s".formatted(Say.count(counts.ended()), Say.count(counts.total()))
                  : ", " + Say.count(counts.total(), "datum");
            })
            .orElse("");
  }
}
