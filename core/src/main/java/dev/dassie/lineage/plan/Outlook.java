package dev.dassie.lineage.plan;

import dev.dassie.job.Forecast;
import dev.dassie.lineage.reason.Difference;
import java.util.List;

/// What a change would make run.
///
/// @param pipelines those that would get a job, each after what it reads
/// @param idle pipelines of the change that have no data to run on yet
public record Outlook(List<Stage> pipelines, List<String> idle) {
  public Outlook {
    pipelines = List.copyOf(pipelines);
    idle = List.copyOf(idle);
  }

  /// One pipeline.
  ///
  /// @param changes what differs from its newest finished job, where there is one
  public record Stage(Forecast forecast, List<Difference> changes) {
    public Stage {
      changes = List.copyOf(changes);
    }
  }

  /// Whether something would run, or may.
  public boolean work() {
    return pipelines.stream().anyMatch(stage -> stage.forecast().work());
  }
}
