package dev.dassie.cli.command;

import dev.dassie.api.Problem;

/// The exit codes of the command line; scripts rely on them.
public final class Exit {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int DENIED = 4;
  public static final int CONFLICT = 5;
  public static final int UNREACHABLE = 6;
  public static final int WORK = 10;
  public static final int BUG = 70;
  public static final int TIMED_OUT = 124;

  private Exit() {}

  /// The exit code of a refusal.
  public static int of(Problem problem) {
    return switch (problem.code()) {
      case Problem.NOT_FOUND -> NOT_FOUND;
      case Problem.ALREADY_EXISTS, Problem.CONFLICT -> CONFLICT;
      case Problem.INVALID, Problem.UNSUPPORTED -> USAGE;
      case Problem.DENIED -> DENIED;
      case Problem.TIMED_OUT -> TIMED_OUT;
      case Problem.UNREACHABLE -> UNREACHABLE;
      case Problem.BUG -> BUG;
      default -> FAILED;
    };
  }
}
