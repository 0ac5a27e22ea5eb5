package dev.dassie.cli.start;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `worker`: a worker of a server in the foreground. The launcher starts it without this class; it
/// is here for its help, and for those who run the jar.
@Command(
    footer = {
      "",
      "It takes datums of the server's jobs under leases, reads and writes the object store itself, and",
      "reports each result. A worker that is lost loses only its leases. SIGTERM ends it: what runs may end",
      "within a few seconds, and the rest goes back. The options of the server hold here too (`--sandbox`,",
      "`--expose`, `--datum-memory` …)."
    })
public final class RunWorker implements Action {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The server; `$DASSIE_URL` unless given.")
  private @Nullable String url;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Datums at once; as many as there are processors unless given.")
  private @Nullable String slots;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What `list worker` calls it; host and process unless given.")
  private @Nullable String name;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "The store of the server as it is reached from here, where that differs.")
  private @Nullable String store;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The token that the server wants; `$DASSIE_TOKEN` unless given.")
  private @Nullable String tokenFile;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>();
    add(flags, "--url", url);
    add(flags, "--slots", slots);
    add(flags, "--name", name);
    add(flags, "--store", store);
    add(flags, "--token-file", tokenFile);
    return LocalServer.run(session, "worker", flags);
  }

  private static void add(List<String> flags, String flag, @Nullable String value) {
    Optional.ofNullable(value).ifPresent(given -> flags.addAll(List.of(flag, given)));
  }
}
