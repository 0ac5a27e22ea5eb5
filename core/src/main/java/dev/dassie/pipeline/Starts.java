package dev.dassie.pipeline;

/// What makes an input start jobs.
///
/// @param never a change of its branch starts none (`propagationSpec.never`); the next job that
///   something else starts reads the newest head
public record Starts(boolean never) {
  /// Every change of the branch starts a job.
  public static final Starts ALWAYS = new Starts(false);
}
