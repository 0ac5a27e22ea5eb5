package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
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
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `why REPO@COMMIT:/PATH`: the datum that wrote the file, its code and inputs, and so on upstream
/// to files that nobody derived.
public final class Why implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "REPO@COMMIT:/PATH", description = "The file.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    if (address.path().isEmpty()) {
      throw Problem.invalid(
              "The address is `%s`, which names no file, expected `repo@commit:/path`."
                  .formatted(what))
          .asException();
    }
    if (shape.format().isPresent()) {
      new Listing(session, shape).whole(request(address), List.of());
      return Exit.OK;
    }
    print(session, address, shape);
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
