package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.lineage.plan.Outlook;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.MergeStep;
import dev.dassie.version.merge.Outcome;
import dev.dassie.version.merge.Plan;
import dev.dassie.version.merge.Side;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Merges into a branch: what it would take over, its conflicts, whose side they get, what would
/// run then, and doing it.
public final class MergePage {
  private static final int STEPS = 200;
  private static final int LOOKED_AT = 100_000;
  private static final String AT = "/data/{project}/{repo}/{branch}/merge";
  private static final String SIDE = "side:";

  private final Dassie dassie;
  private final Screen screen;

  MergePage(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(screen.get(AT, this::plan, "from"), screen.post(AT, this::act));
  }

  /// A look at a plan: some of its steps, conflicts first, and how many there are.
  ///
  /// @param whole whether all steps were counted
  public record Look(
      Outcome.Kind kind, List<MergeStep> steps, long changes, long conflicts, boolean whole) {
    public Look {
      steps = List.copyOf(steps);
    }

    /// Conflicts that are not listed.
    public long unlisted() {
      return conflicts - steps.stream().filter(step -> step.conflict().isPresent()).count();
    }

    /// Conflicts that nobody has decided, among those listed.
    public boolean open() {
      return steps.stream().anyMatch(MergeStep::isOpen) || unlisted() > 0;
    }
  }

  private void plan(Exchange exchange) {
    show(exchange, Screen.kept(exchange, "from").strip(), Choices.NONE, Optional.empty());
  }

  /// Looks again with the sides that were chosen, or merges with them.
  private void act(Exchange exchange) throws IOException {
    BranchName into = Place.ref(exchange, "branch");
    Map<String, String> form = exchange.form();
    String from = form.getOrDefault("from", "").strip();
    Choices choices = choices(form);
    if (!form.getOrDefault("do", "").equals("merge")) {
      show(exchange, from, choices, Optional.empty());
      return;
    }
    Outcome outcome;
    try {
      // What was looked at is merged, wherever the branch has moved since.
      String seen = form.getOrDefault("commit", "");
      CommitName source = source(into.repo(), seen.isEmpty() ? from : seen);
      outcome = dassie.merges().merge(exchange.call(), into, source, from, choices);
    } catch (DassieException e) {
      if (!(e.fault() instanceof Fault.Conflict)) {
        throw e;
      }
      show(exchange, from, choices, Optional.of(e.fault()));
      return;
    }
    exchange.redirect(Links.commit(outcome.commit().name()));
  }

  static Choices choices(Map<String, String> form) {
    Map<FilePath, Side> paths = new HashMap<>();
    form.forEach((name, side) -> {
      if (name.startsWith(SIDE) && !side.isEmpty()) {
        paths.put(FilePath.parse(name.substring(SIDE.length())), Side.parse(side));
      }
    });
    String rest = form.getOrDefault("prefer", "");
    return new Choices(rest.isEmpty() ? Optional.empty() : Optional.of(Side.parse(rest)), paths);
  }

  private CommitName source(RepoName repo, String from) {
    return dassie.versions().read(repo, from).commit().name();
  }

  private void show(Exchange exchange, String from, Choices choices, Optional<Fault> refused) {
    BranchName into = Place.ref(exchange, "branch");
    RepoName repo = dassie.versions().branch(into).name().repo();
    Optional<CommitName> source =
        from.isEmpty() ? Optional.empty() : Optional.of(source(repo, from));
    Optional<Look> look = source.map(one -> look(dassie.merges().plan(into, one, choices)));
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("into", into);
    parameters.put("from", from);
    parameters.put("source", source);
    parameters.put("branches", branches(into));
    parameters.put("choices", choices);
    parameters.put("look", look);
    parameters.put("refused", refused);
    boolean ready =
        look.filter(one -> !one.open() && one.kind() != Outcome.Kind.UP_TO_DATE).isPresent();
    parameters.put(
        "outlook",
        ready ? outlook(exchange, into, source.orElseThrow(), from, choices) : Optional.empty());
    screen.show(
        exchange,
        "merge",
        screen.frame(
            "Merge into " + into,
            "data",
            false,
            "Data",
            "/data",
            repo.toString(),
            Links.repo(repo),
            into.branch(),
            Links.place(repo, into.branch()),
            "Merge"),
        parameters);
  }

  private Optional<Outlook> outlook(
      Exchange exchange, BranchName into, CommitName source, String from, Choices choices) {
    return Optional.of(dassie.plans().merge(exchange.call(), into, source, from, choices));
  }

  /// Other branches and tags that there are something to merge from, some of them.
  private List<String> branches(BranchName into) {
    return dassie.versions().refs(into.repo(), "", STEPS).items().stream()
        .filter(ref -> ref.head().isPresent() && !ref.name().equals(into))
        .map(ref -> ref.name().branch())
        .toList();
  }

  static Look look(Plan plan) {
    List<MergeStep> conflicts = new ArrayList<>();
    List<MergeStep> changes = new ArrayList<>();
    long seen = 0;
    long odds = 0;
    while (seen < LOOKED_AT && plan.steps().hasNext()) {
      MergeStep step = plan.steps().next();
      seen++;
      boolean conflict = step.conflict().isPresent();
      odds += conflict ? 1 : 0;
      List<MergeStep> some = conflict ? conflicts : changes;
      if (some.size() < STEPS) {
        some.add(step);
      }
    }
    List<MergeStep> steps = new ArrayList<>(conflicts);
    changes.stream().limit(STEPS - conflicts.size()).forEach(steps::add);
    return new Look(plan.kind(), steps, seen - odds, odds, !plan.steps().hasNext());
  }
}
