package dev.dassie.cli.command;

import dev.dassie.api.Client;
import dev.dassie.api.Reply;
import dev.dassie.cli.terminal.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/// One run of the command line: its terminal, its surroundings, and the connection that is made
/// when first needed. For one thread; closing ends the connection.
public final class Session implements AutoCloseable {
  private final Terminal terminal;
  private final Surroundings surroundings;
  private Optional<Client> client = Optional.empty();

  public Session(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
  }

  public Terminal terminal() {
    return terminal;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /// The connection to the server.
  public Client api() {
    Client made = client.orElseGet(() -> new Client(surroundings.url(), surroundings.identity()));
    client = Optional.of(made);
    return made;
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
    client.ifPresent(Client::close);
  }
}
