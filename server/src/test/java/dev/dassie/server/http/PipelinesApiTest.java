package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pipelines, jobs, datums, logs and lineage through a real server that runs real processes.
@Timeout(120)
class PipelinesApiTest {
  private static final String DEFAULT = "/api/v1/projects/default";
  private static final String GIT = "a".repeat(40);

  @TempDir static Path home;
  static TestServer server;
  static String head;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
    ok(server.post(DEFAULT + "/repos", "{\"name\":\"words\"}"));
    put("words", "a", "alpha");
    head = put("words", "b", "beta");
    HttpResponse<String> upload =
        server.send(
            server
                .request("/api/v1/filesets")
                .header("Dassie-Git", "commit=" + GIT + ";dirty=true")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        tar(
                            "upper.sh",
                            "echo working on $1\ntr a-z A-Z < $1 > $2/$(basename $1)\n"))));
    ObjectNode body =
        Json.object()
            .put(
                "spec",
                """
                pipeline: {name: upper}
                description: shouts
                transform:
                  cmd: [sh, upper.sh, /pfs/words/a, /pfs/out]
                  source: ./code
                input: {pfs: {repo: words, glob: /a}}
                """)
            .put("format", "yaml");
    body.putObject("sources").put("./code", ok(upload).path("id").stringValue());
    ok(server.post(DEFAULT + "/pipelines", Json.compact(body)));
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

  private static byte[] tar(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(text.length());
      tar.putArchiveEntry(entry);
      tar.write(TestServer.utf8(text));
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static List<JsonNode> lines(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : response.body().lines().filter(text -> !text.isBlank()).toList()) {
      lines.add(Json.parse(line));
    }
    return lines;
  }

  private static HttpResponse<String> create(String spec) throws Exception {
    return server.post(
        DEFAULT + "/pipelines",
        Json.compact(Json.object().put("spec", spec).put("format", "yaml")));
  }

  @Test
  void pipelineIsShownWithItsSpecAndItsLastJob() throws Exception {
    JsonNode pipeline = ok(server.get(DEFAULT + "/pipelines/upper"));

    assertThat(pipeline.path("state").stringValue()).isEqualTo("running");
    assertThat(pipeline.path("version").longValue()).isEqualTo(1);
    assertThat(pipeline.path("description").stringValue()).isEqualTo("shouts");
    assertThat(pipeline.path("spec_text").stringValue()).contains("cmd: [sh, upper.sh");
    assertThat(pipeline.path("spec").path("pipeline").path("name").stringValue())
        .isEqualTo("upper");
    assertThat(pipeline.path("last_job").path("state").stringValue()).isEqualTo("success");
    assertThat(pipeline.path("input_branches").path(0).path("repo").stringValue())
        .isEqualTo("words");
    assertThat(server.get(DEFAULT + "/pipelines").body()).contains("\"upper\"");
    refused(server.get(DEFAULT + "/pipelines/uper"), 404, "not_found");
  }

  @Test
  void jobAndDatumsAreShown() throws Exception {
    JsonNode job = ok(server.get(DEFAULT + "/jobs?pipeline=upper")).path("items").path(0);
    String id = job.path("id").stringValue();
    String datums = DEFAULT + "/pipelines/upper/jobs/" + id + "/datums";
    JsonNode datum = ok(server.get(datums)).path("items").path(0);

    assertThat(job.path("output_commit").stringValue()).isEqualTo(id);
    assertThat(job.path("datums").path("total").longValue()).isEqualTo(1);
    assertThat(job.path("inputs").path(0).path("id").stringValue()).isEqualTo(head);
    assertThat(datum.path("inputs").path(0).path("path").stringValue()).isEqualTo("/a");
    assertThat(datum.path("state").stringValue()).isEqualTo("success");
    assertThat(datum.path("exit_code").intValue()).isZero();
    JsonNode same = ok(server.get(datums + "/" + datum.path("id").stringValue().substring(0, 8)));
    assertThat(same).isEqualTo(datum);
    refused(server.get(datums + "/00000000"), 404, "not_found");
    refused(server.get(datums + "?state=odd"), 400, "invalid");
    refused(server.post(DEFAULT + "/pipelines/upper/jobs/" + id + "/stop", ""), 409, "conflict");
  }

  @Test
  void outputAndLogsAreThere() throws Exception {
    HttpResponse<String> file = server.get(DEFAULT + "/repos/upper/commits/master/file?path=/a");
    List<JsonNode> logs = lines(server.get(DEFAULT + "/logs?pipeline=upper"));
    String job = logs.getFirst().path("job").stringValue();

    assertThat(file.body()).isEqualTo("ALPHA");
    assertThat(logs).hasSize(1);
    assertThat(logs.getFirst().path("line").stringValue()).startsWith("working on ");
    assertThat(logs.getFirst().path("inputs").path(0).stringValue()).isEqualTo("/a");
    assertThat(lines(server.get(DEFAULT + "/logs?job=" + job))).isEqualTo(logs);
    assertThat(lines(server.get(DEFAULT + "/logs?pipeline=upper&job=" + job + "&follow=true")))
        .isEqualTo(logs);
    assertThat(lines(server.get(DEFAULT + "/logs?pipeline=upper&tail=0"))).isEmpty();
    refused(server.get(DEFAULT + "/logs"), 400, "invalid");
    refused(server.get(DEFAULT + "/logs?pipeline=upper&since=x"), 400, "invalid");
    refused(server.get(DEFAULT + "/logs?pipeline=none"), 404, "not_found");
  }

  @Test
  void fileSaysWhereItComesFrom() throws Exception {
    List<JsonNode> steps = lines(server.get(DEFAULT + "/repos/upper/commits/master/why?path=/a"));

    JsonNode made = steps.getFirst().path("made_by");
    assertThat(steps.getFirst().path("file").path("path").stringValue()).isEqualTo("/a");
    assertThat(made.path("kind").stringValue()).isEqualTo("datum");
    assertThat(made.path("pipeline").stringValue()).isEqualTo("upper");
    assertThat(made.path("cmd").path(0).stringValue()).isEqualTo("sh");
    assertThat(made.path("code").path("git_commit").stringValue()).isEqualTo(GIT);
    assertThat(made.path("code").path("git_dirty").booleanValue()).isTrue();
    assertThat(steps.getLast().path("depth").intValue()).isEqualTo(1);
    assertThat(steps.getLast().path("made_by").path("kind").stringValue()).isEqualTo("put");
    refused(server.get(DEFAULT + "/repos/upper/commits/master/why?path=/x"), 404, "not_found");
  }

  @Test
  void repliesAreAsDocumented() throws Exception {
    ObjectNode document = (ObjectNode) Json.parse(server.get("/api/v1/openapi.json").body());
    String job = ok(server.get(DEFAULT + "/pipelines/upper/jobs/master")).path("id").stringValue();
    String datum =
        ok(server.get(DEFAULT + "/pipelines/upper/jobs/" + job + "/datums"))
            .path("items")
            .path(0)
            .path("id")
            .stringValue();
    int checked = 0;
    for (Route route : server.instance().routes()) {
      if (route.method().equals("GET")
          && (route.template().contains("{name}")
              || route.template().endsWith("/jobs")
              || route.template().endsWith("/why")
              || route.template().endsWith("/logs"))) {
        String path =
            route
                .template()
                .replace("{project}", "default")
                .replace("{repo}", "upper")
                .replace("{commit}", "master")
                .replace("{name}", "upper")
                .replace("{job}", job)
                .replace("{datum}", datum)
                .replaceFirst("default/why$", "default/why?about=upper")
                .replaceFirst("why$", "why?path=/a")
                .replaceFirst("logs$", "logs?pipeline=upper");
        checked += Documented.check(document, route, server.get(path));
      }
    }

    assertThat(checked).isGreaterThanOrEqualTo(8);
  }

  @Test
  void specIsValidatedAndPreviewedWithoutAPipeline() throws Exception {
    String spec =
        """
        pipeline: {name: preview}
        transform: {cmd: [cat]}
        input: {pfs: {repo: words, glob: /*}}
        """;

    JsonNode validation = ok(server.post("/api/v1/specs/validate", spec));
    JsonNode first = ok(server.post("/api/v1/specs/datums?limit=1", spec));
    JsonNode second =
        ok(
            server.post(
                "/api/v1/specs/datums?limit=1&cursor=" + first.path("next").stringValue(), spec));

    assertThat(validation.path("pipelines").path(0).path("name").stringValue())
        .isEqualTo("preview");
    assertThat(first.path("items")).hasSize(1);
    assertThat(second.path("items")).hasSize(1).isNotEqualTo(first.path("items"));
    assertThat(second.path("next").isNull()).isTrue();
    refused(server.get(DEFAULT + "/pipelines/preview"), 404, "not_found");
  }

  @Test
  void badSpecIsRefusedWithAllProblemsAndTheirPlaces() throws Exception {
    HttpResponse<String> reply =
        server.post(
            "/api/v1/specs/validate",
            "pipeline: {name: x}\ntransform: {cmd: [cat], imge: y}\ninput: {pfs: {repo: words}}\n");

    refused(reply, 400, "invalid");
    JsonNode problem = TestServer.json(reply).path("problems").path(0);
    assertThat(problem.path("line").intValue()).isEqualTo(2);
    assertThat(problem.path("message").stringValue()).contains("imge");
    refused(create("pipeline: {name: y}"), 400, "invalid");
  }

  @Test
  void missingInputRepoIsRefusedWithTheNearest() throws Exception {
    HttpResponse<String> reply =
        create(
            "pipeline: {name: z}\ntransform: {cmd: [cat]}\ninput: {pfs: {repo: wrods, glob: /}}\n");

    refused(reply, 404, "not_found");
    assertThat(reply.body()).contains("`words`");
  }

  @Test
  void sourceThatWasNotUploadedIsRefused() throws Exception {
    String spec =
        """
        pipeline: {name: s}
        transform: {cmd: [cat], source: ./x}
        input: {pfs: {repo: words, glob: /}}
        """;

    refused(create(spec), 400, "invalid");
  }

  @Test
  void failingPipelineSaysWhyAndIsUpdatedStoppedAndDeleted() throws Exception {
    String spec =
        """
        pipeline: {name: fails}
        transform: {cmd: [sh], stdin: [exit 3]}
        datumTries: 1
        input: {pfs: {repo: words, glob: /}}
        """;
    ok(create(spec));
    JsonNode job = ok(server.get(DEFAULT + "/pipelines/fails/jobs/master/wait?timeout=60"));
    JsonNode pipeline = ok(server.get(DEFAULT + "/pipelines/fails"));
    HttpResponse<String> read = server.get(DEFAULT + "/repos/fails/commits/master/files");
    JsonNode updated =
        ok(
            server.post(
                DEFAULT + "/pipelines?update=true",
                Json.compact(Json.object().put("spec", spec.replace("exit 3", "exit 0")))));
    JsonNode after = ok(server.get(DEFAULT + "/pipelines/fails/jobs/master/wait?timeout=60"));
    JsonNode stopped = ok(server.post(DEFAULT + "/pipelines/fails/stop", ""));
    ok(server.post(DEFAULT + "/pipelines/fails/start", ""));

    assertThat(job.path("state").stringValue()).isEqualTo("failed");
    assertThat(job.path("reason").stringValue()).isNotEmpty();
    assertThat(pipeline.path("state").stringValue()).isEqualTo("failing");
    assertThat(read.statusCode()).isEqualTo(404);
    assertThat(updated.path("items").path(0).path("version").longValue()).isEqualTo(2);
    assertThat(after.path("state").stringValue()).as(after.toString()).isEqualTo("success");
    assertThat(stopped.path("state").stringValue()).isEqualTo("stopped");
    refused(create(spec), 409, "already_exists");
    assertThat(server.delete(DEFAULT + "/pipelines/fails").statusCode()).isEqualTo(204);
    refused(server.get(DEFAULT + "/pipelines/fails"), 404, "not_found");
  }

  @Test
  void statusNamesTheExecutorAndCounts() throws Exception {
    JsonNode status = ok(server.get("/api/v1/status"));

    assertThat(status.path("executor").path("sandbox").stringValue()).isEqualTo("none");
    assertThat(status.path("counts").path("pipelines").longValue()).isPositive();
    assertThat(status.path("storage").path("bytes").longValue()).isPositive();
    assertThat(server.get("/metrics").body()).contains("dassie_jobs_running 0.0");
  }
}
