package dev.dassie.job;

import dev.dassie.fault.DassieException;
import dev.dassie.version.Versions;
import java.util.Map;
import java.util.Optional;

/// On whose account a job takes turns.
///
/// @param weight of the project: turns for each one of a project of weight 1
record Claim(JobName job, JobClass kind, int weight) {
  /// The key of a project's metadata that holds its weight.
  static final String WEIGHT = "weight";

  static final int MAX_WEIGHT = 100;

  static Claim of(Versions versions, JobName job, JobClass kind) {
    return new Claim(job, kind, weight(versions, job.project()));
  }

  /// 1 where none is set, or what is set is no whole number from 1 to 100.
  private static int weight(Versions versions, String project) {
    Map<String, String> metadata;
    try {
      metadata = versions.project(project).metadata();
    } catch (DassieException e) {
      return 1; // it was deleted just now
    }
    return Optional.ofNullable(metadata.get(WEIGHT))
        .filter(text -> text.matches("[1-9][0-9]{0,2}"))
        .map(Integer::parseInt)
        .filter(number -> number <= MAX_WEIGHT)
        .orElse(1);
  }
}
