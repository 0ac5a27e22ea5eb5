package dev.dassie.server.console;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.About;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Problems;
import dev.dassie.server.http.Route;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fills templates and answers with them, also where a page is refused. Thread-safe.
final class Screen {
  /// Scripts and styles are files of ours; nothing comes from elsewhere, nothing stands within a
  /// page, and no other page can show ours in a frame.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          + " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final TemplateEngine engine;
  private final Frame.Site site;

  Screen(About about, Assets assets) {
    this(TemplateEngine.createPrecompiled(ContentType.Html), about, assets);
  }

  Screen(TemplateEngine engine, About about, Assets assets) {
    this.engine = engine;
    this.site = new Frame.Site(about.version(), assets.folder());
  }

  Frame.Site site() {
    return site;
  }

  /// A page; a refusal becomes a page too.
  Route get(String template, Route.Action action, String... query) {
    return Route.page("GET", template, Arrays.asList(query), guarded(action));
  }

  /// An action of a form. Browsers say where a form stands; one that stands elsewhere is refused,
  /// and so is whoever does not say it: programs have the API.
  Route post(String template, Route.Action action) {
    return Route.page(
        "POST",
        template,
        List.of(),
        guarded(exchange -> {
          checkOrigin(exchange);
          action.answer(exchange);
        }));
  }

  /// That an origin that is sent is this server's own is checked before any route is found.
  private static void checkOrigin(Exchange exchange) {
    boolean said = exchange.header("Origin").isPresent();
    boolean own =
        exchange.header("Sec-Fetch-Site").map(site -> site.equals("same-origin")).orElse(true);
    if (!said || !own) {
      throw new Fault.Denied(
              "A request " + (said ? "of a page elsewhere" : "without `Origin`"),
              "use the forms of the console")
          .asException();
    }
  }

  private Route.Action guarded(Route.Action action) {
    return exchange -> {
      try {
        action.answer(exchange);
      } catch (DassieException e) {
        refuse(exchange, e.fault());
      }
    };
  }

  void refuse(Exchange exchange, Fault fault) {
    Problems.Problem problem = Problems.of(fault);
    exchange.status(problem.status());
    List<String> problems =
        fault instanceof Fault.InvalidDocument document
            ? document.problems().stream()
                .map(one -> "%d:%d %s".formatted(one.line(), one.column(), one.message()))
                .toList()
            : List.of();
    Frame frame =
        new Frame(
            Problems.title(problem.status()),
            "",
            List.of(new Frame.Crumb(Problems.title(problem.status()), "")),
            false,
            site);
    send(
        exchange,
        "refused",
        frame,
        Map.of(
            "status", problem.status(),
            "sentence", problem.detail(),
            "hint", problem.hint(),
            "problems", problems));
  }

  /// Answers with a page.
  void show(Exchange exchange, String template, Frame frame, Map<String, Object> parameters) {
    exchange.status(200);
    send(exchange, template, frame, parameters);
  }

  private void send(
      Exchange exchange, String template, Frame frame, Map<String, Object> parameters) {
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("frame", frame);
    StringOutput out = new StringOutput(16 << 10);
    engine.render(template + ".jte", all, out);
    exchange.header("Content-Security-Policy", POLICY);
    exchange.header("Referrer-Policy", "same-origin");
    exchange.header("Cross-Origin-Opener-Policy", "same-origin");
    exchange.header("Cache-Control", "no-store");
    // What has it is put in place of another page without being loaded; nobody's files have it.
    exchange.header("Dassie-Page", site.assets());
    exchange.replyText("text/html; charset=utf-8", out.toString());
  }

  /// The frame of a page; crumbs come as text and address in turn.
  Frame frame(String title, String section, boolean live, String... crumbs) {
    List<Frame.Crumb> way = new java.util.ArrayList<>();
    for (int i = 0; i < crumbs.length; i += 2) {
      way.add(new Frame.Crumb(crumbs[i], i + 1 < crumbs.length ? crumbs[i + 1] : ""));
    }
    return new Frame(title, section, way, live, site);
  }

  /// The value of a query parameter that is kept in links, empty where it is not there.
  static String kept(Exchange exchange, String name) {
    return Optional.of(exchange).flatMap(one -> one.text(name)).orElse("");
  }
}
