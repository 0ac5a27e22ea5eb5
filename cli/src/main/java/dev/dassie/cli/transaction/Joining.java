package dev.dassie.cli.transaction;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Lets a command be a step of a transaction.
public final class Joining {
  @Option(
      names = "--transaction",
      paramLabel = "ID",
      description = "Be a step of this transaction, not of the current one.")
  private Optional<String> id = Optional.empty();

  private final boolean apart;

  public Joining() {
    this(false);
  }

  private Joining(boolean apart) {
    this.apart = apart;
  }

  /// Of a command that always does its work at once.
  public static Joining apart() {
    return new Joining(true);
  }

  /// Makes the call or, where a transaction is named or current, adds the step that does the same
  /// to it. Answers what the call answers; a step's answer is what it will do.
  public JsonNode send(Session session, Request call, ObjectNode step)
      throws IOException, InterruptedException {
    if (apart) {
      return session.api().json(call);
    }
    Current current = new Current(session);
    Optional<String> transaction = id.isPresent() ? id : current.id();
    if (transaction.isEmpty()) {
      return session.api().json(call);
    }
    Request request = Request.post(Current.url(transaction.get()) + "/steps").json(step);
    for (var header : call.headers().entrySet()) {
      request = request.header(header.getKey(), header.getValue());
    }
    JsonNode added = current.json(transaction.get(), request);
    session.say(
        "Added to the transaction `%s` as step %d."
            .formatted(transaction.get(), added.path("number").asInt(0)));
    return added.path("answer");
  }

  public static ObjectNode step(String kind) {
    return Json.object().put("kind", kind);
  }

  /// A step about a repo, or what is in it.
  public static ObjectNode step(String kind, Address address) {
    return step(kind).put("project", address.project()).put("repo", address.repo());
  }
}
