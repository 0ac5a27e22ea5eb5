package dev.dassie.cli.start;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/// `server`: a server in the foreground. The launcher starts it without this class; it is here for
/// those who run the jar.
@Command
public final class RunServer implements Action {
  @Parameters(arity = "0..*", paramLabel = "OPTIONS", description = "Options of the server.")
  private List<String> arguments = new ArrayList<>();

  @Unmatched private List<String> options = new ArrayList<>();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.addAll(arguments);
    return LocalServer.run(session, "server", all);
  }
}
