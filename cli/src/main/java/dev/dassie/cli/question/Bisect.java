package dev.dassie.cli.question;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `bisect REPO@GOOD REPO@BAD -- CMD`: runs a command in checkouts of commits between the two and
/// names the first that is bad, and what made it differ from the one before. The command ends with
/// 0 for good, 125 for a commit that cannot be judged, else bad. Ends with 0 where the commit was
/// found, else with 1.
public final class Bisect implements Action {
  private static final int SKIP = 125;
  private static final int BOLD = 1;

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Option(names = "--again", description = "Run the command also where its verdict is remembered.")
  private boolean again;

  @Parameters(index = "0", paramLabel = "REPO@GOOD", description = "A commit that is good.")
  private String good = "";

  @Parameters(index = "1", paramLabel = "REPO@BAD", description = "A later one that is bad.")
  private String bad = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "-- CMD",
      description = "The command and its arguments, behind `--`.")
  private List<String> command = new ArrayList<>();

  private final List<JsonNode> candidates = new ArrayList<>();
  private int evaluations;
  private int remembered;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address from = scope.address(good);
    Address to = scope.address(bad);
    if (!from.repoUrl().equals(to.repoUrl())) {
      throw Problem.invalid(
              "The bad commit is `%s`, expected one of the repo `%s`.".formatted(bad, from.repo()))
          .asException();
    }
    Words words = new Words(command, session.surroundings().folder());
    String digest = words.digest();
    Request request =
        Request.get(to.commitUrl() + "/candidates")
            .with("good", from.commitOrDefault())
            .with("command", digest);
    try (Lines lines = session.api().lines(request)) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        candidates.add(one.get());
      }
    }
    if (candidates.isEmpty()) {
      throw Problem.invalid(
              "There is no finished commit after `%s` up to `%s`.".formatted(good, bad))
          .asException();
    }
    Search search = new Search(known());
    try (Checkout checkout = new Checkout(session, to)) {
      search(session, to, checkout, words, digest, search);
    }
    return tell(session, from, to, search);
  }

  private Search.Verdict[] known() {
    Search.Verdict[] known = new Search.Verdict[candidates.size()];
    for (int i = 0; i < known.length; i++) {
      String verdict = again ? "" : Cells.text(candidates.get(i), "verdict");
      known[i] =
          switch (verdict) {
            case "good" -> Search.Verdict.GOOD;
            case "bad" -> Search.Verdict.BAD;
            case "skip" -> Search.Verdict.SKIP;
            default -> Search.Verdict.UNKNOWN;
          };
      remembered += known[i] == Search.Verdict.UNKNOWN ? 0 : 1;
    }
    return known;
  }

  private void search(
      Session session, Address repo, Checkout checkout, Words words, String digest, Search search)
      throws IOException, InterruptedException {
    int last = candidates.size() - 1;
    if (search.at(last) == Search.Verdict.UNKNOWN) {
      search.learn(last, judge(session, repo, checkout, words, digest, last, search));
    }
    if (search.at(last) == Search.Verdict.GOOD) {
      return;
    }
    for (OptionalInt next = search.next(); next.isPresent(); next = search.next()) {
      int place = next.getAsInt();
      search.learn(place, judge(session, repo, checkout, words, digest, place, search));
    }
  }

  private Search.Verdict judge(
      Session session,
      Address repo,
      Checkout checkout,
      Words words,
      String digest,
      int place,
      Search search)
      throws IOException, InterruptedException {
    String commit = Cells.text(candidates.get(place), "commit");
    checkout.move(commit);
    int exit = start(session, repo, checkout.folder(), words, commit);
    evaluations++;
    Search.Verdict verdict =
        switch (exit) {
          case 0 -> Search.Verdict.GOOD;
          case SKIP -> Search.Verdict.SKIP;
          default -> Search.Verdict.BAD;
        };
    JsonNode _ =
        session
            .api()
            .json(
                Request.put(
                        repo.withCommit(commit).commitUrl() + "/verdicts/" + Percent.encode(digest))
                    .json(Json.object().put("exit_code", exit & 0xff)));
    session.say(
        "%s is %s (exit code %d); it is one of %s."
            .formatted(commit, word(verdict), exit, Cells.counted(search.left(), "commit")));
    return verdict;
  }

  private static String word(Search.Verdict verdict) {
    return verdict == Search.Verdict.SKIP
        ? "skipped"
        : verdict.name().toLowerCase(java.util.Locale.ROOT);
  }

  /// Runs the command; what it prints goes to standard error.
  private static int start(Session session, Address repo, Path folder, Words words, String commit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(words.argv())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("DASSIE_COMMIT", commit);
    builder.environment().put("DASSIE_REPO", repo.project() + "/" + repo.repo());
    builder.environment().put("DASSIE_FOLDER", words.folder().toString());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw Problem.of(
              Problem.INVALID,
              "The command `%s` cannot be started.".formatted(words.words().getFirst()),
              Optional.of(Optional.ofNullable(e.getMessage()).orElse("It is not there.")))
          .asException();
    }
    try {
      long _ = process.getInputStream().transferTo(session.terminal().err());
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  private int tell(Session session, Address from, Address to, Search search)
      throws IOException, InterruptedException {
    boolean isGood = search.at(candidates.size() - 1) == Search.Verdict.GOOD;
    boolean found = !isGood && search.certain();
    JsonNode first = candidates.get(search.firstBad());
    String before =
        search.lastGood() < 0
            ? from.commitOrDefault()
            : Cells.text(candidates.get(search.lastGood()), "commit");
    List<JsonNode> causes = found ? causes(session, to, first, before) : List.of();
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(json(search, found, first, before, causes), List.of());
      return found ? Exit.OK : Exit.FAILED;
    }
    if (isGood) {
      session.say("The command calls `%s` good: there is nothing to find.".formatted(bad));
    } else if (!found) {
      session.say(
          "The first bad commit is one of %d: those between the last good one, `%s`, and `%s` were skipped."
              .formatted(search.left(), before, Cells.text(first, "commit")));
    } else {
      print(session, first, before, causes);
    }
    if (!search.monotonic()) {
      session.say(
          "The verdicts are not monotonic: a commit after a bad one is good, so there is more than one change.");
    }
    return found ? Exit.OK : Exit.FAILED;
  }

  private static List<JsonNode> causes(Session session, Address repo, JsonNode first, String before)
      throws IOException, InterruptedException {
    List<JsonNode> causes = new ArrayList<>();
    Request request =
        Request.get(repo.withCommit(Cells.text(first, "commit")).commitUrl() + "/causes")
            .with("since", before);
    try (Lines lines = session.api().lines(request)) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        causes.add(one.get());
      }
    }
    return causes;
  }

  private void print(Session session, JsonNode first, String before, List<JsonNode> causes) {
    String message = Cells.text(first, "message");
    session.print(
        session
            .terminal()
            .painted(
                Safe.line(
                    "First bad: %s@%s by %s %s%s"
                        .formatted(
                            Cells.text(first, "repo"),
                            Cells.text(first, "commit"),
                            Cells.text(first, "author"),
                            Cells.time(first, "started", shape.view()),
                            message.isEmpty() ? "" : ": " + message)),
                BOLD));
    session.print(Safe.line("Last good: %s@%s".formatted(Cells.text(first, "repo"), before)));
    for (JsonNode cause : causes) {
      session.print(
          Safe.line(
              "Cause: %s (%s@%s by %s)"
                  .formatted(
                      Cells.text(cause, "change.sentence"),
                      Cells.text(cause, "repo"),
                      Cells.shortened(Cells.text(cause, "commit")),
                      Cells.text(cause, "author"))));
    }
    session.print(
        "%s of %s, %d remembered."
            .formatted(
                Cells.counted(evaluations, "evaluation"),
                Cells.counted(candidates.size(), "commit"),
                remembered));
  }

  private ObjectNode json(
      Search search, boolean found, JsonNode first, String before, List<JsonNode> causes) {
    ObjectNode json =
        Json.object()
            .put("found", found)
            .put("first_bad", found ? Cells.text(first, "commit") : null)
            .put("last_good", before)
            .put("left", search.left())
            .put("commits", candidates.size())
            .put("evaluations", evaluations)
            .put("remembered", remembered)
            .put("monotonic", search.monotonic());
    ArrayNode verdicts = json.putArray("verdicts");
    for (int i = 0; i < candidates.size(); i++) {
      if (search.at(i) != Search.Verdict.UNKNOWN) {
        verdicts
            .addObject()
            .put("commit", Cells.text(candidates.get(i), "commit"))
            .put("verdict", search.at(i).name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    ArrayNode list = json.putArray("causes");
    causes.forEach(list::add);
    return json;
  }
}
