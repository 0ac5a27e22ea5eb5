package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `diff file NEW [OLD]`: what changed from the old commit, or the parent, to the new one.
public final class DiffFile implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Parameters(index = "0", paramLabel = "REPO@COMMIT[:/PATH]", description = "The new side.")
  private String now = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OLD",
      description = "The old side, a commit of the same repo; the parent when it is not said.")
  private Optional<String> old = Optional.empty();

  @Option(names = "--name-only", description = "Print the paths alone.")
  private boolean nameOnly;

  @Option(names = "--stat", description = "Count what changed instead of listing it.")
  private boolean stat;

  @Option(
      names = {"-p", "--patch"},
      description = "Show the changed lines of text files, as `patch` reads them.")
  private boolean patch;

  @Option(names = "--exit-code", description = "End with exit code 1 when something differs.")
  private boolean exitCode;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(now);
    if ((nameOnly ? 1 : 0) + (stat ? 1 : 0) + (patch ? 1 : 0) > 1) {
      throw Problem.invalid(
              "`--name-only`, `--stat` and `--patch` are given, expected one of them.")
          .asException();
    }
    Request request =
        Request.get(address.commitUrl() + (patch ? "/patch" : "/diff"))
            .with("path", address.pathOrRoot())
            .with("with", old.map(typed -> commit(typed, address)));
    if (patch) {
      return ended(lines(session, request));
    }
    if (stat) {
      DiffTotals totals = new DiffTotals();
      try (Lines lines = session.api().lines(request)) {
        session.sayNoteOf(lines.reply());
        for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
          totals.add(item.get());
        }
      }
      new Listing(session, shape).object(totals.json(), DiffTotals.COLUMNS);
      return ended(totals.files());
    }
    List<Column> columns = nameOnly ? List.of(Column.text("", "path")) : Columns.DIFFERENCES;
    long count = new Listing(session, shape).list(request, paging, columns);
    return ended(count);
  }

  private int ended(long differences) {
    return exitCode && differences > 0 ? Exit.FAILED : Exit.OK;
  }

  /// Prints the reply as it comes; answers how many bytes it had.
  private static long lines(Session session, Request request)
      throws IOException, InterruptedException {
    try (Reply reply = session.api().open(request)) {
      session.sayNoteOf(reply);
      return reply.body().transferTo(session.terminal().out());
    }
  }

  private String commit(String typed, Address address) {
    if (!typed.contains("@")) {
      return typed;
    }
    Address other = scope.address(typed);
    if (!other.project().equals(address.project()) || !other.repo().equals(address.repo())) {
      throw Problem.invalid(
              "The old side is of the repo `%s`, expected one of `%s`: a diff stays within a repo."
                  .formatted(other.repo(), address.repo()))
          .asException();
    }
    return other.commitOrDefault();
  }
}
