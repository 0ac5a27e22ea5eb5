package dev.dassie.job;

import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;

/// One job: a pipeline, and the commit set that made it run (design S2: the ids are the same).
public record JobName(String project, String pipeline, CommitId id) {
  public JobName {
    Names.check("project", project);
    Names.check("pipeline", pipeline);
  }

  /// The commit that the job writes.
  public CommitName output() {
    return new CommitName(new RepoName(project, pipeline), id);
  }

  /// The stored form: `project/pipeline/id`.
  public String key() {
    return project + "/" + pipeline + "/" + id.value();
  }

  /// Reads what [#key] wrote.
  static JobName parse(String key) {
    String[] parts = key.split("/", 3);
    return new JobName(parts[0], parts[1], new CommitId(parts[2]));
  }

  /// As people write it: without the default project.
  @Override
  public String toString() {
    return (project.equals(RepoName.DEFAULT_PROJECT) ? "" : project + "/") + pipeline + "@" + id;
  }
}
