package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `next datum [--error SENTENCE]`: within a pipeline with `datumBatching`.
public final class NextDatum implements Action {
  private static final int MAX_ERROR = 4_000;

  @Option(
      names = "--error",
      paramLabel = "SENTENCE",
      description = "The datum that it had failed, and why.")
  private Optional<String> error = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json",
      description = "The variables as one JSON object.")
  private Optional<String> format = Optional.empty();

  @Override
  public int run(Session session) throws IOException {
    Optional<String> place = session.surroundings().variable("DASSIE_NEXT");
    if (place.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "There is no datum to ask for: the variable `DASSIE_NEXT` is not set.",
              Optional.of(
                  "`next datum` is for the code of a pipeline with `transform.datumBatching`."))
          .asException();
    }
    List<String> variables = ask(place.get());
    if (variables.isEmpty()) {
      return Exit.NOT_FOUND;
    }
    if (format.isPresent()) {
      ObjectNode json = Json.object();
      variables.forEach(one -> json.put(name(one), value(one)));
      session.print(Json.compact(json));
    } else {
      variables.forEach(one ->
          session.print("export " + name(one) + "='" + value(one).replace("'", "'\\''") + "'"));
    }
    return Exit.OK;
  }

  private List<String> ask(String place) throws IOException {
    String line =
        error
            .map(text -> "error " + text.substring(0, Math.min(text.length(), MAX_ERROR)))
            .orElse("next");
    try (SocketChannel server = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      boolean _ = server.connect(UnixDomainSocketAddress.of(place));
      ByteBuffer request =
          ByteBuffer.wrap((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
      while (request.hasRemaining()) {
        int _ = server.write(request);
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer part = ByteBuffer.allocate(1 << 14);
      for (int n = server.read(part); n >= 0; n = server.read(part)) {
        answer.write(part.array(), 0, n);
        part.clear();
      }
      List<String> variables =
          new ArrayList<>(List.of(answer.toString(StandardCharsets.UTF_8).split("\0", -1)));
      variables.removeIf(one -> one.indexOf('=') < 1);
      return variables;
    }
  }

  private static String name(String variable) {
    return variable.substring(0, variable.indexOf('='));
  }

  private static String value(String variable) {
    return variable.substring(variable.indexOf('=') + 1);
  }
}
