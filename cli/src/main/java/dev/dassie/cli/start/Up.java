package dev.dassie.cli.start;

import dev.dassie.api.Client;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `up`: starts a server in the background and returns when it serves.
public final class Up implements Action {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  @Option(names = "--port", paramLabel = "PORT", description = "Port of the API.")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--s3-port", paramLabel = "PORT", description = "Port of the S3 gateway.")
  private Optional<Integer> s3Port = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "-- OPTIONS",
      description = "More options of `dassie server`, behind a --.")
  private List<String> more = new ArrayList<>();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    URI url = url(session);
    Optional<String> home = homeAt(session, url);
    if (home.isPresent() && !home.get().equals(session.surroundings().home().toString())) {
      throw Problem.of(
              Problem.CONFLICT,
              "A server of another home, `%s`, runs at `%s`.".formatted(home.get(), url),
              Optional.of("`--port` starts one beside it."))
          .asException();
    }
    if (home.isPresent()) {
      session.say("A server runs at `%s` already.".formatted(url));
      return Exit.OK;
    }
    return start(session, url, options(url, session));
  }

  /// Starts a server with its defaults at the session's URL unless one answers there.
  ///
  /// @return the exit code, 0 when one serves
  static int ensure(Session session) throws IOException, InterruptedException {
    return session.api().ready() ? Exit.OK : new Up().run(session);
  }

  private static int start(Session session, URI url, List<String> options)
      throws IOException, InterruptedException {
    LocalServer server = new LocalServer(session);
    LocalServer.Started started = server.start(url, options);
    if (started.exitCode() != 0) {
      session.say(
          started.lastWords().isEmpty()
              ? "The server ended with exit code `%d` and said nothing."
                  .formatted(started.exitCode())
              : started.lastWords());
      return started.exitCode();
    }
    session.say(
        "Dassie serves at %s (process %d, data in %s)."
            .formatted(url, started.pid(), session.surroundings().home()));
    if (!url.equals(session.surroundings().url())) {
      session.say("Hint: `export DASSIE_URL=%s` lets other commands find it.".formatted(url));
    }
    return Exit.OK;
  }

  private URI url(Session session) {
    URI url = session.surroundings().url();
    if (!THIS_MACHINE.contains(Optional.ofNullable(url.getHost()).orElse(""))) {
      throw Problem.of(
              Problem.INVALID,
              "`DASSIE_URL` is `%s`, which is not this machine.".formatted(url),
              Optional.of("Unset it to start a server here."))
          .asException();
    }
    return port.map(number -> URI.create("http://127.0.0.1:" + number)).orElse(url);
  }

  private List<String> options(URI url, Session session) {
    List<String> options = new ArrayList<>();
    boolean named = session.surroundings().variable("DASSIE_URL").isPresent();
    if ((port.isPresent() || named) && url.getPort() > 0) {
      options.addAll(List.of("--port", Integer.toString(url.getPort())));
    }
    s3Port.ifPresent(number -> options.addAll(List.of("--s3-port", Integer.toString(number))));
    options.addAll(more);
    return options;
  }

  /// The home of the server that serves at the URL; empty when none does.
  private static Optional<String> homeAt(Session session, URI url)
      throws IOException, InterruptedException {
    try (Client probe = new Client(url, session.surroundings().identity())) {
      return probe.ready()
          ? Optional.of(Cells.text(probe.json(Request.get("/status")), "home"))
          : Optional.empty();
    }
  }
}
