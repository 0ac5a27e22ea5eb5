package dev.dassie.server.http;

import dev.dassie.version.Files;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// All routes of the server in one table.
public final class Api {
  private Api() {}

  /// What the resources call.
  public record Core(Versions versions, Files files) {}

  /// @param status what `/api/v1/status` answers
  public static Router router(
      About about,
      Core core,
      List<Setting> settings,
      Supplier<ObjectNode> status,
      Metrics metrics) {
    List<Route> routes = new ArrayList<>();
    SystemResource system =
        new SystemResource(about, settings, status, metrics, () -> OpenApi.document(about, routes));
    routes.addAll(Pages.routes(about));
    routes.addAll(system.routes());
    Versions versions = core.versions();
    routes.addAll(new FeedResource(versions).routes());
    routes.addAll(new ProjectsResource(versions).routes());
    routes.addAll(new ReposResource(versions).routes());
    routes.addAll(new BranchesResource(versions).routes());
    routes.addAll(new TagsResource(versions).routes());
    routes.addAll(new CommitsResource(versions, core.files()).routes());
    routes.addAll(new FilesResource(versions).routes());
    routes.addAll(new ContentResource(versions, core.files()).routes());
    routes.addAll(new TarResource(versions, core.files()).routes());
    return new Router(routes);
  }
}
