package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Merges, what changed, and removals through a real server.
class MergeApiTest {
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

  /// A repo with `master` and `side`, which differ from where they part in the files given.
  private static String repo(String name, String ours, String theirs) throws Exception {
    ok(server.post(REPOS, "{\"name\":\"" + name + "\"}"));
    String commits = REPOS + "/" + name + "/commits/";
    ok(server.put(commits + "master/file?path=base", "0\n"));
    ok(server.put(REPOS + "/" + name + "/branches/side", "{\"head\":\"master\"}"));
    ok(server.put(commits + "master/file?path=" + ours, "ours\n"));
    ok(server.put(commits + "side/file?path=" + theirs, "theirs\n"));
    return REPOS + "/" + name;
  }

  @Test
  void mergeAnswersWithTheCommitAndWhatItMerged() throws Exception {
    String repo = repo("merged", "a", "b");
    String theirs = ok(server.get(repo + "/commits/side")).path("id").stringValue();

    JsonNode outcome = ok(server.post(repo + "/branches/master/merge", "{\"from\":\"side\"}"));

    assertThat(outcome.path("outcome").stringValue()).isEqualTo("committed");
    assertThat(outcome.path("commit").path("merged").stringValue()).isEqualTo(theirs);
    assertThat(outcome.path("base").stringValue())
        .isEqualTo(ok(server.get(repo + "/commits/side%5E")).path("id").stringValue());
  }

  @Test
  void conflictsAreListedAndRefusedUntilDecided() throws Exception {
    String repo = repo("torn", "base", "base");

    HttpResponse<String> plan =
        server.post(repo + "/branches/master/merge-plan", "{\"from\":\"side\"}");
    HttpResponse<String> refused =
        server.post(repo + "/branches/master/merge", "{\"from\":\"side\"}");
    JsonNode decided =
        ok(
            server.post(
                repo + "/branches/master/merge",
                "{\"from\":\"side\",\"resolve\":{\"/base\":\"theirs\"}}"));

    assertThat(plan.body()).contains("\"conflict\":\"both_changed\"", "\"side\":null");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("conflicts at `/base`");
    assertThat(decided.path("outcome").stringValue()).isEqualTo("committed");
    assertThat(server.get(repo + "/commits/master/file?path=base").body()).isEqualTo("theirs\n");
  }

  @Test
  void aPathIsFollowedThroughHistoryPageByPage() throws Exception {
    String repo = repo("followed", "base", "other");
    ok(server.put(repo + "/commits/master/file?path=noise", "x"));
    ok(server.put(repo + "/commits/master/file?path=base", "newest\n"));

    JsonNode first = ok(server.get(repo + "/commits/master/changes?path=base&limit=2"));
    JsonNode rest =
        ok(
            server.get(
                repo
                    + "/commits/master/changes?path=base&limit=2&cursor="
                    + first.path("next").stringValue()));

    assertThat(first.path("items")).hasSize(2);
    assertThat(rest.path("items")).hasSize(1);
    assertThat(rest.path("items").path(0).path("change").stringValue()).isEqualTo("added");
    assertThat(server.get(repo + "/commits/master/patch").body()).contains("-ours\n+newest\n");
  }

  @Test
  void commitsAreSquashedAndDeleted() throws Exception {
    String repo = repo("cut", "a", "b");
    String oldest = ok(server.get(repo + "/commits/side%5E")).path("id").stringValue();

    HttpResponse<String> needed = server.delete(repo + "/commits/" + oldest);
    HttpResponse<String> squashed = server.post(repo + "/commits/" + oldest + "/squash", "");
    HttpResponse<String> deleted = server.delete(repo + "/commits/side");

    assertThat(needed.statusCode()).isEqualTo(409);
    assertThat(needed.body()).contains("comes after it");
    assertThat(squashed.statusCode()).isEqualTo(204);
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(server.get(repo + "/commits/" + oldest).body()).contains("deleted it on");
    assertThat(ok(server.get(repo + "/commits/master")).path("parent").isNull()).isTrue();
  }
}
