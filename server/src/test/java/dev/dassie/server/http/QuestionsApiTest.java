package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions through a real server that runs real processes.
@Timeout(120)
class QuestionsApiTest {
  private static final String DEFAULT = "/api/v1/projects/default";

  @TempDir static Path home;
  static TestServer server;
  static String first;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
    ok(server.post(DEFAULT + "/repos", "{\"name\":\"words\"}"));
    first = put("words", "a", "alpha");
    String spec =
        """
        pipeline: {name: upper}
        transform: {cmd: [sh, -c, "tr a-z A-Z < $words > /pfs/out/$(basename $words)"]}
        input: {pfs: {repo: words, glob: /a}}
        """;
    ok(
        server.post(
            DEFAULT + "/pipelines",
            Json.compact(Json.object().put("spec", spec).put("format", "yaml"))));
    JsonNode job = ok(server.get(DEFAULT + "/pipelines/upper/jobs/master/wait?timeout=60"));
    assertThat(job.path("state").stringValue()).as(job.toString()).isEqualTo("success");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return TestServer.json(response);
  }

  private static void refused(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(TestServer.json(response).path("code").stringValue()).isEqualTo(code);
  }

  private static String put(String repo, String path, String text) throws Exception {
    return ok(server.put(DEFAULT + "/repos/" + repo + "/commits/master/file?path=" + path, text))
        .path("id")
        .stringValue();
  }

  private static List<JsonNode> lines(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : response.body().lines().filter(text -> !text.isBlank()).toList()) {
      lines.add(Json.parse(line));
    }
    return lines;
  }

  @Test
  void whyAnswersForJobsDatumsAndPipelines() throws Exception {
    String id =
        ok(server.get(DEFAULT + "/jobs?pipeline=upper"))
            .path("items")
            .path(0)
            .path("id")
            .stringValue();
    JsonNode job = ok(server.get(DEFAULT + "/why?about=upper@" + id)).path("items").path(0);
    JsonNode pipeline = ok(server.get(DEFAULT + "/why?about=upper")).path("items").path(0);
    String datum =
        ok(server.get(DEFAULT + "/pipelines/upper/jobs/" + id + "/datums"))
            .path("items")
            .path(0)
            .path("id")
            .stringValue();
    JsonNode ran =
        ok(server.get(DEFAULT + "/why?about=upper@" + id + "&datum=" + datum))
            .path("items")
            .path(0);

    assertThat(job.path("kind").stringValue()).isEqualTo("job");
    assertThat(pipeline.path("about")).isEqualTo(job.path("about"));
    assertThat(ran.path("kind").stringValue()).isEqualTo("datum");
    assertThat(ran.path("state").stringValue()).isEqualTo("success");
    refused(server.get(DEFAULT + "/why?about=nope"), 404, "not_found");
    refused(server.get(DEFAULT + "/why"), 400, "invalid");
  }

  /// Calls an operation and checks its reply against the document.
  private static List<JsonNode> asked(String name, String path, String body) throws Exception {
    ObjectNode document = (ObjectNode) Json.parse(server.get("/api/v1/openapi.json").body());
    Route route =
        server.instance().routes().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    HttpResponse<String> response =
        switch (route.method()) {
          case "GET" -> server.get(path);
          case "PUT" -> server.put(path, body);
          default -> server.post(path, body);
        };
    assertThat(Documented.check(document, route, response)).isPositive();
    return lines(response);
  }

  @Test
  void planImpactAndReproductionAreAsDocumented() throws Exception {
    String upper = DEFAULT + "/repos/upper/commits/master";
    String spec =
        """
        pipeline: {name: lower}
        transform: {cmd: [sh, -c, "tr A-Z a-z < $upper > /pfs/out/$(basename $upper)"]}
        input: {pfs: {repo: upper, glob: /*}}
        """;

    List<JsonNode> plan =
        asked(
            "plan_pipelines",
            DEFAULT + "/plan/pipelines",
            Json.compact(Json.object().put("spec", spec).put("format", "yaml")));
    List<JsonNode> back =
        asked(
            "plan_branch",
            DEFAULT + "/repos/words/branches/master/plan",
            "{\"head\":\"" + first + "\"}");
    List<JsonNode> impact =
        asked("get_impact", DEFAULT + "/repos/words/commits/master/impact?path=/a", "");
    List<JsonNode> again = asked("reproduce", upper + "/reproduce", "");

    assertThat(plan.getFirst().path("work").booleanValue()).isTrue();
    assertThat(plan.getFirst().path("pipelines").path(0).path("datums").path("run").intValue())
        .isEqualTo(1);
    refused(server.get(DEFAULT + "/pipelines/lower"), 404, "not_found");
    assertThat(back.getFirst().path("work").booleanValue()).isFalse();
    assertThat(impact).hasSize(1);
    assertThat(impact.getFirst().path("path").stringValue()).isEqualTo("/a");
    assertThat(again.getFirst().path("outcome").stringValue()).isEqualTo("identical");
    assertThat(again.getLast().path("same").booleanValue()).isTrue();
    refused(server.post(DEFAULT + "/repos/words/commits/master/reproduce", ""), 400, "invalid");
  }

  @Test
  void verdictsAreRememberedAndCausesNamed() throws Exception {
    ok(server.post(DEFAULT + "/repos", "{\"name\":\"notes\"}"));
    String good = put("notes", "a", "one");
    String bad = put("notes", "a", "two");
    String repo = DEFAULT + "/repos/notes/commits/";
    String command = "ab".repeat(32);

    List<JsonNode> verdict =
        asked("put_verdict", repo + bad + "/verdicts/" + command, "{\"exit_code\":1}");
    List<JsonNode> candidates =
        asked(
            "list_candidates", repo + "master/candidates?good=" + good + "&command=" + command, "");
    List<JsonNode> causes = asked("list_causes", repo + "master/causes?since=" + good, "");

    assertThat(verdict.getFirst().path("verdict").stringValue()).isEqualTo("bad");
    assertThat(candidates).isEqualTo(verdict);
    assertThat(causes).hasSize(1);
    assertThat(causes.getFirst().path("change").path("sentence").stringValue())
        .contains("`/a` (changed)");
    refused(
        server.get(repo + good + "/candidates?good=" + bad + "&command=" + command),
        409,
        "conflict");
    refused(server.put(repo + bad + "/verdicts/x", "{\"exit_code\":1}"), 400, "invalid");
  }
}
