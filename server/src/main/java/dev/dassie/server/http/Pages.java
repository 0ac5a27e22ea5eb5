package dev.dassie.server.http;

import dev.dassie.server.console.WelcomePage;
import java.util.List;

/// Pages for people.
final class Pages {
  private Pages() {}

  static List<Route> routes(About about) {
    return List.of(
        Route.get("/", "get_page", "A page that says what this is.")
            .bytes(
                Route.Form.HTML,
                exchange -> {
                  exchange.header("Content-Security-Policy", WelcomePage.contentSecurityPolicy());
                  exchange.replyText("text/html; charset=utf-8", WelcomePage.html(about.version()));
                }));
  }
}
