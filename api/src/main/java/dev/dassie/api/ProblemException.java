package dev.dassie.api;

/// The one exception of a refusal on the client's side; it carries the refusal as data.
public final class ProblemException extends RuntimeException {
  private final Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
