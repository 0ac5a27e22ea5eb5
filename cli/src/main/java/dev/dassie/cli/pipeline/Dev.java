package dev.dassie.cli.pipeline;

import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `dev -f SPEC`: runs a spec on real data beside all pipelines, again with each save, and shows
/// what its code prints and what became different. Ctrl-C ends it; nothing of it stays but results
/// that a later `update pipeline` need not compute again.
public final class Dev implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final SpecFiles files = new SpecFiles();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Look only at the first N datums, not at all.")
  private Optional<Long> sample = Optional.empty();

  @Option(
      names = {"-p", "--pipeline"},
      paramLabel = "NAME",
      description = "The pipeline to run, where the spec has several.")
  private Optional<String> pipeline = Optional.empty();

  @Option(names = "--once", description = "Run once and end; exit code 1 when a datum failed.")
  private boolean once;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "jsonl: one line for each datum, and one for the whole.")
  private Optional<String> output = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (output.isPresent() && !output.get().equals("jsonl")) {
      throw Problem.invalid("The format is `%s`, expected jsonl.".formatted(output.get()))
          .asException();
    }
    Trying trying = new Trying(session, scope, pipeline, sample, output.isPresent());
    if (once) {
      Trying.Code code = trying.read(files.read(session));
      return trying.run(code, System.nanoTime(), () -> false).failed() == 0 ? Exit.OK : Exit.FAILED;
    }
    try (Watch watch = new Watch(trying::stop)) {
      return watching(session, trying, watch);
    }
  }

  /// Goes on until it is interrupted.
  private int watching(Session session, Trying trying, Watch watch)
      throws IOException, InterruptedException {
    Optional<Trying.Code> good = Optional.empty();
    long since = System.nanoTime();
    boolean first = true;
    while (true) {
      watch.files(files.paths(session));
      Optional<Trying.Code> next = good;
      try {
        List<Specs.Spec> specs = files.read(session);
        watch.trees(trying.sources(specs));
        next = Optional.of(trying.read(specs));
      } catch (ProblemException e) {
        complain(session, e.problem());
        next = again(trying, good);
      } catch (NoSuchFileException e) {
        session.say("No file is at `%s`.".formatted(e.getMessage()));
      }
      // Nothing runs where a save changed nothing, but the first time even what is known is shown.
      if (next.isPresent() && (first || !next.equals(good))) {
        round(session, trying, watch, next.get(), since);
        good = next;
        first = false;
      }
      if (first) {
        session.say("Waiting for a spec without problems.");
      }
      session.terminal().out().flush();
      since = watch.await();
    }
  }

  /// The last good spec with its code as it is now: a broken spec does not stop work on the code.
  private static Optional<Trying.Code> again(Trying trying, Optional<Trying.Code> good)
      throws IOException, InterruptedException {
    if (good.isEmpty()) {
      return good;
    }
    try {
      return Optional.of(trying.read(good.get().specs()));
    } catch (ProblemException e) {
      return good;
    }
  }

  private static void round(
      Session session, Trying trying, Watch watch, Trying.Code code, long since)
      throws IOException, InterruptedException {
    try {
      Trying.Result result = trying.run(code, since, watch::pending);
      if (result.stopped()) {
        session.say("Stopped by the next save.");
      }
    } catch (ProblemException e) {
      complain(session, e.problem());
      if (e.problem().code().equals(Problem.UNREACHABLE)) {
        throw e;
      }
    }
    List<Path> watched = trying.watched(code);
    session.say(
        "Watching %s; Ctrl-C ends."
            .formatted(String.join(", ", watched.stream().map(path -> "`" + path + "`").toList())));
  }

  /// Problems of a spec, each with its place as editors and terminals jump to it.
  private static void complain(Session session, Problem problem) {
    session.say(problem.detail());
    problem.hint().ifPresent(hint -> session.say("Hint: " + hint));
  }
}
