package dev.dassie.job;

import dev.dassie.fault.DassieException;
import dev.dassie.pipeline.PipelineSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How soon the work of a job is wanted. Within a project each class has turns in proportion to its
/// share, so that the least of them goes on too.
public enum JobClass {
  /// A person waits for it.
  INTERACTIVE(16),
  NORMAL(4),
  /// It may take its time: everything is computed anew.
  BACKFILL(1);

  /// The annotation of a spec that names the class of its jobs.
  public static final String ANNOTATION = "dassie/class";

  private final int share;

  JobClass(int share) {
    this.share = share;
  }

  /// Turns for each one of [#BACKFILL].
  public int share() {
    return share;
  }

  /// As scripts read it: `backfill`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<JobClass> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /// All words, in their order.
  public static List<String> words() {
    return Arrays.stream(values()).map(JobClass::word).toList();
  }

  /// The class of a job: the one that its spec names, else [#BACKFILL] where its salt is another
  /// than that of the job before, so that it computes everything anew, else [#NORMAL].
  static JobClass of(Engine engine, PipelineSpec spec, Optional<Job> before) {
    return Optional.ofNullable(spec.annotations().get(ANNOTATION))
        .flatMap(JobClass::of)
        .orElseGet(() ->
            before.filter(job -> resalted(engine, spec, job)).isPresent() ? BACKFILL : NORMAL);
  }

  private static boolean resalted(Engine engine, PipelineSpec spec, Job before) {
    try {
      return !engine.recipes().of(before.spec()).spec().salt().equals(spec.salt());
    } catch (DassieException e) {
      return false; // its version is not there any more
    }
  }
}
