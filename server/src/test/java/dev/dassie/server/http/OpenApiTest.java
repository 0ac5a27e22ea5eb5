package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The document says what the server does, and the server what the document says.
class OpenApiTest {
  @TempDir static Path home;
  static TestServer server;
  static ObjectNode document;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
    document = (ObjectNode) Json.parse(server.get("/api/v1/openapi.json").body());
    String repos = "/api/v1/projects/default/repos";
    good(server.post(repos, "{\"name\":\"r\"}"));
    good(server.put(repos + "/r/commits/master/file?path=/d/a", "1"));
    good(server.put(repos + "/r/commits/master/file?path=/d/b", "2"));
    good(server.put(repos + "/r/tags/t", "{\"head\":\"master\"}"));
    good(
        server.post(
            "/api/v1/projects/default/secrets",
            "{kind: Secret, metadata: {name: s}, stringData: {k: v}}"));
    good(server.post(repos, "{\"name\":\"derived\"}"));
    good(
        server.put(
            repos + "/derived/branches/master",
            "{\"provenance\":[{\"repo\":\"r\",\"branch\":\"master\"}]}"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void good(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
  }

  /// Values that make a real call of each path.
  private static String filled(String template) {
    Map<String, String> values =
        Map.of(
            "{project}", "default",
            "{repo}", "r",
            "{branch}", "master",
            "{secret}", "s",
            "{tag}", "t",
            "{commit}", "master");
    String path = template;
    for (Map.Entry<String, String> value : values.entrySet()) {
      path = path.replace(value.getKey(), value.getValue());
    }
    if (path.endsWith("/file") || path.endsWith("/why") || path.endsWith("/chunks")) {
      path += "?path=/d/a";
    } else if (path.endsWith("/files") || path.endsWith("/walk") || path.endsWith("/changes")) {
      path += "?path=/d";
    } else if (path.endsWith("/glob")) {
      path += "?pattern=**";
    }
    return path;
  }

  /// Calls on jobs and logs need a run, which `PipelinesApiTest` makes.
  private static boolean hasExample(Route route) {
    return !route.template().contains("{name}")
        && !route.template().contains("{shell}")
        && !route.template().endsWith("/logs")
        && !route.template().endsWith("{project}/why")
        && !route.template().endsWith("/candidates")
        && !route.template().endsWith("/causes");
  }

  @Test
  void everyRouteIsInTheDocumentAndNothingElse() {
    Set<String> routes =
        server.instance().routes().stream()
            .map(route -> route.method() + " " + route.template())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    documented.add(
                        method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));

    assertThat(documented).isEqualTo(routes).hasSizeGreaterThan(30);
  }

  @Test
  void operationsHaveUniqueNamesAndSummaries() {
    List<Route> routes = server.instance().routes();

    assertThat(routes).extracting(Route::name).doesNotHaveDuplicates();
    assertThat(routes).allSatisfy(route -> assertThat(route.summary()).endsWith("."));
  }

  @Test
  void everySchemaThatIsNamedIsThereAndEachIsNamed() {
    String text = Json.compact(document);
    Set<String> schemas = new TreeSet<>();
    document.path("components").path("schemas").properties().forEach(s -> schemas.add(s.getKey()));
    Set<String> named = new TreeSet<>();
    java.util.regex.Pattern.compile("#/components/schemas/([A-Za-z]+)")
        .matcher(text)
        .results()
        .forEach(match -> named.add(match.group(1)));

    assertThat(named).isEqualTo(schemas);
  }

  @Test
  void repliesOfEveryGetAreAsDocumented() throws Exception {
    String id =
        Json.parse(server.get("/api/v1/projects/default/repos/r/commits/master").body())
            .path("id")
            .stringValue();
    String transaction =
        Json.parse(server.post("/api/v1/transactions", "").body()).path("id").stringValue();
    int checked = 0;
    for (Route route : server.instance().routes()) {
      if (route.method().equals("GET")
          && route.template().startsWith("/api/")
          && hasExample(route)) {
        String path =
            filled(route.template()).replace("{id}", id).replace("{transaction}", transaction);
        checked += Documented.check(document, route, server.get(path));
      }
    }

    assertThat(checked).isGreaterThan(20);
  }

  @Test
  void refusalsAreAsDocumented() throws Exception {
    JsonNode schema =
        document
            .path("paths")
            .path("/api/v1/projects/{project}")
            .path("get")
            .path("responses")
            .path("default")
            .path("content")
            .path("application/problem+json")
            .path("schema");

    assertThat(Documented.errors(document, schema, server.get("/api/v1/projects/nothing").body()))
        .isEmpty();
    assertThat(Documented.errors(document, schema, "{}")).isNotEmpty();
  }
}
