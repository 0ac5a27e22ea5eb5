package dev.dassie.server.http;

import dev.dassie.api.Json;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server says of itself.
public final class SystemResource {
  private final About about;
  private final List<Setting> settings;
  private final Supplier<ObjectNode> status;
  private final Metrics metrics;
  private final Supplier<JsonNode> openApi;

  /// @param status asked for at each call
  /// @param openApi the document of all routes, asked for at each call
  public SystemResource(
      About about,
      List<Setting> settings,
      Supplier<ObjectNode> status,
      Metrics metrics,
      Supplier<JsonNode> openApi) {
    this.about = about;
    this.settings = List.copyOf(settings);
    this.status = status;
    this.metrics = metrics;
    this.openApi = openApi;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/healthz", "get_health", "Whether the process lives.")
            .bytes(Route.Form.TEXT, exchange -> exchange.replyText("text/plain", "ok\n")),
        Route.get("/readyz", "get_readiness", "Whether the server serves.")
            .bytes(Route.Form.TEXT, exchange -> exchange.replyText("text/plain", "ok\n")),
        Route.get("/metrics", "get_metrics", "Counters in Prometheus' text format.")
            .bytes(
                Route.Form.TEXT,
                exchange -> exchange.replyText("text/plain; version=0.0.4", metrics.scrape())),
        Route.get("/api/v1/version", "get_version", "Which Dassie this is.")
            .json("Version", exchange -> exchange.reply(version())),
        Route.get("/api/v1/status", "get_status", "How the server is.")
            .json("Status", exchange -> exchange.reply(status.get())),
        Route.get("/api/v1/config", "get_config", "Each configured value and its source.")
            .json("Config", exchange -> exchange.reply(config())),
        Route.get("/api/v1/openapi.json", "get_openapi", "This document.")
            .json("Any", exchange -> exchange.reply(openApi.get())));
  }

  private ObjectNode version() {
    return Json.object()
        .put("version", about.version())
        .put("build", about.build())
        .put("format", about.format())
        .put("java", Runtime.version().toString());
  }

  private ObjectNode config() {
    ObjectNode document = Json.object();
    for (Setting setting : settings) {
      document
          .withArray("items")
          .addObject()
          .put("key", setting.key())
          .put("value", setting.value())
          .put("source", setting.source());
    }
    return document;
  }
}
