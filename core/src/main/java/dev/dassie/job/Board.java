package dev.dassie.job;

import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The jobs that wait or run, in memory: in order per pipeline, and by the commits they wait for.
/// Not thread-safe.
final class Board {
  private record Line(String project, String pipeline) {}

  private final Map<JobName, Job> jobs = new HashMap<>();
  private final Map<Line, NavigableMap<Long, JobName>> lines = new HashMap<>();
  private final Map<CommitName, Set<JobName>> blocked = new HashMap<>();
  private final Map<JobName, JobRun> runs = new HashMap<>();

  void add(Job job) {
    jobs.put(job.name(), job);
    lines
        .computeIfAbsent(line(job.name()), line -> new TreeMap<>())
        .put(job.sequence(), job.name());
  }

  Optional<Job> find(JobName name) {
    return Optional.ofNullable(jobs.get(name));
  }

  /// Jobs of a pipeline, oldest first.
  List<Job> ofPipeline(String project, String pipeline) {
    return lines.getOrDefault(new Line(project, pipeline), new TreeMap<>()).values().stream()
        .map(jobs::get)
        .toList();
  }

  /// Whether no older job of its pipeline is left.
  boolean isFirst(Job job) {
    NavigableMap<Long, JobName> line = lines.get(line(job.name()));
    return line != null && line.firstEntry().getValue().equals(job.name());
  }

  /// The job waits for these commits.
  void block(JobName name, List<CommitName> commits) {
    for (CommitName commit : commits) {
      blocked.computeIfAbsent(commit, key -> new HashSet<>()).add(name);
    }
  }

  /// Jobs that wait for the commit; it is forgotten.
  List<JobName> unblock(CommitName commit) {
    Set<JobName> waiting = blocked.remove(commit);
    return waiting == null ? List.of() : new ArrayList<>(waiting);
  }

  void running(JobRun run) {
    runs.put(run.name(), run);
  }

  Optional<JobRun> run(JobName name) {
    return Optional.ofNullable(runs.get(name));
  }

  List<JobRun> runs() {
    return List.copyOf(runs.values());
  }

  /// Forgets a job that has ended; answers with the next of its pipeline.
  Optional<Job> remove(JobName name) {
    runs.remove(name);
    Job job = jobs.remove(name);
    if (job == null) {
      return Optional.empty();
    }
    NavigableMap<Long, JobName> line = lines.getOrDefault(line(name), new TreeMap<>());
    line.remove(job.sequence());
    if (line.isEmpty()) {
      lines.remove(line(name));
      return Optional.empty();
    }
    return Optional.ofNullable(jobs.get(line.firstEntry().getValue()));
  }

  private static Line line(JobName name) {
    return new Line(name.project(), name.pipeline());
  }

  /// The sources of an output commit that are open still.
  static List<CommitName> open(List<Commit> sources) {
    return sources.stream().filter(Commit::isOpen).map(Commit::name).toList();
  }
}
