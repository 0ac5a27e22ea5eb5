package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Projects, repos, branches, tags and commits through a real server.
class VersionsApiTest {
  private static final String REPOS = "/api/v1/projects/default/repos";

  @TempDir static Path home;
  static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode ok(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return TestServer.json(response);
  }

  private static void refused(HttpResponse<String> response, int status, String code)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(TestServer.json(response).path("code").stringValue()).isEqualTo(code);
  }

  private static void repo(String name) throws Exception {
    ok(server.post(REPOS, "{\"name\":\"" + name + "\"}"));
  }

  private static String put(String repo, String path, String text) throws Exception {
    return ok(server.put(REPOS + "/" + repo + "/commits/master/file?path=" + path, text))
        .path("id")
        .stringValue();
  }

  @Test
  void projectsAreMadeListedEditedAndDeleted() throws Exception {
    JsonNode made =
        ok(server.post("/api/v1/projects", "{\"name\":\"p1\",\"description\":\"first\"}"));
    JsonNode edited = ok(server.patch("/api/v1/projects/p1", "{\"set\":{\"team\":\"x\"}}"));

    assertThat(made.path("author").stringValue()).isEqualTo("local:unknown");
    assertThat(edited.path("metadata").path("team").stringValue()).isEqualTo("x");
    assertThat(server.get("/api/v1/projects").body()).contains("\"p1\"", "\"default\"");
    refused(server.post("/api/v1/projects", "{\"name\":\"p1\"}"), 409, "already_exists");
    assertThat(server.delete("/api/v1/projects/p1").statusCode()).isEqualTo(204);
    refused(server.get("/api/v1/projects/p1"), 404, "not_found");
  }

  @Test
  void repoShowsItsBranchesAndTheSumsOfMaster() throws Exception {
    repo("sums");
    put("sums", "a", "12345");
    put("sums", "b", "1");

    JsonNode repo = ok(server.get(REPOS + "/sums"));

    assertThat(repo.path("size_bytes").longValue()).isEqualTo(6);
    assertThat(repo.path("files").longValue()).isEqualTo(2);
    assertThat(repo.path("branches").path(0).stringValue()).isEqualTo("master");
    assertThat(repo.path("type").stringValue()).isEqualTo("user");
  }

  @Test
  void missingRepoIsRefusedWithTheNearestName() throws Exception {
    repo("weather");

    HttpResponse<String> reply = server.get(REPOS + "/wether");

    refused(reply, 404, "not_found");
    assertThat(TestServer.json(reply).path("hint").stringValue()).contains("`weather`");
  }

  @Test
  void badNamesAreRefused() throws Exception {
    refused(server.post(REPOS, "{\"name\":\"a b\"}"), 400, "invalid");
    refused(server.post(REPOS, "{\"name\":\"a/b\"}"), 400, "invalid");
    refused(server.get(REPOS + "/a%2Fb"), 400, "invalid");
    refused(server.get(REPOS + "/%00"), 400, "invalid");
    refused(server.post(REPOS, "{\"nam\":\"a\"}"), 400, "invalid");
    refused(server.post(REPOS, "{\"name\":3}"), 400, "invalid");
    refused(server.post(REPOS, "[]"), 400, "invalid");
    refused(server.post(REPOS, "{\"name\":"), 400, "invalid");
    refused(server.post(REPOS, "[".repeat(100_000)), 400, "invalid");
  }

  @Test
  void listIsPagedByCursorAndStreamedAsLines() throws Exception {
    for (int i = 0; i < 5; i++) {
      ok(server.post("/api/v1/projects", "{\"name\":\"page" + i + "\"}"));
    }

    List<String> paged = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(server.get("/api/v1/projects?limit=2&cursor=" + cursor));
      page.path("items").forEach(item -> paged.add(item.path("name").stringValue()));
      cursor = page.path("next").isNull() ? "" : page.path("next").stringValue();
    } while (!cursor.isEmpty());
    HttpResponse<String> lines =
        server.send(server.request("/api/v1/projects").header("Accept", "application/x-ndjson"));

    assertThat(paged).contains("page0", "page4", "default").doesNotHaveDuplicates();
    assertThat(lines.body().lines()).hasSameSizeAs(paged);
    assertThat(lines.headers().firstValue("Content-Type")).contains("application/x-ndjson");
  }

  @Test
  void badLimitsAndCursorsAreRefused() throws Exception {
    for (String query : List.of("limit=0", "limit=10001", "limit=x", "limit=-1")) {
      refused(server.get("/api/v1/projects?" + query), 400, "invalid");
    }
    for (String cursor : List.of("x", "%21%21", "AAAA", "MQ", "MTE=")) {
      refused(server.get("/api/v1/projects?cursor=" + cursor), 400, "invalid");
    }
    refused(server.get("/api/v1/projects?limit=1&limit=2"), 400, "invalid");
  }

  @Test
  void branchesMoveAndTagsStay() throws Exception {
    repo("refs");
    String first = put("refs", "a", "1");
    String second = put("refs", "a", "2");

    JsonNode branch = ok(server.put(REPOS + "/refs/branches/dev", "{\"head\":\"" + first + "\"}"));
    JsonNode moved = ok(server.put(REPOS + "/refs/branches/dev", "{\"head\":\"master\"}"));
    JsonNode tag = ok(server.put(REPOS + "/refs/tags/v1", "{\"head\":\"refs@master^\"}"));

    assertThat(branch.path("head").stringValue()).isEqualTo(first);
    assertThat(moved.path("head").stringValue()).isEqualTo(second);
    assertThat(tag.path("head").stringValue()).isEqualTo(first);
    assertThat(ok(server.get(REPOS + "/refs/tags")).path("items")).hasSize(1);
    assertThat(ok(server.get(REPOS + "/refs/branches")).path("items")).hasSize(2);
    refused(server.put(REPOS + "/refs/tags/v1", "{\"head\":\"master\"}"), 409, "already_exists");
    refused(server.get(REPOS + "/refs/tags/v2"), 404, "not_found");
    assertThat(server.delete(REPOS + "/refs/branches/dev").statusCode()).isEqualTo(204);
    assertThat(server.delete(REPOS + "/refs/tags/v1").statusCode()).isEqualTo(204);
  }

  @Test
  void openCommitTakesWritesUntilItIsFinished() throws Exception {
    repo("open");
    JsonNode started = ok(server.post(REPOS + "/open/commits", "{\"branch\":\"master\"}"));
    String id = started.path("id").stringValue();
    put("open", "a", "1");
    JsonNode written = ok(server.put(REPOS + "/open/commits/" + id + "/file?path=b", "22"));
    HttpResponse<String> early = server.get(REPOS + "/open/commits/master/wait?timeout=0");
    JsonNode finished = ok(server.post(REPOS + "/open/commits/master/finish", ""));

    assertThat(started.path("state").stringValue()).isEqualTo("open");
    assertThat(written.path("id").stringValue()).isEqualTo(id);
    assertThat(written.path("size_bytes").longValue()).isEqualTo(3);
    refused(early, 408, "timed_out");
    assertThat(finished.path("state").stringValue()).isEqualTo("finished");
    assertThat(finished.path("files").longValue()).isEqualTo(2);
    assertThat(ok(server.get("/api/v1/commit-sets/" + id)).path("items")).hasSize(1);
    assertThat(ok(server.get(REPOS + "/open/commits?state=open")).path("items")).isEmpty();
  }

  @Test
  void waitEndsWhenTheCommitDoes() throws Exception {
    repo("waited");
    ok(server.post(REPOS + "/waited/commits", "{\"branch\":\"master\"}"));

    Thread finisher =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ok(server.post(REPOS + "/waited/commits/master/finish", ""));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    JsonNode ended = ok(server.get(REPOS + "/waited/commits/master/wait?timeout=60"));
    finisher.join();

    assertThat(ended.path("state").stringValue()).isEqualTo("finished");
  }

  @Test
  void repeatUnderAnIdempotencyKeyAnswersAsTheFirstAndChangesNothing() throws Exception {
    repo("again");
    HttpRequest.Builder request =
        server
            .request(REPOS + "/again/commits/master/file?path=a&append")
            .header("Idempotency-Key", "key-1")
            .header("Dassie-Principal", "local:ann")
            .header("Dassie-Message", "na%C3%AFve")
            .PUT(HttpRequest.BodyPublishers.ofString("x"));

    JsonNode first = ok(server.send(request));
    JsonNode second = ok(server.send(request));

    assertThat(second).isEqualTo(first);
    assertThat(first.path("author").stringValue()).isEqualTo("local:ann");
    assertThat(first.path("message").stringValue()).isEqualTo("naïve");
    assertThat(ok(server.get(REPOS + "/again/commits")).path("items")).hasSize(1);
  }

  @Test
  void badHeadersAreRefused() throws Exception {
    for (String[] header :
        new String[][] {
          {"Idempotency-Key", "a b"},
          {"Idempotency-Key", "x".repeat(201)},
          {"Dassie-Principal", "root"},
          {"Dassie-Principal", "local:"},
          {"Dassie-Message", "%zz"}
        }) {
      HttpRequest.Builder request =
          server
              .request("/api/v1/projects")
              .header(header[0], header[1])
              .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"bad-headers\"}"));

      refused(server.send(request), 400, "invalid");
    }
  }

  @Test
  void metadataOfCommitsAndBranchesIsEdited() throws Exception {
    repo("meta");
    put("meta", "a", "1");
    String edit = "{\"set\":{\"k\":\"v\"},\"delete\":[\"gone\"]}";

    ok(server.patch(REPOS + "/meta/metadata", edit));
    ok(server.patch(REPOS + "/meta/branches/master/metadata", edit));
    JsonNode commit = ok(server.patch(REPOS + "/meta/commits/master/metadata", edit));

    assertThat(commit.path("metadata").path("k").stringValue()).isEqualTo("v");
  }

  @Test
  void repoThatABranchReadsIsNotDeleted() throws Exception {
    repo("upstream");
    repo("downstream");
    put("upstream", "a", "1");
    ok(
        server.put(
            REPOS + "/downstream/branches/master",
            "{\"provenance\":[{\"repo\":\"upstream\",\"branch\":\"master\"}]}"));

    refused(server.delete(REPOS + "/upstream"), 409, "conflict");
    refused(server.delete(REPOS + "/upstream?force=true"), 409, "conflict");
    assertThat(server.delete(REPOS + "/downstream").statusCode()).isEqualTo(204);
    assertThat(server.delete(REPOS + "/upstream").statusCode()).isEqualTo(204);
  }

  @Test
  void aBranchWithATriggerSaysWhatItWaitsFor() throws Exception {
    repo("deferred");
    String branch = REPOS + "/deferred/branches/master";
    ok(
        server.put(
            branch,
            "{\"trigger\":{\"branch\":\"staging\",\"size\":\"1kB\",\"commits\":2,\"all\":true}}"));
    ok(server.put(REPOS + "/deferred/commits/staging/file?path=a", "12345"));

    JsonNode waiting = ok(server.get(branch));
    ok(server.put(branch, "{\"trigger\":{}}"));
    JsonNode free = ok(server.get(branch));

    assertThat(waiting.path("head").isNull()).isTrue();
    JsonNode trigger = waiting.path("trigger");
    assertThat(trigger.path("size_bytes").longValue()).isEqualTo(1000);
    assertThat(trigger.path("since").path("commits").longValue()).isEqualTo(1);
    assertThat(trigger.path("missing").path(0).path("condition").stringValue()).isEqualTo("size");
    assertThat(trigger.path("missing").path(0).path("have").longValue()).isEqualTo(5);
    assertThat(trigger.path("missing").path(1).path("want").longValue()).isEqualTo(2);
    assertThat(free.has("trigger")).isFalse();
    refused(
        server.put(branch, "{\"trigger\":{\"branch\":\"staging\",\"size\":\"-1\"}}"),
        400,
        "invalid");
    refused(server.put(branch, "{\"trigger\":{\"branch\":\"staging\"}}"), 400, "invalid");
    refused(
        server.put(branch, "{\"trigger\":{\"branch\":\"master\",\"commits\":1}}"), 409, "conflict");
  }
}
