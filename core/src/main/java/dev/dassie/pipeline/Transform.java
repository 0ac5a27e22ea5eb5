package dev.dassie.pipeline;

import dev.dassie.pipeline.secret.SecretUse;
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
/// @param user who it runs as where the server may choose: a uid or name, and `:` and a group
/// @param secrets what it gets of secrets, as files and variables
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
    Optional<String> image,
    Optional<String> user,
    List<SecretUse> secrets) {
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
    secrets = List.copyOf(secrets);
  }

  /// Code of no user in particular, without secrets.
  public Transform(
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
    this(
        cmd,
        stdin,
        env,
        source,
        workingDir,
        acceptReturnCode,
        errCmd,
        errStdin,
        network,
        image,
        Optional.empty(),
        List.of());
  }

  /// The same code as another user and with secrets.
  public Transform with(Optional<String> other, List<SecretUse> uses) {
    return new Transform(
        cmd,
        stdin,
        env,
        source,
        workingDir,
        acceptReturnCode,
        errCmd,
        errStdin,
        network,
        image,
        other,
        uses);
  }

  /// What the code may reach.
  public enum Network {
    HOST,
    NONE
  }
}
