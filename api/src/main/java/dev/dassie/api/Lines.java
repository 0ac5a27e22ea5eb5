package dev.dassie.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The items of a reply in NDJSON, one at a time. For one thread; closing ends the reply.
public final class Lines implements AutoCloseable {
  private final Reply reply;
  private final BufferedReader reader;

  Lines(Reply reply) {
    this.reply = reply;
    this.reader =
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8), 1 << 16);
  }

  /// The next item; empty at the end. Waits while a followed stream is silent.
  ///
  /// @throws ProblemException when the server broke off with a refusal: a last line `{"problem":
  ///   {…}}`
  public Optional<JsonNode> next() throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        JsonNode item = Json.parse(line);
        if (item.size() == 1 && item.path("problem").isObject()) {
          throw Problem.read(item.path("problem").path("status").asInt(500), item.path("problem"))
              .asException();
        }
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  public Reply reply() {
    return reply;
  }

  @Override
  public void close() throws IOException {
    reply.close();
  }
}
