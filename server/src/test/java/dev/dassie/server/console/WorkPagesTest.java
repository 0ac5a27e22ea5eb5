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

    assertThat(browser.text("#log")).contains("try 1", "try 2");
    assertThat(browser.text("pre.log")).contains("<script>alert(1)</script>");
    assertThat(browser.text("#why")).contains("exit code 3");
    assertThat(browser.count("main script")).isZero();
  }

  @Test
  void aJobShowsWhenItsDatumsRanAndWhereWith() {
    Browser _ = sight.open("/jobs/default/broken/" + second);
    assertThat(browser.count("#gantt svg a")).isEqualTo(1);
    assertThat(browser.count("#gantt .bar.bad")).isEqualTo(2);
    assertThat(browser.text("#environment")).contains("exit 3", "process");

    browser.follow("#gantt svg a");

    assertThat(browser.eval("location.pathname").asString()).endsWith("/datums/" + badDatum);
  }

  @Test
  void aLogIsSearchedAndReadInParts() throws Exception {
    create(
        """
        pipeline: {name: talks}
        input: {pfs: {repo: in, glob: "/"}}
        transform: {cmd: [sh, -c, "seq -f 'line %06g <b>x</b>' 1 20000"]}
        """);
    String job = ended("talks").path("id").asString();
    String datum =
        TestServer.json(sight.server.get(API + "/pipelines/talks/jobs/" + job + "/datums"))
            .path("items")
            .path(0)
            .path("id")
            .asString();
    String page = "/jobs/default/talks/" + job + "/datums/" + datum;
    Browser _ = sight.open(page);
    assertThat(browser.text("pre.log")).contains("line 020000 <b>x</b>").doesNotContain("010000");
    assertThat(browser.count("pre.log b")).isZero();
    assertThat(browser.eval("document.getElementById('part').scrollTop").asLong()).isPositive();

    browser.follow("#log a[rel=prev]");
    assertThat(browser.text("pre.log")).doesNotContain("020000").startsWith("line 0");

    Browser _ = sight.open(page + "?find=" + "LINE+001234");
    assertThat(browser.text("#hits")).contains("1,234", "line 001234 <b>x</b>");
    browser.follow("#hits a");
    assertThat(browser.text("pre.log")).startsWith("line 001234");
    assertThat(browser.text("pre.log mark")).contains("001234");
    HttpResponse<String> whole = sight.server.get(page + "/log?try=1");
    assertThat(whole.body().lines().count()).isEqualTo(20_000);
    assertThat(whole.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("sandbox");
    sight.examine("datum-log", page + "?find=00123");
    Sight.good(sight.server.delete(API + "/pipelines/talks"));
  }

  @Test
  void everythingIsFoundFromEveryPage() throws Exception {
    Browser _ = sight.open("/jobs");
    browser.key("/", 191);
    assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("find");
    browser.eval("document.getElementById('find').value = 'cop'; true");
    browser.leave("document.getElementById('find').form.submit()");
    assertThat(browser.text("#pipelines")).contains("copy");

    Browser _ = sight.open("/search?q=" + second.substring(0, 8));
    assertThat(browser.count("#jobs tbody tr")).isGreaterThanOrEqualTo(2);
    assertThat(browser.text("#commits")).contains("in@master");
    Browser _ = sight.open("/search?q=in@master:/a.csv");
    browser.follow("#address a");
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/data/default/in/master");
    Browser _ = sight.open("/search?q=%3Cscript%3Ealert(1)%3C/script%3E");
    assertThat(browser.text("main")).contains("Nothing is called");
    assertThat(browser.complaints()).isEmpty();
    sight.examine("search", "/search?q=" + second.substring(0, 8));
  }

  @Test
  void anAddressThatIsNoneIsAPageForPeopleAndADocumentForPrograms() throws Exception {
    HttpResponse<String> page =
        sight.server.send(sight.server.request("/no/such/page").header("Accept", "text/html"));
    HttpResponse<String> query =
        sight.server.send(sight.server.request("/jobs?stat=x").header("Accept", "text/html"));
    HttpResponse<String> call =
        sight.server.send(sight.server.request("/api/v1/nothing").header("Accept", "text/html"));
    HttpResponse<String> program = sight.server.get("/no/such/page");

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("<html", "<code>/no/such/page</code>", "id=\"find\"");
    assertThat(query.statusCode()).isEqualTo(400);
    assertThat(query.body()).contains("<html", "<code>stat</code>");
    assertThat(call.body()).startsWith("{");
    assertThat(program.statusCode()).isEqualTo(404);
    assertThat(program.body()).startsWith("{");
    sight.examineRefusal("not-found", "/no/such/page");
  }

  @Test
  void theGraphShowsWhatReadsWhatAndLeadsThere() {
    Browser _ = sight.open("/pipelines?q=copy");
    assertThat(browser.count(".graph .node")).isEqualTo(3);
    assertThat(sight.lines()).isEqualTo(2);
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
    browser.leave("document.querySelector('main form[role=search]').submit()");

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
    assertThat(browser.count("#versions li")).isEqualTo(2);
    browser.follow("#versions li:last-child a");
    assertThat(browser.eval("location.pathname").asString())
        .isEqualTo("/data/default/copy/" + first + "/lineage");
    Browser _ = sight.open("/data/default/copy/master/lineage?path=/a.csv");
    browser.follow(".graph a:first-of-type");

    assertThat(browser.eval("location.pathname").asString()).contains("/data/default/in/");
    Browser _ = sight.open("/data/default/in/master/impact?path=/a.csv");
    assertThat(browser.text("main tbody")).contains("copy:/a.csv");
    assertThat(browser.count(".graph .node")).isEqualTo(2);
    assertThat(sight.lines()).isEqualTo(1);
    Browser _ = sight.open("/data/default/in/" + second + "/impact");
    assertThat(browser.text(".graph")).contains("in@", "copy@master", "broken@master");
    browser.follow(".graph a.success");
    assertThat(browser.eval("location.pathname").asString())
        .isEqualTo("/data/default/copy/" + second + "/commit");
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
    assertThat(browser.text("main")).contains("Storage", "Workers", "places", "bind", "default");

    browser.follow("form[action='/admin/gc'] button");
    browser.await("document.getElementById('upkeep').innerText.includes('nothing was freed')");
    browser.follow("form[action='/admin/fsck'] button");
    browser.await("document.getElementById('upkeep').innerText.includes('Everything is whole')");
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
}
