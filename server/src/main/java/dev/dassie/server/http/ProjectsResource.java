package dev.dassie.server.http;

import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Names;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;

/// Projects.
final class ProjectsResource {
  private static final String ALL = "/api/v1/projects";
  private static final String ONE = ALL + "/{project}";

  private final Versions versions;

  ProjectsResource(Versions versions) {
    this.versions = versions;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_projects", "All projects, by name.").list("Project", this::list),
        Route.post(ALL, "create_project", "Makes a project.")
            .taking(Route.Body.json("NewProject"))
            .created("Project", this::create),
        Route.get(ONE, "get_project", "One project.")
            .json(
                "Project",
                exchange ->
                    exchange.reply(VersionJson.project(versions.project(Place.project(exchange))))),
        Route.delete(ONE, "delete_project", "Deletes a project that has no repos.")
            .nothing(this::delete),
        Route.patch(ONE, "edit_project", "Changes the metadata of a project.")
            .taking(Place.EDIT)
            .json("Project", this::edit),
        Route.patch(ONE + "/metadata", "edit_project_metadata", "The same.")
            .taking(Place.EDIT)
            .json("Project", this::edit));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.replyPages(versions::projects, VersionJson::project);
  }

  private void create(Exchange exchange) throws IOException {
    Fields body = exchange.json().only("name", "description");
    String name = Names.check("project", body.required("name"));
    String description = body.text("description").orElse("");
    exchange.reply(
        VersionJson.project(
            versions.change(
                exchange.call(),
                Reply.PROJECT,
                change -> change.createProject(name, description))));
  }

  private void delete(Exchange exchange) {
    String name = Place.project(exchange);
    boolean _ =
        versions.change(
            exchange.call(),
            Reply.DONE,
            change -> {
              change.deleteProject(name);
              return true;
            });
    exchange.replyNothing();
  }

  private void edit(Exchange exchange) throws IOException {
    String name = Place.project(exchange);
    MetadataEdit edit = Place.edit(exchange.json());
    exchange.reply(
        VersionJson.project(
            versions.change(
                exchange.call(), Reply.PROJECT, change -> change.editProject(name, edit))));
  }
}
