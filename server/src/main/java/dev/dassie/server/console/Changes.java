package dev.dassie.server.console;

import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Waits;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Tells open pages that something changed, as server-sent events (WHATWG HTML, section 9.2). What
/// it was they ask for themselves: a burst of changes is one event, so a browser is never sent a
/// list as long as the work is.
final class Changes {
  /// A page that hears nothing for so long gets a sign of life; if it is gone, that shows.
  private static final Duration BEAT = Duration.ofSeconds(15);

  /// Changes that follow each other faster are told together.
  private static final Duration TOGETHER = Duration.ofMillis(700);

  private final Versions versions;
  private final Waits waits;

  Changes(Versions versions, Waits waits) {
    this.versions = versions;
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(Route.page("GET", "/changes", List.of(), this::follow));
  }

  private void follow(Exchange exchange) throws IOException, InterruptedException {
    exchange.header("Cache-Control", "no-store");
    OutputStream out = exchange.replyBytes("text/event-stream", -1);
    long position =
        exchange.header("Last-Event-ID").isPresent()
            ? exchange.headerNumber("Last-Event-ID")
            : versions.position();
    // Until the client goes away or the server ends: each turn waits or writes.
    while (true) {
      write(out, ": \n\n");
      long from = position;
      long now = waits.during(() -> versions.metadata().awaitAfter(from, BEAT));
      if (now > from) {
        waits.during(() -> {
          Thread.sleep(TOGETHER);
          return true;
        });
        position = versions.position();
        write(out, "id: %d\ndata: %d\n\n".formatted(position, position));
      }
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
