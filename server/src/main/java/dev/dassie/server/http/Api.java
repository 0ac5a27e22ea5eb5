package dev.dassie.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// All routes of the server in one table.
public final class Api {
  private Api() {}

  /// @param status what `/api/v1/status` answers
  public static Router router(
      About about, List<Setting> settings, Supplier<ObjectNode> status, Metrics metrics) {
    List<Route> routes = new ArrayList<>();
    SystemResource system =
        new SystemResource(about, settings, status, metrics, () -> OpenApi.document(about, routes));
    routes.addAll(Pages.routes(about));
    routes.addAll(system.routes());
    return new Router(routes);
  }
}
