package dev.dassie.cli.command;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What the caller says about a change.
public final class Message {
  @Option(
      names = {"-m", "--message", "--description"},
      paramLabel = "TEXT",
      description = "What the change is about; kept with the commit.")
  private Optional<String> text = Optional.empty();

  public Request on(Request request) {
    return text.map(message -> request.header("Dassie-Message", Percent.encode(message)))
        .orElse(request);
  }
}
