package dev.dassie.server.console;

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

/// Pipelines, jobs, datums, lineage and differences, in a browser.
class WorkPagesTest {
  private static final String API = "/api/v1/projects/default";
  private static final String GOOD =
      """
      pipeline: {name: copy}
      description: copies
      input: {pfs: {repo: in, glob: "/*"}}
      transform: {cmd: [sh, -c, "echo working; printf '\\\\033[1mbold'; cp /pfs/in/* /pfs/out/"]}
      """;
  private static final String BAD =
      """
      pipeline: {name: broken}
      input: {pfs: {repo: copy, glob: "/*"}}
      datumTries: 2
      transform: {cmd: [sh, -c, "echo '<script>alert(1)</script>' >&2; exit 3"]}
      """;

  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;
  static String first;
  static String second;
  static String datum;
  static String badDatum;

  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
    sight.repo("in");
    create(GOOD);
    create(BAD);
    first = sight.put("in", "/a.csv", "day,rain\nmonday,1\ntuesday,2\n");
    JsonNode _ = ended("broken");
    second = sight.put("in", "/a.csv", "day,rain\nmonday,1\ntuesday,3\nfriday,9\n");
    JsonNode _ = ended("broken");
    datum = datum("copy");
    badDatum = datum("broken");
  }

  @AfterAll
  static void stop() throws Exception {
    if (sight != null) {
      sight.close();
    }
  }

  private static void create(String spec) throws Exception {
    Sight.good(
        sight.server.post(
            API + "/pipelines",
            Json.compact(Json.object().put("spec", spec).put("format", "yaml"))));
  }

  private static JsonNode ended(String pipeline) throws Exception {
    return TestServer.json(
        sight.server.get(API + "/pipelines/" + pipeline + "/jobs/master/wait?timeout=60"));
  }

  private static String datum(String pipeline) throws Exception {
    return TestServer.json(
            sight.server.get(API + "/pipelines/" + pipeline + "/jobs/" + second + "/datums"))
        .path("items")
        .path(0)
        .path("id")
        .stringValue();
  }

  private static HttpResponse<String> post(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        sight.server.request(path).POST(HttpRequest.BodyPublishers.noBody());
    return sight.server.send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void everyPageFitsAndIsAccessible() throws Exception {
    sight.examine("home-of-work", "/");
    sight.examine("pipelines", "/pipelines");
    sight.examine("pipeline", "/pipelines/default/copy");
    sight.examine("jobs", "/jobs");
    sight.examine("job", "/jobs/default/copy/" + second);
    sight.examine("job-failed", "/jobs/default/broken/" + second);
    sight.examine("datum", "/jobs/default/copy/" + second + "/datums/" + datum);
    sight.examine("datum-failed", "/jobs/default/broken/" + second + "/datums/" + badDatum);
    sight.examine("admin", "/admin");
    sight.examine("editor", "/pipelines/new");
    sight.examine("commit", "/data/default/in/" + second + "/commit");
    sight.examine("diff", "/data/default/in/" + second + "/diff");
    sight.examine("diff-rows", "/data/default/in/" + second + "/diff?path=/a.csv");
    sight.examine("diff-lines", "/data/default/in/" + second + "/diff?path=/a.csv&view=text");
    sight.examine("lineage", "/data/default/copy/master/lineage?path=/a.csv");
    sight.examine("impact", "/data/default/in/master/impact?path=/a.csv");
  }

  @Test
  void aReaderGoesFromTheFailureToTheLogOfItsDatum() {
    Browser _ = sight.open("/");
    assertThat(browser.text("#failing")).contains("broken", "failed");
    browser.follow("#failing a.title");
    browser.follow("#datums tbody a.mono");

    assertThat(browser.text("pre.log")).contains("try 1", "try 2", "<script>alert(1)</script>");
    assertThat(browser.text("#why")).contains("exit code 3");
    assertThat(browser.count("main script")).isZero();
  }

  @Test
  void theGraphShowsWhatReadsWhatAndLeadsThere() {
    Browser _ = sight.open("/pipelines?q=copy");
    assertThat(browser.count(".graph .node")).isEqualTo(3);
    assertThat(browser.count(".graph .edges path")).isEqualTo(2);
    assertThat(browser.text(".graph .node.failed")).contains("broken", "failed");
    double in =
        browser.eval("document.querySelector('.graph a').getBoundingClientRect().x").asDouble();
    double out =
        browser
            .eval("[...document.querySelectorAll('.graph a')].at(-1).getBoundingClientRect().x")
            .asDouble();
    assertThat(out).isGreaterThan(in);

    Browser _ = sight.open("/pipelines?q=brok");
    assertThat(browser.count(".graph .node")).isEqualTo(2);
    assertThat(browser.count("#list tbody tr")).isEqualTo(1);
  }

  @Test
  void filtersOfJobsStandInTheAddress() {
    Browser _ = sight.open("/jobs");
    browser.eval("document.getElementById('state').value = 'failed'; true");
    browser.leave("document.querySelector('form[role=search]').submit()");

    assertThat(browser.eval("location.search").asString()).contains("state=failed");
    assertThat(browser.text("#jobs tbody")).contains("broken").doesNotContain("copy");
  }

  @Test
  void aJobSaysWhyItRanAndItsDatumsAreFiltered() {
    Browser _ = sight.open("/jobs/default/copy/" + second);
    assertThat(browser.text("#why")).contains("in", "/a.csv");
    assertThat(browser.text("#datums")).contains("all 1", "success 1");

    Browser _ = sight.open("/jobs/default/broken/" + second + "?state=failed");
    assertThat(browser.count("#datums tbody tr")).isEqualTo(1);
    Browser _ = sight.open("/jobs/default/broken/" + second + "?state=success");
    assertThat(browser.count("#datums tbody tr")).isZero();
  }

  @Test
  void controlCharactersOfALogAreShownAsSigns() {
    Browser _ = sight.open("/jobs/default/copy/" + second + "/datums/" + datum);

    assertThat(browser.text("pre.log")).contains("working", "␛[1mbold");
    assertThat(browser.text("#outputs")).contains("/a.csv");
  }

  @Test
  void lineageLeadsUpstreamAndImpactDownstream() {
    Browser _ = sight.open("/data/default/copy/master/lineage?path=/a.csv");
    assertThat(browser.count(".graph .node")).isEqualTo(2);
    assertThat(browser.text("main")).contains("in@master:/a.csv", "Nothing is further upstream");
    browser.follow(".graph a:first-of-type");

    assertThat(browser.eval("location.pathname").asString()).contains("/data/default/in/");
    Browser _ = sight.open("/data/default/in/master/impact?path=/a.csv");
    assertThat(browser.text("main tbody")).contains("copy:/a.csv");
  }

  @Test
  void tablesAreComparedByTheirFirstColumn() {
    Browser _ = sight.open("/data/default/in/" + second + "/diff?path=/a.csv");
    assertThat(browser.text("main")).contains("1 added", "0 removed", "1 changed");
    assertThat(browser.text("tr.changed")).contains("tuesday", "2", "3");

    Browser _ = sight.open("/data/default/in/" + first + "/diff?path=/a.csv&with=" + second);
    assertThat(browser.text("main")).contains("0 added", "1 removed");
    Browser _ = sight.open("/data/default/in/" + second + "/diff?path=/a.csv&view=text");
    assertThat(browser.text("pre.diff .added")).contains("+tuesday,3");
  }

  @Test
  void aPipelineIsStoppedAndStartedByItsButtons() throws Exception {
    Browser _ = sight.open("/pipelines/default/copy");
    browser.follow("form[action$='/stop'] button");
    assertThat(browser.text("#head")).contains("stopped");

    browser.follow("form[action$='/start'] button");
    assertThat(browser.count("form[action$='/stop'] button")).isEqualTo(1);
    JsonNode _ = ended("copy");
  }

  @Test
  void adminSaysHowTheServerIsAndWhatCouldBeFreed() {
    Browser _ = sight.open("/admin");
    assertThat(browser.text("main")).contains("Storage", "Queue", "bind", "default");

    browser.follow("form[action='/admin/gc'] button");
    assertThat(browser.text(".notice")).contains("Nothing holds", "nothing was freed");
  }

  @Test
  void aSpecIsCheckedWithItsDatumsAndPlanBeforeItIsMade() throws Exception {
    Browser _ = sight.open("/pipelines/new");
    String wrong = "pipeline: {name: fresh}\ninput: {pfs: {repo: in, glub: \"/*\"}}\n";
    browser.eval("document.getElementById('spec').value = " + Browser.quoted(wrong) + "; true");
    browser.follow("button.primary");
    assertThat(browser.text("[role=alert]")).contains("Line 2", "glub", "glob");

    String right =
        """
        pipeline: {name: fresh}
        input: {pfs: {repo: in, glob: "/*"}}
        transform: {cmd: [sh, -c, "cp /pfs/in/* /pfs/out/"]}
        """;
    browser.eval("document.getElementById('spec').value = " + Browser.quoted(right) + "; true");
    browser.follow("form[action='/pipelines/check'] button");
    assertThat(browser.text("main")).contains("1 datum of 1 would run", "in:/a.csv");
    assertThat(sight.server.get(API + "/pipelines/fresh").statusCode()).isEqualTo(404);

    browser.follow("button[formaction='/pipelines/save']");
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/pipelines/default/fresh");
    JsonNode _ = ended("fresh");
    Browser _ = sight.open("/pipelines/default/fresh/edit");
    browser.follow("form[action='/pipelines/check'] button");
    assertThat(browser.text("main")).contains("Nothing: every result is there already");
    Sight.good(sight.server.delete(API + "/pipelines/fresh"));
  }

  @Test
  void formsOfOtherPagesAndOfProgramsAreRefused() throws Exception {
    String stop = "/pipelines/default/broken/stop";

    assertThat(post(stop).statusCode()).isEqualTo(403);
    assertThat(post(stop, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(post(stop, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(
            post(stop, "Origin", sight.server.uri().toString(), "Sec-Fetch-Site", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            TestServer.json(sight.server.get(API + "/pipelines/broken"))
                .path("state")
                .stringValue())
        .isNotEqualTo("stopped");
  }

  @Test
  void aPageOfAJobFollowsItsEnd() throws Exception {
    create(
        """
        pipeline: {name: slow}
        input: {pfs: {repo: in, glob: "/"}}
        transform: {cmd: [sh, -c, "while [ ! -e %s ]; do sleep 0.05; done"]}
        """
            .formatted(folder.resolve("go")));
    Browser _ = sight.open("/pipelines/default/slow");
    browser.await("document.getElementById('jobs').innerText.includes('running')");

    java.nio.file.Files.createFile(folder.resolve("go"));

    browser.await("document.getElementById('jobs').innerText.includes('success')");
  }
}
