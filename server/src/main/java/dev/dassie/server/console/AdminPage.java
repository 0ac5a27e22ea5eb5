package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.content.Pace;
import dev.dassie.job.Queue;
import dev.dassie.retention.GcReport;
import dev.dassie.retention.Retention;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// How the server is: health, storage, the queue, what garbage collection would free, and each
/// configured value with its source.
final class AdminPage {
  private static final int QUEUED = 100;

  private final Dassie dassie;
  private final Screen screen;
  private final List<Setting> settings;
  private final Supplier<ObjectNode> status;

  AdminPage(Dassie dassie, Screen screen, List<Setting> settings, Supplier<ObjectNode> status) {
    this.dassie = dassie;
    this.screen = screen;
    this.settings = List.copyOf(settings);
    this.status = status;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/admin", exchange -> show(exchange, Optional.empty())),
        screen.post("/admin/gc", this::collect));
  }

  /// Looks at what nothing holds, and frees nothing.
  private void collect(Exchange exchange) throws IOException {
    exchange.drain();
    show(
        exchange,
        Optional.of(dassie.retention().gc(Retention.GRACE, true, new Pace(Pace.UNBOUNDED))));
  }

  private void show(Exchange exchange, Optional<GcReport> garbage) {
    List<Queue.Item> queue = dassie.queue().items();
    screen.show(
        exchange,
        "admin",
        screen.frame("Admin", "admin", garbage.isEmpty(), "Admin"),
        Map.of(
            "status", status.get(),
            "settings", settings,
            "queue", queue.stream().limit(QUEUED).toList(),
            "queued", queue.size(),
            "garbage", garbage));
  }
}
