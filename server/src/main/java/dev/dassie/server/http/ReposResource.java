package dev.dassie.server.http;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Repos.
final class ReposResource {
  private static final String ALL = "/api/v1/projects/{project}/repos";
  private static final String ONE = ALL + "/{repo}";

  private final Versions versions;
  private final VersionJson json;

  ReposResource(Versions versions) {
    this.versions = versions;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    String type = "`user` (unless given), `spec` or `all`.";
    return List.of(
        Route.get("/api/v1/repos", "list_all_repos", "The repos of all projects, by name.")
            .text("type", type)
            .list("Repo", exchange -> list(exchange, Optional.empty())),
        Route.get(ALL, "list_repos", "The repos of a project, by name.")
            .text("type", type)
            .list("Repo", exchange -> list(exchange, Optional.of(project(exchange)))),
        Route.post(ALL, "create_repo", "Makes a repo, without branches.")
            .taking(Route.Body.json("NewRepo"))
            .created("Repo", this::create),
        Route.get(ONE, "get_repo", "One repo.")
            .json(
                "Repo", exchange -> exchange.reply(json.repo(versions.repo(Place.repo(exchange))))),
        Route.delete(ONE, "delete_repo", "Deletes a repo that nothing depends on.")
            .flag("force", "Accepted for scripts of old; nothing breaks provenance.")
            .nothing(this::delete),
        Route.patch(ONE + "/metadata", "edit_repo_metadata", "Changes the metadata of a repo.")
            .taking(Place.EDIT)
            .json("Repo", this::edit));
  }

  /// The project of the path, which must be there.
  private String project(Exchange exchange) {
    return versions.project(Place.project(exchange)).name();
  }

  private void list(Exchange exchange, Optional<String> project) throws IOException {
    Optional<RepoName.Type> type = type(exchange);
    exchange.replyPages(
        (cursor, limit) -> versions.repos(project, type, cursor, limit), json::repo);
  }

  private static Optional<RepoName.Type> type(Exchange exchange) {
    String type = exchange.text("type").orElse("user");
    return switch (type) {
      case "user" -> Optional.of(RepoName.Type.USER);
      case "spec" -> Optional.of(RepoName.Type.SPEC);
      case "all" -> Optional.empty();
      default ->
          throw new Fault.Invalid("The query parameter `type`", type, "`user`, `spec` or `all`")
              .asException();
    };
  }

  private void create(Exchange exchange) throws IOException {
    Fields body = exchange.json().only("name", "description");
    RepoName name = users(Place.repo(exchange.path("project"), body.required("name")));
    String description = body.text("description").orElse("");
    exchange.reply(
        json.repo(
            versions.change(
                exchange.call(), Reply.REPO, change -> change.createRepo(name, description))));
  }

  /// Refuses the name of a repo that only pipelines make.
  static RepoName users(RepoName name) {
    if (name.type() == RepoName.Type.SPEC) {
      throw new Fault.Invalid("The repo name", name.local(), "a name without `.spec`")
          .asException();
    }
    return name;
  }

  private void delete(Exchange exchange) {
    RepoName name = Place.repo(exchange);
    boolean force = exchange.flag("force");
    try {
      boolean _ =
          versions.change(
              exchange.call(),
              Reply.DONE,
              change -> {
                change.deleteRepo(name);
                return true;
              });
    } catch (DassieException e) {
      if (force && e.fault() instanceof Fault.Conflict conflict) {
        throw new DassieException(
            new Fault.Conflict(
                conflict.sentence(),
                Optional.of(
                    "`--force` does not break provenance: delete what depends on it first.")),
            e);
      }
      throw e;
    }
    exchange.replyNothing();
  }

  private void edit(Exchange exchange) throws IOException {
    RepoName name = Place.repo(exchange);
    MetadataEdit edit = Place.edit(exchange.json());
    exchange.reply(
        json.repo(
            versions.change(exchange.call(), Reply.REPO, change -> change.editRepo(name, edit))));
  }
}
