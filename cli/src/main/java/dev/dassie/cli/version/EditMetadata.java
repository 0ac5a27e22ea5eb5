package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `edit metadata KIND NAME KEY=VALUE… KEY-…`: sets keys, and deletes those with a `-` behind them.
public final class EditMetadata implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(index = "0", paramLabel = "KIND", description = "project, repo, branch or commit.")
  private String kind = "";

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "Which one: repo@branch, for example.")
  private String name = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE|KEY-",
      description = "Keys to set, or with a - behind them to delete.")
  private List<String> edits = List.of();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    ObjectNode body = Json.object();
    ObjectNode set = body.putObject("set");
    for (String edit : edits) {
      int equals = edit.indexOf('=');
      if (equals > 0) {
        set.put(edit.substring(0, equals), edit.substring(equals + 1));
      } else if (edit.endsWith("-") && edit.length() > 1) {
        body.withArray("delete").add(edit.substring(0, edit.length() - 1));
      } else {
        throw Problem.invalid("The edit is `%s`, expected `key=value` or `key-`.".formatted(edit))
            .asException();
      }
    }
    Request request = Request.patch(url() + "/metadata").json(body);
    ObjectNode step = step();
    step.setAll(body);
    joining.send(session, request, step);
    return Exit.OK;
  }

  private ObjectNode step() {
    String edit = "edit_metadata";
    if (kind.equals("project")) {
      return Joining.step(edit).put("project", name);
    }
    Address address = scope.address(name);
    ObjectNode step = Joining.step(edit, address);
    return kind.equals("repo") ? step : step.put(kind, address.commitOrDefault());
  }

  private String url() {
    return switch (kind) {
      case "project" -> "/projects/" + Percent.encode(name);
      case "repo" -> scope.address(name).repoUrl();
      case "branch" -> Places.branch(scope.address(name));
      case "commit" -> scope.address(name).commitUrl();
      default ->
          throw Problem.invalid(
                  "The kind is `%s`, expected project, repo, branch or commit.".formatted(kind))
              .asException();
    };
  }
}
