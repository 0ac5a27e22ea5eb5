package dev.dassie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A headless Chromium that opens pages and says how long they took, over its DevTools protocol.
final class Chromium implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final long LOOK_MILLIS = 20;
  private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
  private static final Pattern TEXT = Pattern.compile("\"value\":\"([^\"]*)\"");
  private static final Pattern VALUE = Pattern.compile("\"value\":(-?[0-9.e+]+)");

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private int calls;

  /// @param profile an empty folder for it
  Chromium(Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--window-size=1440,900",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(file) || Files.readAllLines(file).size() < 2) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("Chromium does not start: " + profile.resolve("chromium.log"));
      }
      boolean _ = process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    HttpRequest page =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + Files.readAllLines(file).getFirst()
                        + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    Matcher url = SOCKET.matcher(client.send(page, HttpResponse.BodyHandlers.ofString()).body());
    if (!url.find()) {
      throw new IOException("Chromium gives no page");
    }
    socket = client.newWebSocketBuilder().buildAsync(URI.create(url.group(1)), new Ear()).join();
    String _ = call("Page.enable", "");
    String _ = call("Runtime.enable", "");
  }

  /// Opens a page and answers the milliseconds until all of its document was there and something of
  /// it was painted.
  ///
  /// @param content a selector of what the reader came for; there must be some of it
  double open(String url, String content) throws IOException, InterruptedException {
    heard.clear();
    String _ = call("Page.navigate", "\"url\":\"%s\"".formatted(url));
    return shown(url, content);
  }

  /// What a reader waited for.
  ///
  /// @param millis from the click until what it led to was painted
  /// @param reply of these until the server's reply was there; below 0 where that is not known
  record Waited(double millis, double reply) {}

  /// Does what leads to another page, and waits until that is painted: a new document as [#open]
  /// says, or what was put in place in this one in the second frame from then on, which begins when
  /// the first is painted.
  ///
  /// @param action a script
  Waited leave(String action, String content) throws IOException, InterruptedException {
    double before =
        number(
            "(() => { const old = document.getElementById(`main`); window.left = true;"
                + " new MutationObserver((seen, self) => { if (!old.isConnected) { self.disconnect();"
                + " requestAnimationFrame(() => requestAnimationFrame(() => {"
                + " document.body.dataset.painted = performance.timeOrigin + performance.now(); }));"
                + " } }).observe(old.parentNode, {childList: true});"
                + " performance.clearResourceTimings();"
                + " const at = performance.timeOrigin + performance.now(); %s; return at; })()"
                    .formatted(action));
    double painted = painted(action);
    if (number("document.querySelectorAll(`%s`).length".formatted(content)) < 1) {
      throw new IOException(action + " leads to no `" + content + "`");
    }
    double reply =
        number(
            "(all => all.length < 1 ? -1 : performance.timeOrigin + all[0].responseEnd - %f)"
                    .formatted(before)
                + "(performance.getEntriesByType(`resource`)"
                + ".filter(one => one.initiatorType === `fetch`))");
    return new Waited(painted - before, reply);
  }

  /// When the page that was gone to was painted.
  private double painted(String action) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      double painted =
          number(
              "(() => { if (document.body?.dataset.painted) { return +document.body.dataset.painted; }"
                  + " const paint = performance.getEntriesByName(`first-contentful-paint`)[0];"
                  + " const page = performance.getEntriesByType(`navigation`)[0];"
                  + " return !window.left && paint && page.loadEventEnd"
                  + " ? performance.timeOrigin"
                  + " + Math.max(paint.startTime, page.domContentLoadedEventEnd) : -1; })()");
      if (painted > 0) {
        return painted;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    throw new IOException(action + " leads nowhere");
  }

  /// Does something within a page, and answers the milliseconds until what came of it was painted.
  double act(String action) throws IOException, InterruptedException {
    return number(
        "new Promise(done => { const at = performance.now(); %s;".formatted(action)
            + " requestAnimationFrame(() => requestAnimationFrame("
            + "() => done(performance.now() - at))); })");
  }

  private double shown(String what, String content) throws IOException, InterruptedException {
    String _ = await("\"Page.loadEventFired\"");
    if (number("document.querySelectorAll(`%s`).length".formatted(content)) < 1) {
      throw new IOException(what + " leads to no `" + content + "`");
    }
    return number(
        "new Promise(done => { const look = () => {"
            + " const paint = performance.getEntriesByName('first-contentful-paint')[0];"
            + " const page = performance.getEntriesByType('navigation')[0];"
            + " if (paint && page.loadEventEnd) {"
            + " done(Math.max(paint.startTime, page.domContentLoadedEventEnd)); }"
            + " else { requestAnimationFrame(look); } }; look(); })");
  }

  /// What a script comes to, a number.
  double number(String script) throws IOException, InterruptedException {
    String answer =
        call(
            "Runtime.evaluate",
            "\"awaitPromise\":true,\"returnByValue\":true,\"expression\":\"%s\"".formatted(script));
    Matcher value = VALUE.matcher(answer);
    if (!value.find()) {
      throw new IOException("no number: " + answer);
    }
    return Double.parseDouble(value.group(1));
  }

  /// What a script comes to, a text without quotes.
  String text(String script) throws IOException, InterruptedException {
    String answer =
        call("Runtime.evaluate", "\"returnByValue\":true,\"expression\":\"%s\"".formatted(script));
    Matcher value = TEXT.matcher(answer);
    if (!value.find()) {
      throw new IOException("no text: " + answer);
    }
    return value.group(1);
  }

  private String call(String method, String parameters) throws IOException, InterruptedException {
    int id = ++calls;
    socket
        .sendText(
            "{\"id\":%d,\"method\":\"%s\",\"params\":{%s}}".formatted(id, method, parameters), true)
        .join();
    return await("\"id\":%d,".formatted(id));
  }

  private String await(String part) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String message = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (message == null) {
        throw new IOException("Chromium does not answer with " + part);
      }
      if (message.contains(part)) {
        return message;
      }
    }
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    Process _ =
        process.destroyForcibly().onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
  }
}
