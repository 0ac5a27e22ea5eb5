package dev.dassie.cli.transaction;

import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/// `start transaction`: prints its id, and makes it the one that later commands join.
public final class StartTransaction implements Action {
  @Mixin private final Message message = new Message();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Current current = new Current(session);
    Optional<String> before = current.id();
    if (before.isPresent() && !current.isGone(before.get())) {
      throw Problem.of(
              Problem.CONFLICT,
              "The transaction `%s` is current.".formatted(before.get()),
              Optional.of(
                  "`dassie finish transaction` does its steps, `dassie delete transaction` drops"
                      + " them, `dassie stop transaction` leaves it for later."))
          .asException();
    }
    String id =
        session.api().json(message.on(Request.post("/transactions"))).path("id").asString("");
    current.set(id);
    session.print(id);
    return Exit.OK;
  }
}
