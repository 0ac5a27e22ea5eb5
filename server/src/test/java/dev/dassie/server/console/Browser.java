package dev.dassie.server.console;

import dev.dassie.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A headless Chromium with one page, driven over its DevTools protocol. Not thread-safe.
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path profile;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

  /// Where Debian puts it.
  public static Optional<Path> installed() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// @param profile an empty folder for it
  public Browser(Path profile) throws IOException, InterruptedException {
    this.profile = profile;
    process =
        new ProcessBuilder(
                installed().orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    String port = port();
    HttpResponse<String> target =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String url = Json.parse(target.body()).path("webSocketDebuggerUrl").stringValue();
    socket = client.newWebSocketBuilder().buildAsync(URI.create(url), new Listener()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Json.object());
    }
    size(1440, 900);
    dark(false);
  }

  /// The port stands in a file as soon as it is open.
  private String port() throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      if (Files.exists(file) && Files.readAllLines(file).size() > 1) {
        return Files.readAllLines(file).getFirst();
      }
      boolean _ = process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    throw new IOException(
        "Chromium did not start: " + Files.readString(profile.resolve("chromium.log")));
  }

  /// Opens a page and waits until it is loaded.
  public void open(String url) {
    complaints.clear();
    loaded = new CompletableFuture<>();
    JsonNode answer = call("Page.navigate", Json.object().put("url", url));
    if (answer.has("errorText")) {
      throw new IllegalStateException(url + ": " + answer.path("errorText").stringValue());
    }
    loaded.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// Does what leads to another page, and waits until that is loaded, or put in place of this one.
  public void leave(String script) {
    JsonNode _ =
        eval(
            "document.getElementById('main')?.setAttribute('data-left', ''); %s; true"
                .formatted(script));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        await("document.readyState === 'complete' && !document.querySelector('#main[data-left]')");
        return;
      } catch (CompletionException e) {
        // The document that was asked went away meanwhile.
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /// Does what leads to a document that need not be a page of the console, and waits until that is
  /// loaded.
  public void load(String script) {
    loaded = new CompletableFuture<>();
    JsonNode _ = eval(script + "; true");
    loaded.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// What a script comes to; a promise is waited for.
  public JsonNode eval(String script) {
    ObjectNode parameters =
        Json.object()
            .put("expression", script)
            .put("awaitPromise", true)
            .put("userGesture", true)
            .put("returnByValue", true);
    JsonNode answer = call("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(
          script
              + ": "
              + answer
                  .path("exceptionDetails")
                  .path("exception")
                  .path("description")
                  .asString("?"));
    }
    return answer.path("result").path("value");
  }

  public String text(String selector) {
    return eval("(one => one?.innerText ?? one?.textContent ?? '')(document.querySelector(%s))"
            .formatted(quoted(selector)))
        .asString("");
  }

  public long count(String selector) {
    return eval("document.querySelectorAll(%s).length".formatted(quoted(selector))).asLong(-1);
  }

  /// Clicks a link or button that leads to another page.
  public void follow(String selector) {
    leave(
        "document.querySelector(%s).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"
            .formatted(quoted(selector)));
  }

  /// Waits in the page until a condition holds.
  public void await(String condition) {
    JsonNode held =
        eval(
            """
            new Promise(done => {
              const until = performance.now() + %d;
              const look = () => (%s) ? done(true)
                : performance.now() > until ? done(false) : setTimeout(look, 20);
              look();
            })
            """
                .formatted(PATIENCE.toMillis(), condition));
    if (!held.asBoolean(false)) {
      throw new IllegalStateException("In vain: %s, in: %s".formatted(condition, text("body")));
    }
  }

  public void key(String key, int code) {
    for (String type : List.of("keyDown", "keyUp")) {
      JsonNode _ =
          call(
              "Input.dispatchKeyEvent",
              Json.object()
                  .put("type", type)
                  .put("key", key)
                  .put("code", key)
                  .put("windowsVirtualKeyCode", code)
                  .put("text", key.equals("Enter") && type.equals("keyDown") ? "\r" : ""));
    }
  }

  public void size(int width, int height) {
    JsonNode _ =
        call(
            "Emulation.setDeviceMetricsOverride",
            Json.object()
                .put("width", width)
                .put("height", height)
                .put("deviceScaleFactor", 1)
                .put("mobile", false));
  }

  public void dark(boolean dark) {
    ObjectNode media = Json.object().put("media", "");
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    JsonNode _ = call("Emulation.setEmulatedMedia", media);
  }

  /// The page as it stands, down to 3,000 pixels.
  public void shoot(Path file) {
    long height = Math.clamp(eval("document.documentElement.scrollHeight").asLong(900), 400, 3000);
    ObjectNode parameters = Json.object().put("format", "png").put("captureBeyondViewport", true);
    parameters
        .putObject("clip")
        .put("x", 0)
        .put("y", 0)
        .put("width", eval("innerWidth").asLong())
        .put("height", height)
        .put("scale", 1);
    String data = call("Page.captureScreenshot", parameters).path("data").stringValue();
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the browser wrote to its console since the page was opened: errors and refusals by the
  /// policy of the page.
  public List<String> complaints() {
    return new ArrayList<>(complaints);
  }

  JsonNode call(String method, ObjectNode parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = Json.object().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(Json.compact(message), true).join();
    return answer.orTimeout(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS).join();
  }

  public static String quoted(String text) {
    return Json.compact(Json.text(text));
  }

  private void heard(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
      if (message.has("error")) {
        answer.completeExceptionally(
            new IllegalStateException(Json.compact(message.path("error"))));
      } else {
        answer.complete(message.path("result"));
      }
      return;
    }
    JsonNode parameters = message.path("params");
    switch (message.path("method").asString("")) {
      case "Page.loadEventFired" -> loaded.complete(null);
      case "Log.entryAdded" -> {
        JsonNode entry = parameters.path("entry");
        if (entry.path("level").asString("").equals("error")) {
          complaints.add(entry.path("text").asString("") + " " + entry.path("url").asString(""));
        }
      }
      case "Runtime.exceptionThrown" -> complaints.add(Json.compact(parameters));
      case "Page.javascriptDialogOpening" ->
          complaints.add("dialog: " + parameters.path("message").asString(""));
      default -> {
        // What the tests do not look at.
      }
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        try {
          heard(Json.parse(whole));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  @Override
  public void close() throws InterruptedException {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    boolean _ = process.waitFor(10, TimeUnit.SECONDS);
  }
}
