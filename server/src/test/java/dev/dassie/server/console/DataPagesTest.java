package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Percent;
import dev.dassie.server.console.preview.ParquetSample;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Home, repos, directories and files, in a browser.
class DataPagesTest {
  private static final String MASTER = "/data/default/things/master";
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;
  static String first;

  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
    sight.repo("things");
    first = sight.put("things", "/table.csv", "day,rain\n2012-01-01,0.5\n2012-01-02,10\n");
    String _ = sight.put("things", "/table.csv", "day,rain\n2012-01-01,0.5\n2012-01-02,11\n");
    String _ = sight.put("things", "/docs/readme.md", "# Notes\n\n<script>alert(1)</script>\n");
    String _ =
        sight.put(
            "things",
            "/docs/page.html",
            "<h1>Report</h1><script>document.title='ran';top.alert(1)</script>");
    String _ = sight.put("things", "/docs/rows.jsonl", "{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n");
    String _ =
        sight.put(
            "things",
            "/docs/note.ipynb",
            "{\"cells\":[{\"cell_type\":\"code\",\"source\":[\"print(1)\"],\"outputs\":[{\"text\":"
                + "[\"1\"]},{\"data\":{\"image/png\":\"%s\"}}]}]}".formatted(PNG));
    String _ =
        sight.put(
            "things",
            "/odd/pic.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'>"
                + "<script>top.alert(1)</script><rect width='50' height='50'/></svg>");
    String _ = sight.put("things", "/odd/<script>alert(1)<", "\u001b[31mred\u0007 \u202eabc\n");
    String _ = sight.put("things", "/odd/\"><img src=x onerror=alert(1)>", "x");
    String _ = sight.put("things", "/odd/bytes", "\0\1\2\3");
    for (int i = 0; i < 205; i++) {
      String _ = sight.put("things", "/many/f%03d".formatted(i), "%d".formatted(i));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (sight != null) {
      sight.close();
    }
  }

  @Test
  void everyPageFitsAndIsAccessible() throws Exception {
    sight.examine("home", "/");
    sight.examine("repos", "/data");
    sight.examine("repo", "/data/default/things");
    sight.examine("files", MASTER);
    sight.examine("odd-names", MASTER + "?path=/odd");
    sight.examine("commits", MASTER + "/commits");
    sight.examine("table", MASTER + "?path=/table.csv");
    sight.examine("history", MASTER + "/history?path=/table.csv");
    sight.examine("markdown", MASTER + "?path=/docs/readme.md");
    sight.examine("page", MASTER + "?path=/docs/page.html");
    sight.examine("notebook", MASTER + "?path=/docs/note.ipynb");
    sight.examine("image", MASTER + "?path=/odd/pic.svg");
    sight.examine("hex", MASTER + "?path=/odd/bytes");
    sight.examine("text", MASTER + "?path=/table.csv&view=text");
  }

  @Test
  void aReaderFindsAFileByClickingAndSeesATable() {
    Browser _ = sight.open("/");
    browser.follow("nav[aria-label=Console] a[href='/data']");
    browser.follow("#repos a.title[href*='/things/']");
    browser.follow("#files a[href*='table.csv']");

    assertThat(browser.text("table.data thead")).contains("day", "date", "rain", "number");
    assertThat(browser.text("table.data tbody")).contains("2012-01-02", "11");
    assertThat(browser.text(".crumbs")).contains("things", "master", "table.csv");
  }

  @Test
  void longDirectoriesComeInPagesAndStartAtAName() {
    Browser _ = sight.open(MASTER + "?path=/many");
    assertThat(browser.count("#files tbody tr")).isEqualTo(201);
    browser.follow("a[rel=next]");
    assertThat(browser.text("#files")).contains("f204").doesNotContain("f199");

    Browser _ = sight.open(MASTER + "?path=/many&name=f100");
    assertThat(browser.text("#files tbody tr:nth-child(2)")).contains("f100");
    Browser _ = sight.open(MASTER + "?glob=" + Percent.encode("/many/f00*"));
    assertThat(browser.count("#files tbody tr")).isEqualTo(10);
  }

  @Test
  void theHistoryOfAFileLeadsToItsVersions() {
    Browser _ = sight.open(MASTER + "/history?path=/table.csv");
    assertThat(browser.count("#history tbody tr")).isEqualTo(2);

    browser.follow("#history tbody tr:last-child a");

    assertThat(browser.eval("location.pathname").asString()).contains(first);
    assertThat(browser.text("table.data tbody")).contains("10").doesNotContain("11");
  }

  @Test
  void hostileNamesAndContentsAreShownAndDoNothing() {
    for (String path :
        new String[] {
          "/odd",
          "/odd/<script>alert(1)<",
          "/odd/\"><img src=x onerror=alert(1)>",
          "/odd/pic.svg",
          "/docs/readme.md",
          "/docs/page.html"
        }) {
      Browser _ = sight.open(MASTER + "?path=" + Percent.encode(path));
      assertThat(browser.complaints().stream().filter(one -> !one.contains("sandboxed")))
          .as(path)
          .isEmpty();
      assertThat(browser.count("main script, main [onerror]")).as(path).isZero();
    }
    Browser _ = sight.open(MASTER + "?path=" + Percent.encode("/odd/<script>alert(1)<"));
    assertThat(browser.text("pre.code")).contains("␛[31mred␇ \\u{202e}abc");
  }

  @Test
  void bytesOfFilesAreSentSoThatNothingInThemRuns() throws Exception {
    for (String as : new String[] {"", "&as=image", "&as=page"}) {
      HttpResponse<String> reply = sight.server.get(MASTER + "/raw?path=/odd/pic.svg" + as);
      assertThat(reply.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("sandbox; default-src 'none'");
      assertThat(reply.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
    Browser _ = sight.open(MASTER + "/raw?path=/odd/pic.svg&as=image");
    assertThat(browser.eval("document.title").asString("")).isEmpty();
    assertThat(browser.complaints()).noneMatch(one -> one.startsWith("dialog"));
  }

  @Test
  void thePolicyOfPagesAllowsNothingWithinThemAndNoFrameAround() throws Exception {
    String policy =
        sight.server.get("/").headers().firstValue("Content-Security-Policy").orElseThrow();

    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void aRefusalIsAPage() throws Exception {
    HttpResponse<String> reply = sight.server.get("/data/default/thngs/master");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.body()).contains("<html", "<code>thngs</code>", "<code>things</code>");
  }

  @Test
  void aPageFollowsWhatChanges() throws Exception {
    Browser _ = sight.open("/data");
    browser.await("document.getElementById('follows').dataset.word === 'live'");

    sight.repo("appears");

    browser.await("document.getElementById('repos').innerText.includes('appears')");
  }

  @Test
  void droppedFilesBecomeOneCommit() throws Exception {
    sight.repo("dropped");
    String _ = sight.put("dropped", "/first", "1");
    Browser _ = sight.open("/data/default/dropped/master");
    browser.eval(
        """
        const transfer = new DataTransfer();
        transfer.items.add(new File(["hello"], "größe.txt"));
        transfer.items.add(new File(["x".repeat(700)], "b".repeat(120) + ".txt"));
        document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true}));
        """);

    browser.await("document.querySelector('#upload [role=status]').innerText.includes('commit')");
    browser.await("document.getElementById('files').innerText.includes('größe.txt')");
    String commits = sight.server.get("/api/v1/projects/default/repos/dropped/commits").body();
    assertThat(commits.split("\"started\"", -1)).hasSize(3);
    assertThat(
            sight
                .server
                .get(
                    "/api/v1/projects/default/repos/dropped/commits/master/file?path="
                        + Percent.encode("/größe.txt"))
                .body())
        .isEqualTo("hello");
  }

  @Test
  void aParquetFileIsShownAsATable() throws Exception {
    byte[] file = ParquetSample.of(folder, 500, CompressionCodecName.SNAPPY);
    for (String path : new String[] {"/odd/good.parquet", "/odd/bad.parquet"}) {
      byte[] bytes = path.contains("bad") ? java.util.Arrays.copyOf(file, 100) : file;
      Sight.good(
          sight.server.send(
              sight
                  .server
                  .request("/api/v1/projects/default/repos/things/commits/master/file?path=" + path)
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))));
    }
    Browser _ = sight.open(MASTER + "?path=/odd/good.parquet");

    assertThat(browser.text("table.data thead")).contains("id", "int64", "timestamp");
    assertThat(browser.text("table.data tbody")).contains("<script>alert(1)</script>", "Bern");
    assertThat(browser.text("main")).contains("The first 200 rows of 500");
    assertThat(browser.complaints()).isEmpty();
    sight.examine("parquet", MASTER + "?path=/odd/good.parquet");
    Browser _ = sight.open(MASTER + "?path=/odd/bad.parquet");
    assertThat(browser.text("main")).contains("cannot be read as Parquet");
  }

  @Test
  void namesWithNumbersAreInTheOrderOfTheNumbers() throws Exception {
    sight.repo("numbered");
    for (String name : new String[] {"f10", "f9", "f100", "e"}) {
      String _ = sight.put("numbered", "/" + name, name);
    }

    Browser _ = sight.open("/data/default/numbered/master");

    assertThat(browser.text("#files tbody").replaceAll("(?s)\\s+", " "))
        .matches("e .*f9 .*f10 .*f100 .*");
  }

  @Test
  void formsOfOtherPagesChangeNoData() throws Exception {
    for (String path :
        new String[] {
          "/data/new",
          "/data/project",
          "/data/default/things/master/revert",
          "/data/default/things/delete",
          "/data/default/things/branches",
          "/data/default/things/branches/master/delete",
          "/data/default/things/tags",
          "/data/default/things/tags/t/delete",
          "/data/default/things/master/merge",
          "/admin/fsck",
          "/admin/gc"
        }) {
      assertThat(sight.server.post(path, "name=evil&confirm=things").statusCode())
          .as(path)
          .isEqualTo(403);
    }
    assertThat(sight.server.get("/api/v1/projects/default/repos/things").statusCode())
        .isEqualTo(200);
  }

  @Test
  void aReaderChoosesDarkAndItStays() {
    Browser _ = sight.open("/data");
    String light =
        browser.eval("getComputedStyle(document.documentElement).backgroundColor").asString();
    browser.eval("document.getElementById('theme').click()");
    Browser _ = sight.open("/");

    assertThat(
            browser.eval("getComputedStyle(document.documentElement).backgroundColor").asString())
        .isNotEqualTo(light);
    browser.eval("localStorage.clear()");
  }

  @Test
  void thePathIsReachableByKeyboard() {
    Browser _ = sight.open(MASTER);
    browser.key("Tab", 9);
    assertThat(browser.eval("document.activeElement.className").asString()).isEqualTo("skip");
    browser.key("Enter", 13);
    assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("main");
  }

  @Test
  void stylesAreKeptByTheBrowserUntilTheyChange() throws Exception {
    String href =
        sight
            .server
            .get("/")
            .body()
            .replaceAll("(?s).*href=\"(/assets/[^\"]*console.css)\".*", "$1");

    HttpResponse<String> reply =
        sight.server.send(
            sight.server.request(href).method("GET", HttpRequest.BodyPublishers.noBody()));

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
  }
}
