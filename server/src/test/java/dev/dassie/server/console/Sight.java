package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dassie.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// A server and a browser that looks at it.
final class Sight implements AutoCloseable {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final Path SHOTS = Path.of("target/screenshots");
  private static final String API = "/api/v1/projects/default";

  final TestServer server;
  final Browser browser;

  /// Where no Chromium is installed the tests are skipped; CI refuses skipped tests.
  Sight(Path folder, String... options) throws IOException, InterruptedException {
    assumeTrue(
        Browser.installed().isPresent(),
        "CHROMIUM IS NOT INSTALLED: the console was not looked at. `apt-get install chromium`.");
    server = new TestServer(folder.resolve("home"), options);
    browser = new Browser(Files.createDirectories(folder.resolve("profile")));
  }

  Browser open(String path) {
    browser.open(server.uri() + path);
    return browser;
  }

  /// Lines of the graph that is shown.
  long lines() {
    return browser
        .eval("document.querySelector('.graph path.edges').getAttribute('d').split('M').length - 1")
        .asLong();
  }

  void repo(String name) throws Exception {
    good(server.post(API + "/repos", "{\"name\":\"%s\"}".formatted(name)));
  }

  /// Puts a file and answers the commit's id.
  String put(String repo, String path, String content) throws Exception {
    HttpResponse<String> reply =
        server.put(
            "%s/repos/%s/commits/master/file?path=%s"
                .formatted(API, repo, dev.dassie.api.Percent.encode(path)),
            content);
    good(reply);
    return TestServer.json(reply).path("id").stringValue();
  }

  static void good(HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 299);
  }

  /// Looks at a page wide and narrow, light and dark: each time it fits the window, breaks none of
  /// the rules of WCAG 2.1 AA that axe knows, and the browser has nothing to complain of. The
  /// pictures stay.
  void examine(String name, String path) throws IOException {
    examine(name, path, true);
  }

  /// The same of a page that is refused: the browser says so.
  void examineRefusal(String name, String path) throws IOException {
    examine(name, path, false);
  }

  private void examine(String name, String path, boolean good) throws IOException {
    String axe;
    try (InputStream in = Objects.requireNonNull(Sight.class.getResourceAsStream(AXE))) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (int width : List.of(1440, 400)) {
      for (boolean dark : List.of(false, true)) {
        String view = name + "-" + width + (dark ? "-dark" : "");
        browser.size(width, 900);
        browser.dark(dark);
        open(path);
        browser.shoot(SHOTS.resolve(view + ".png"));
        assertThat(browser.complaints()).as(view).hasSize(good ? 0 : 1);
        assertThat(browser.eval("document.documentElement.scrollWidth - innerWidth").asInt())
            .as(view + " is wider than its window")
            .isLessThanOrEqualTo(0);
        JsonNode _ = browser.eval(axe + "; true");
        JsonNode broken =
            browser.eval(
                """
                axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
                    iframes: false})
                  .then(all => all.violations.map(one => one.id + ": "
                      + one.nodes.map(node => node.html + " " + node.failureSummary).join("\\n")))
                """);
        assertThat(broken.valueStream().map(JsonNode::stringValue)).as(view).isEmpty();
      }
    }
    browser.size(1440, 900);
    browser.dark(false);
  }

  @Override
  public void close() throws InterruptedException {
    browser.close();
    server.close();
  }
}
