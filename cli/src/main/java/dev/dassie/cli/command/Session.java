package dev.dassie.cli.command;

import dev.dassie.api.Client;
import dev.dassie.api.Json;
import dev.dassie.api.Reply;
import dev.dassie.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// One run of the command line: its terminal, its surroundings, and the connection that is made
/// when first needed. For one thread; closing ends the connection.
public final class Session implements AutoCloseable {
  private final Terminal terminal;
  private final Surroundings surroundings;
  private final FutureTask<Client> client;

  public Session(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
    this.client = new FutureTask<>(this::connect);
  }

  /// Makes the client in another thread while this one reads the command line: on two cores a
  /// command that asks the server is there a tenth sooner. Whatever fails is told by [#api].
  public void prepare() {
    Thread.ofPlatform().daemon().name("dassie-client").start(client);
  }

  private Client connect() throws IOException {
    Client made = new Client(surroundings.url(), surroundings.identity());
    Json.parse("{}"); // loads what reads the reply
    return made;
  }

  public Terminal terminal() {
    return terminal;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /// The connection to the server.
  public Client api() {
    client.run(); // does nothing where it has run
    return made();
  }

  private Client made() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return client.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Writes one line of data.
  public void print(String line) {
    terminal.out().println(line);
  }

  /// Tells the person something beside the data.
  public void say(String message) {
    terminal.say(message);
  }

  /// Tells what the server noted on a reply, such as which older commit is shown.
  public void sayNoteOf(Reply reply) {
    reply.note().ifPresent(this::say);
  }

  /// A path that the user typed.
  public Path file(String typed) {
    return surroundings.folder().resolve(typed);
  }

  public InputStream input() {
    return surroundings.input();
  }

  @Override
  public void close() {
    terminal.out().flush();
    if (!client.cancel(false) && client.state() == Future.State.SUCCESS) {
      client.resultNow().close();
    }
  }
}
