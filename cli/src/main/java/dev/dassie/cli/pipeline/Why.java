package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
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
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `why REPO@COMMIT:/PATH`: the datum that wrote the file, its code and inputs, and so on upstream
/// to files that nobody derived. `why PIPELINE@JOB`, `why PIPELINE@JOB DATUM`, `why REPO@BRANCH`,
/// `why PIPELINE`, `why ID`: why it ran, waits, was skipped or failed.
public final class Why implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(
      index = "0",
      paramLabel = "WHAT",
      description =
          "A file (repo@commit:/path), job (pipeline@job), branch, commit, pipeline, commit set id, or with --job a datum.")
  private String what = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DATUM",
      description = "A datum of the job.")
  private Optional<String> datum = Optional.empty();

  @Option(
      names = "--job",
      paramLabel = "PIPELINE@JOB",
      description = "The job that the datum is of.")
  private Optional<String> job = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (job.isPresent() && datum.isPresent()) {
      throw Problem.invalid(
              "The datum is `%s` and `%s`, expected one.".formatted(what, datum.get()))
          .asException();
    }
    Optional<String> ofJob = job.isPresent() ? Optional.of(what) : datum;
    if (ofJob.isPresent()) {
      return reasons(session, job.orElse(what), ofJob);
    }
    return what.indexOf(':') < 0 ? reasons(session, what, Optional.empty()) : file(session);
  }

  private int file(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    if (shape.format().isPresent()) {
      new Listing(session, shape).whole(request(address), List.of());
      return Exit.OK;
    }
    print(session, address, shape);
    return Exit.OK;
  }

  private int reasons(Session session, String about, Optional<String> datum)
      throws IOException, InterruptedException {
    Request request =
        Request.get("/projects/%s/why".formatted(Percent.encode(scope.project())))
            .with("about", about)
            .with("datum", datum);
    if (shape.format().isPresent()) {
      new Listing(session, shape).whole(request, List.of());
      return Exit.OK;
    }
    Reasons reasons = new Reasons(shape.view(), session.terminal());
    try (Lines lines = session.api().lines(request)) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        reasons.answer(one.get());
      }
    }
    return Exit.OK;
  }

  /// Prints the answer as a tree, indented by how far upstream each file is.
  public static void print(Session session, Address address, Shape shape)
      throws IOException, InterruptedException {
    WhyTree tree = new WhyTree(shape.view(), session.terminal());
    try (Lines lines = session.api().lines(request(address))) {
      session.sayNoteOf(lines.reply());
      for (Optional<JsonNode> step = lines.next(); step.isPresent(); step = lines.next()) {
        tree.step(step.get());
      }
    }
  }

  private static Request request(Address address) {
    return Request.get(address.commitUrl() + "/why").with("path", address.pathOrRoot());
  }
}
