package dev.dassie.cli.command;

import dev.dassie.api.Client;
import dev.dassie.api.Problem;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the process was started with.
///
/// @param variables of the environment
/// @param folder the working directory
/// @param input standard input
/// @param user name at the operating system
public record Surroundings(
    Map<String, String> variables, Path folder, InputStream input, String user) {
  private static final String LOCALHOST = "127.0.0.1";
  private static final String PORT = "7340";

  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        System.in,
        System.getProperty("user.name", ""));
  }

  /// A variable that is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /// The server that commands talk to: `DASSIE_URL`, else this machine at `DASSIE_PORT`.
  public URI url() {
    String text =
        variable("DASSIE_URL")
            .orElseGet(() -> "http://" + LOCALHOST + ":" + variable("DASSIE_PORT").orElse(PORT));
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
              "`DASSIE_URL` is `%s`, expected a URL such as `http://127.0.0.1:7340`."
                  .formatted(text))
          .asException();
    }
  }

  /// Where a local server keeps its data.
  public Path home() {
    return variable("DASSIE_HOME")
        .map(folder::resolve)
        .orElseGet(() -> Path.of(System.getProperty("user.home", "/")).resolve(".dassie"));
  }

  /// Who calls, as a header can carry it.
  public Client.Identity identity() {
    String name = user.isEmpty() ? "unknown" : user.replaceAll("[^!-~]", "_");
    return new Client.Identity("local:" + name, variable("DASSIE_TOKEN"));
  }
}
