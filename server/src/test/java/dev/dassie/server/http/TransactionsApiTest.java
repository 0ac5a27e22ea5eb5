package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Transactions through a real server.
class TransactionsApiTest {
  private static final String ALL = "/api/v1/transactions";
  private static final String REPOS = "/api/v1/projects/default/repos";

  @TempDir static Path home;
  static TestServer server;
  static ObjectNode document;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
    document = (ObjectNode) Json.parse(server.get("/api/v1/openapi.json").body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// The reply, which is as the OpenAPI document says.
  private static JsonNode ok(HttpResponse<String> response, String schema) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    ObjectNode ref = Json.object().put("$ref", "#/components/schemas/" + schema);
    assertThat(Documented.errors(document, ref, response.body())).as(response.body()).isEmpty();
    return TestServer.json(response);
  }

  private static String begin() throws Exception {
    return ok(server.post(ALL, ""), "Transaction").path("id").stringValue();
  }

  private static JsonNode add(String id, String step) throws Exception {
    return ok(server.post(ALL + "/" + id + "/steps", step), "AddedStep");
  }

  private static void refused(HttpResponse<String> response, int status, String detail)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(TestServer.json(response).path("detail").stringValue()).isEqualTo(detail);
  }

  @Test
  void stepsAreAnsweredAsCallsAndHappenTogether() throws Exception {
    String id = begin();

    JsonNode repo =
        add(id, "{\"kind\":\"create_repo\",\"repo\":\"together\",\"description\":\"d\"}");
    JsonNode commit = add(id, "{\"kind\":\"start_commit\",\"repo\":\"together\"}");
    JsonNode tag =
        add(
            id,
            "{\"kind\":\"create_tag\",\"repo\":\"together\",\"tag\":\"v1\",\"head\":\"master\"}");

    assertThat(repo.path("answer").path("description").stringValue()).isEqualTo("d");
    assertThat(commit.path("answer").path("id").stringValue()).isEqualTo(id);
    assertThat(commit.path("answer").path("state").stringValue()).isEqualTo("open");
    assertThat(tag.path("step").path("head").stringValue()).isEqualTo(id);
    assertThat(tag.path("number").intValue()).isEqualTo(3);
    assertThat(server.get(REPOS + "/together").statusCode()).isEqualTo(404);
    JsonNode whole = ok(server.get(ALL + "/" + id), "Transaction");
    assertThat(whole.path("added").path(1).path("words").stringValue())
        .isEqualTo("start commit together@master");
    JsonNode finished = ok(server.post(ALL + "/" + id + "/finish", ""), "FinishedTransaction");
    assertThat(finished.path("commits").path(0).path("repo").stringValue()).isEqualTo("together");
    assertThat(ok(server.get(REPOS + "/together/tags/v1"), "Tag").path("head").stringValue())
        .isEqualTo(id);
    refused(server.get(ALL + "/" + id), 404, "No transaction is named `%s`.".formatted(id));
  }

  @Test
  void everyKindOfStepIsUnderstood() throws Exception {
    ok(server.post(REPOS, "{\"name\":\"kinds\"}"), "Repo");
    ok(server.put(REPOS + "/kinds/commits/master/file?path=a", "1"), "Commit");
    ok(server.put(REPOS + "/kinds/commits/master/file?path=b", "2"), "Commit");
    ok(server.put(REPOS + "/kinds/commits/last/file?path=b", "2"), "Commit");
    ok(server.post(REPOS + "/kinds/commits", "{\"branch\":\"open\"}"), "Commit");
    ok(server.put(REPOS + "/kinds/tags/t", "{\"head\":\"master\"}"), "Tag");
    ok(server.post(REPOS, "{\"name\":\"empty\"}"), "Repo");
    String id = begin();

    for (String step :
        new String[] {
          "{\"kind\":\"create_project\",\"project\":\"made\",\"description\":\"d\"}",
          "{\"kind\":\"delete_project\",\"project\":\"made\"}",
          "{\"kind\":\"delete_repo\",\"repo\":\"empty\"}",
          "{\"kind\":\"create_branch\",\"repo\":\"kinds\",\"branch\":\"b\",\"head\":\"master^\"}",
          "{\"kind\":\"create_branch\",\"repo\":\"kinds\",\"branch\":\"later\","
              + "\"trigger\":{\"branch\":\"master\",\"commits\":2}}",
          "{\"kind\":\"create_repo\",\"repo\":\"derived\"}",
          "{\"kind\":\"create_branch\",\"repo\":\"derived\",\"provenance\":[{\"repo\":\"kinds\"}]}",
          "{\"kind\":\"delete_branch\",\"repo\":\"kinds\",\"branch\":\"b\"}",
          "{\"kind\":\"delete_tag\",\"repo\":\"kinds\",\"tag\":\"t\"}",
          "{\"kind\":\"finish_commit\",\"repo\":\"kinds\",\"commit\":\"open\"}",
          "{\"kind\":\"squash_commit\",\"repo\":\"kinds\",\"commit\":\"master^\"}",
          "{\"kind\":\"delete_commit\",\"repo\":\"kinds\",\"commit\":\"last\",\"recursive\":true}",
          "{\"kind\":\"edit_metadata\",\"project\":\"default\",\"set\":{\"k\":\"v\"}}",
          "{\"kind\":\"edit_metadata\",\"repo\":\"kinds\",\"set\":{\"k\":\"v\"}}",
          "{\"kind\":\"edit_metadata\",\"repo\":\"kinds\",\"branch\":\"master\",\"set\":{\"k\":\"v\"}}",
          "{\"kind\":\"edit_metadata\",\"repo\":\"kinds\",\"commit\":\"master\",\"delete\":[\"k\"]}",
          "{\"kind\":\"create_pipelines\",\"spec\":\"pipeline: {name: copy}\\n"
              + "transform: {cmd: [cp, /pfs/kinds/a, /pfs/out/]}\\n"
              + "input: {pfs: {repo: kinds, glob: /}}\"}",
        }) {
      JsonNode _ = add(id, step);
    }
    JsonNode whole = ok(server.get(ALL + "/" + id), "Transaction");
    JsonNode finished = ok(server.post(ALL + "/" + id + "/finish", ""), "FinishedTransaction");

    assertThat(whole.path("added").size()).isEqualTo(17).isEqualTo(whole.path("steps").intValue());
    assertThat(finished.path("steps").intValue()).isEqualTo(17);
    assertThat(server.get("/api/v1/projects/default/pipelines/copy").statusCode()).isEqualTo(200);
    assertThat(server.get(REPOS + "/kinds/branches/b").statusCode()).isEqualTo(404);
    JsonNode later = ok(server.get(REPOS + "/kinds/branches/later"), "Branch");
    assertThat(later.path("trigger").path("commits").intValue()).isEqualTo(2);
  }

  @Test
  void aStepThatCannotBeIsRefusedAsTheCallIs() throws Exception {
    String id = begin();
    String steps = ALL + "/" + id + "/steps";

    refused(
        server.post(steps, "{\"kind\":\"start_commit\",\"repo\":\"nowhere\"}"),
        404,
        "No repo is named `nowhere`.");
    refused(
        server.post(steps, "{\"kind\":\"start_comit\",\"repo\":\"nowhere\"}"),
        400,
        "The field `kind` is `start_comit`, expected one of `create_project`, `delete_project`,"
            + " `create_repo`, `delete_repo`, `create_branch`, `delete_branch`, `create_tag`,"
            + " `delete_tag`, `start_commit`, `finish_commit`, `delete_commit`, `squash_commit`,"
            + " `edit_metadata`, `create_pipelines`, `update_pipelines`.");
    refused(
        server.post(steps, "{\"kind\":\"start_commit\",\"repo\":\"nowhere\",\"tag\":\"x\"}"),
        400,
        "The field is `tag`, expected one of `kind`, `project`, `repo`, `branch`.");
    refused(
        server.post(ALL + "/none/steps", "{\"kind\":\"start_commit\",\"repo\":\"nowhere\"}"),
        400,
        "The transaction is `none`, expected 32 hex digits.");
    assertThat(ok(server.get(ALL + "/" + id), "Transaction").path("steps").intValue()).isZero();
  }

  @Test
  void aRepeatOfALostReplyAddsAndFinishesOnce() throws Exception {
    String id = begin();
    String step = "{\"kind\":\"create_repo\",\"repo\":\"once\"}";

    for (int i = 0; i < 2; i++) {
      JsonNode added = ok(server.send(keyed("add", "/steps", id, step)), "AddedStep");
      assertThat(added.path("number").intValue()).isEqualTo(1);
    }
    JsonNode first = ok(server.send(keyed("end", "/finish", id, "")), "FinishedTransaction");
    JsonNode again = ok(server.send(keyed("end", "/finish", id, "")), "FinishedTransaction");

    assertThat(again).isEqualTo(first);
  }

  private static HttpRequest.Builder keyed(String key, String path, String id, String body) {
    return server
        .request(ALL + "/" + id + path)
        .header("Idempotency-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  @Test
  void oneThatIsDroppedIsGone() throws Exception {
    String id = begin();

    assertThat(server.delete(ALL + "/" + id).statusCode()).isEqualTo(204);

    refused(
        server.post(ALL + "/" + id + "/finish", ""),
        404,
        "No transaction is named `%s`.".formatted(id));
  }
}
