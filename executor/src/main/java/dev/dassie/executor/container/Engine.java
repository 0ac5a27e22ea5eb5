package dev.dassie.executor.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The calls of Docker's API that are needed here; Podman answers them too. Each is bounded in
/// time. Thread-safe.
final class Engine {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The version of the API that is spoken where the engine can: Docker 19.03 and Podman 3 do.
  private static final String SPOKEN = "1.40";

  private static final Duration SHORT = Duration.ofSeconds(15);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int MAX_ANSWER = 16 << 20;
  private static final int MAX_LOG = 8 << 10;

  private final EngineSocket socket;
  private final String api;
  private final Facts facts;

  private Engine(EngineSocket socket, String api, Facts facts) {
    this.socket = socket;
    this.api = api;
    this.facts = facts;
  }

  /// What an engine says of itself.
  ///
  /// @param name with its version, as people read it
  /// @param rootless whether it runs as an ordinary user
  /// @param memory whether it keeps limits of memory
  /// @param cpu whether it keeps limits of processors
  /// @param processes whether it keeps limits of processes
  record Facts(
      String name,
      String architecture,
      boolean rootless,
      boolean memory,
      boolean cpu,
      boolean processes) {
    boolean isPodman() {
      return name.startsWith("Podman");
    }
  }

  /// What became of a container.
  record State(boolean running, int exitCode, boolean outOfMemory, String error) {}

  /// Finds out who answers at a socket.
  static Engine connect(EngineSocket socket) throws IOException, InterruptedException {
    JsonNode version = json(socket, EngineSocket.Request.of("GET", "/version"), SHORT);
    String api =
        "/v"
            + spoken(
                version.path("MinAPIVersion").asString(""),
                version.path("ApiVersion").asString(""));
    JsonNode info = json(socket, EngineSocket.Request.of("GET", api + "/info"), SHORT);
    boolean rootless =
        info.path("SecurityOptions")
            .valueStream()
            .anyMatch(option -> option.asString("").contains("rootless"));
    String product = version.path("Components").path(0).path("Name").asString("Engine");
    return new Engine(
        socket,
        api,
        new Facts(
            (product.equals("Engine") ? "Docker" : product.replace(" Engine", ""))
                + " "
                + version.path("Version").asString("?"),
            version.path("Arch").asString(""),
            rootless,
            info.path("MemoryLimit").asBoolean(false),
            info.path("CpuCfsQuota").asBoolean(false),
            info.path("PidsLimit").asBoolean(false)));
  }

  /// The version that both sides know: each engine has a least and a newest one.
  static String spoken(String least, String newest) {
    if (order(newest) < order(SPOKEN)) {
      return order(newest) == 0 ? SPOKEN : newest;
    }
    return order(least) > order(SPOKEN) ? least : SPOKEN;
  }

  private static int order(String version) {
    return version.matches("[0-9]{1,3}\\.[0-9]{1,4}")
        ? Integer.parseInt(version.substring(0, version.indexOf('.'))) * 10_000
            + Integer.parseInt(version.substring(version.indexOf('.') + 1))
        : 0;
  }

  Facts facts() {
    return facts;
  }

  /// An image that is there.
  Optional<Image> image(Reference name) throws IOException, InterruptedException {
    return inspected(name.text(), name);
  }

  /// An image by what the engine calls it.
  Optional<Image> image(String id, Reference name) throws IOException, InterruptedException {
    return inspected(id, name);
  }

  private Optional<Image> inspected(String text, Reference name)
      throws IOException, InterruptedException {
    try {
      return Optional.of(Image.of(get("/images/" + text + "/json"), name));
    } catch (EngineException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Fetches an image from its registry.
  ///
  /// @param login what the registry wants to know, as the API encodes it
  void pull(Reference image, Optional<String> login, Duration atMost)
      throws IOException, InterruptedException {
    String target =
        api + "/images/create?fromImage=" + coded(image.name()) + "&tag=" + coded(image.version());
    Map<String, String> headers =
        login.map(text -> Map.of("X-Registry-Auth", text)).orElse(Map.of());
    EngineSocket.Request request = new EngineSocket.Request("POST", target, headers, new byte[0]);
    Optional<String> problem =
        socket.call(
            request,
            (status, body) -> {
              check(status, body);
              return lastProblem(body);
            },
            atMost);
    if (problem.isPresent()) {
      throw new EngineException(500, problem.get());
    }
  }

  /// What goes wrong in the middle comes as the last object of a stream that began well.
  private static Optional<String> lastProblem(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    Optional<String> problem = Optional.empty();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String error = line.isBlank() ? "" : JSON.readTree(line).path("error").asString("");
        problem = error.isEmpty() ? problem : Optional.of(error);
      }
    } catch (JacksonException e) {
      throw new IOException("it answered with something that is no JSON", e);
    }
    return problem;
  }

  /// Makes a container and gives its id.
  String create(String name, ObjectNode container) throws IOException, InterruptedException {
    EngineSocket.Request request =
        EngineSocket.Request.json(
            "POST", api + "/containers/create?name=" + coded(name), container.toString());
    return json(socket, request, LONG).path("Id").asString("");
  }

  void start(String id) throws IOException, InterruptedException {
    send("POST", "/containers/" + id + "/start", LONG);
  }

  /// Ends a container with all that runs in it, and forgets it. One that is not there is well.
  void remove(String id) throws IOException, InterruptedException {
    try {
      send("DELETE", "/containers/" + id + "?force=true&v=true", LONG);
    } catch (EngineException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /// Nothing where there is no such container.
  Optional<State> state(String id) throws IOException, InterruptedException {
    try {
      JsonNode state = get("/containers/" + id + "/json").path("State");
      return Optional.of(
          new State(
              state.path("Running").asBoolean(false),
              state.path("ExitCode").asInt(0),
              state.path("OOMKilled").asBoolean(false),
              state.path("Error").asString("")));
    } catch (EngineException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The last lines that the first process of a container wrote.
  String log(String id) throws IOException, InterruptedException {
    String target = api + "/containers/" + id + "/logs?stdout=true&stderr=true&tail=5";
    return socket.call(
        EngineSocket.Request.of("GET", target),
        (status, body) -> {
          check(status, body);
          return text(body.readNBytes(MAX_LOG));
        },
        SHORT);
  }

  /// Each piece stands behind 8 bytes: the stream, three zeros, the length.
  static String text(byte[] log) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at + 8 <= log.length) {
      int length =
          (log[at + 4] & 0xff) << 24
              | (log[at + 5] & 0xff) << 16
              | (log[at + 6] & 0xff) << 8
              | (log[at + 7] & 0xff);
      int end = length < 0 || length > log.length - at - 8 ? log.length : at + 8 + length;
      text.append(new String(log, at + 8, end - at - 8, StandardCharsets.UTF_8));
      at = end;
    }
    return text.toString().strip();
  }

  /// The ids of all containers with a label, running or not.
  List<String> containers(String label, String value) throws IOException, InterruptedException {
    ObjectNode filters = JSON.createObjectNode();
    filters.putArray("label").add(label + "=" + value);
    List<String> ids = new ArrayList<>();
    for (JsonNode container :
        get("/containers/json?all=true&filters=" + coded(filters.toString()))) {
      ids.add(container.path("Id").asString(""));
    }
    return ids;
  }

  private JsonNode get(String target) throws IOException, InterruptedException {
    return json(socket, EngineSocket.Request.of("GET", api + target), SHORT);
  }

  private void send(String method, String target, Duration atMost)
      throws IOException, InterruptedException {
    boolean _ =
        socket.call(
            EngineSocket.Request.of(method, api + target),
            (status, body) -> {
              check(status, body);
              return true;
            },
            atMost);
  }

  private static JsonNode json(EngineSocket socket, EngineSocket.Request request, Duration atMost)
      throws IOException, InterruptedException {
    return socket.call(
        request,
        (status, body) -> {
          check(status, body);
          return tree(body.readNBytes(MAX_ANSWER));
        },
        atMost);
  }

  private static JsonNode tree(byte[] text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IOException("it answered with something that is no JSON", e);
    }
  }

  /// 304: it is so already.
  private static void check(int status, InputStream body) throws IOException {
    if (status / 100 == 2 || status == 304) {
      return;
    }
    byte[] text = body.readNBytes(MAX_LOG);
    String message;
    try {
      message = JSON.readTree(text).path("message").asString("");
    } catch (JacksonException e) {
      message = new String(text, StandardCharsets.UTF_8).strip();
    }
    throw new EngineException(status, message.isEmpty() ? "status " + status : message);
  }

  private static String coded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// An object to fill.
  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
