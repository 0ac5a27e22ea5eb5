package dev.dassie.server.console;

import dev.dassie.job.Job;
import dev.dassie.pipeline.Pipeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A pipeline in a list.
///
/// @param jobs its newest, the newest first
public record PipelineRow(Pipeline pipeline, List<Job> jobs) {
  /// Pixels from bar to bar of a strip.
  public static final int STEP = 9;

  public PipelineRow {
    jobs = List.copyOf(jobs);
  }

  public Optional<Job> newest() {
    return jobs.stream().findFirst();
  }

  /// `stopped`, or the state of the newest job; empty where it has not run.
  public String state() {
    return pipeline.state() == Pipeline.State.STOPPED
        ? "stopped"
        : newest().map(job -> job.state().word()).orElse("");
  }

  /// Its newest jobs in words: `Of the newest 3 jobs: 2 success, 1 failed`.
  public String strip() {
    Map<String, Long> states = new LinkedHashMap<>();
    jobs.forEach(job -> {
      long _ = states.merge(job.state().word(), 1L, Long::sum);
    });
    return "Of the newest %d jobs: %s"
        .formatted(
            jobs.size(),
            states.entrySet().stream()
                .map(one -> one.getValue() + " " + one.getKey())
                .collect(Collectors.joining(", ")));
  }

  /// Its newest jobs as bars, the newest at the right: by class of the style sheet the path of all
  /// of one state, since a list has many strips. What runs or waits is half as high, what did not
  /// end well is crossed out.
  public Map<String, String> bars() {
    Map<String, String> paths = new LinkedHashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get(jobs.size() - 1 - i);
      boolean open = !job.state().ended();
      int x = i * STEP;
      String _ =
          paths.merge(
              job.state().word(),
              "M%d %dh7v%dh-7z".formatted(x, open ? 9 : 2, open ? 7 : 14),
              String::concat);
    }
    StringBuilder crosses = new StringBuilder();
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get(jobs.size() - 1 - i);
      if (job.state().ended() && job.state() != Job.State.SUCCESS) {
        crosses.append("M%d.5 6l4 6m0-6l-4 6".formatted(i * STEP + 1));
      }
    }
    if (!crosses.isEmpty()) {
      paths.put("cross", crosses.toString());
    }
    return paths;
  }
}
