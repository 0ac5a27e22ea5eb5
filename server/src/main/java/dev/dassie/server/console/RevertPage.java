package dev.dassie.server.console;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.Merges;
import dev.dassie.version.merge.Outcome;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Undoes a commit with a new one on its branch: what that would take back, what was changed since,
/// and doing it.
final class RevertPage {
  private static final String AT = "/data/{project}/{repo}/{commit}/revert";

  private final Versions versions;
  private final Merges merges;
  private final Screen screen;

  RevertPage(Versions versions, Merges merges, Screen screen) {
    this.versions = versions;
    this.merges = merges;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(screen.get(AT, this::plan), screen.post(AT, this::act));
  }

  private void plan(Exchange exchange) {
    show(exchange, Choices.NONE, Optional.empty());
  }

  /// Looks again with the sides that were chosen, or undoes the commit with them.
  private void act(Exchange exchange) throws IOException {
    Commit undone = Place.commit(exchange, versions);
    Map<String, String> form = exchange.form();
    Choices choices = MergePage.choices(form);
    if (!form.getOrDefault("do", "").equals("revert")) {
      show(exchange, choices, Optional.empty());
      return;
    }
    Outcome outcome;
    try {
      outcome = merges.revert(exchange.call(), branch(undone), undone.name(), choices);
    } catch (DassieException e) {
      if (!(e.fault() instanceof Fault.Conflict)) {
        throw e;
      }
      show(exchange, choices, Optional.of(e.fault()));
      return;
    }
    exchange.redirect(Links.commit(outcome.commit().name()));
  }

  private static BranchName branch(Commit undone) {
    return new BranchName(undone.name().repo(), undone.branch());
  }

  private void show(Exchange exchange, Choices choices, Optional<Fault> refused) {
    Commit undone = Place.commit(exchange, versions);
    RepoName repo = undone.name().repo();
    BranchName into = branch(undone);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("undone", undone);
    parameters.put("into", into);
    parameters.put("choices", choices);
    parameters.put("look", MergePage.look(merges.planRevert(into, undone.name(), choices)));
    parameters.put("refused", refused);
    screen.show(
        exchange,
        "revert",
        screen.frame(
            "Undo " + repo + "@" + Say.brief(undone.name().id().value()),
            "data",
            false,
            "Data",
            "/data",
            repo.toString(),
            Links.repo(repo),
            Say.brief(undone.name().id().value()),
            Links.commit(undone.name()),
            "Undo"),
        parameters);
  }
}
