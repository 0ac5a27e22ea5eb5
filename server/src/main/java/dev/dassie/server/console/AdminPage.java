package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.job.Queue;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Setting;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// How the server is: health, storage, the queue and the places of the executor, checks, what
/// garbage collection would free, and each configured value with its source.
final class AdminPage {
  private static final int QUEUED = 100;

  private final Dassie dassie;
  private final Screen screen;
  private final List<Setting> settings;
  private final Supplier<ObjectNode> status;
  private final Upkeep upkeep;

  AdminPage(Dassie dassie, Screen screen, List<Setting> settings, Supplier<ObjectNode> status) {
    this.dassie = dassie;
    this.screen = screen;
    this.settings = List.copyOf(settings);
    this.status = status;
    this.upkeep = new Upkeep(dassie.retention());
  }

  List<Route> routes() {
    return List.of(
        screen.get("/admin", this::show),
        screen.post("/admin/gc", exchange -> start(exchange, upkeep::startLook)),
        screen.post("/admin/fsck", exchange -> start(exchange, upkeep::startCheck)));
  }

  private static void start(Exchange exchange, Runnable work) throws IOException {
    exchange.drain();
    work.run();
    exchange.redirect("/admin#upkeep");
  }

  private void show(Exchange exchange) {
    List<Queue.Item> queue = dassie.queue().items();
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("status", status.get());
    parameters.put("settings", settings);
    parameters.put("queue", queue.stream().limit(QUEUED).toList());
    parameters.put("queued", queue.size());
    parameters.put("places", dassie.queue().places());
    parameters.put("check", upkeep.check());
    parameters.put("look", upkeep.look());
    parameters.put("busy", upkeep.busy());
    screen.show(exchange, "admin", screen.frame("Admin", "admin", true, "Admin"), parameters);
  }
}
