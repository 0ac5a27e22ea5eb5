package dev.dassie.cli.transaction;

import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The transaction that this user's commands join, one for each server: lines `URL USER ID` of the
/// file `transaction` in the home folder. For one thread.
final class Current {
  private static final String ID = "[0-9a-f]{32}";

  private final Session session;
  private final Path file;
  private final String owner;

  Current(Session session) {
    this.session = session;
    this.file = session.surroundings().home().resolve("transaction");
    this.owner =
        session.surroundings().url() + " " + session.surroundings().identity().principal() + " ";
  }

  /// Its id, if there is one; where there has never been any this looks for one file, no more.
  Optional<String> id() throws IOException {
    return lines().stream()
        .filter(line -> line.startsWith(owner))
        .map(line -> line.substring(owner.length()))
        .filter(id -> id.matches(ID))
        .findFirst();
  }

  private List<String> lines() throws IOException {
    return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
  }

  /// The one that the user named, else the current one.
  ///
  /// @throws ProblemException `not_found` where there is none
  String named(Optional<String> typed) throws IOException {
    Optional<String> id = typed.isPresent() ? typed : id();
    return id.orElseThrow(() ->
        Problem.of(
                Problem.NOT_FOUND,
                "No transaction is current.",
                Optional.of(
                    "Name one that `dassie list transaction` shows, or begin one with `dassie start"
                        + " transaction`."))
            .asException());
  }

  void set(String id) throws IOException {
    write(Optional.of(id));
  }

  void clear() throws IOException {
    write(Optional.empty());
  }

  /// Leaves it, if it is this one.
  void clear(String id) throws IOException {
    if (id().equals(Optional.of(id))) {
      clear();
    }
  }

  private void write(Optional<String> id) throws IOException {
    List<String> lines = new ArrayList<>(lines());
    lines.removeIf(line -> line.startsWith(owner));
    id.ifPresent(now -> lines.add(owner + now));
    if (lines.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path whole = Files.write(file.resolveSibling("transaction.new"), lines);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String url(String id) {
    return "/transactions/" + Percent.encode(id);
  }

  /// Asks the server about a transaction. Where that is the current one and it is gone, says so.
  JsonNode json(String id, Request request) throws IOException, InterruptedException {
    try {
      return session.api().json(request);
    } catch (ProblemException e) {
      boolean current = id().equals(Optional.of(id));
      if (current && e.problem().code().equals(Problem.NOT_FOUND) && isGone(id)) {
        throw gone(id).asException();
      }
      throw e;
    }
  }

  /// Whether the server does not have it.
  boolean isGone(String id) throws IOException, InterruptedException {
    try {
      JsonNode _ = session.api().json(Request.get(url(id)));
      return false;
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)) {
        return true;
      }
      throw e;
    }
  }

  private static Problem gone(String id) {
    return Problem.of(
        Problem.NOT_FOUND,
        "The current transaction `%s` is not there any more: it was finished or deleted, or its last step is a day ago."
            .formatted(id),
        Optional.of(
            "`dassie stop transaction` leaves it: commands then run at once. `dassie start"
                + " transaction` begins another."));
  }
}
