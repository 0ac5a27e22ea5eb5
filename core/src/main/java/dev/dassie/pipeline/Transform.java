package dev.dassie.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The user's code as the spec gives it. Dassie never looks inside.
///
/// @param cmd argv; `cmd[0]` is looked up on `PATH` unless it has a slash
/// @param stdin lines for the standard input, joined with newlines
/// @param env declared variables
/// @param source the directory as written in the spec, if code comes with it
/// @param workingDir where `cmd` starts, else the source, else an empty private folder
/// @param acceptReturnCode exit codes that count as success beside 0
/// @param errCmd runs once, after the last failed try; empty for none
/// @param image kept for executors that use it
public record Transform(
    List<String> cmd,
    List<String> stdin,
    Map<String, String> env,
    Optional<String> source,
    Optional<String> workingDir,
    List<Integer> acceptReturnCode,
    List<String> errCmd,
    List<String> errStdin,
    Network network,
    Optional<String> image) {
  /// Code that is none, where only inputs count.
  static final Transform NOTHING =
      new Transform(
          List.of(),
          List.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Network.HOST,
          Optional.empty());

  public Transform {
    cmd = List.copyOf(cmd);
    stdin = List.copyOf(stdin);
    env = Map.copyOf(env);
    acceptReturnCode = List.copyOf(acceptReturnCode);
    errCmd = List.copyOf(errCmd);
    errStdin = List.copyOf(errStdin);
  }

  /// What the code may reach.
  public enum Network {
    HOST,
    NONE
  }
}
