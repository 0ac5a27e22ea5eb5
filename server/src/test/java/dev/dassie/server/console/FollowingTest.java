package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages of what runs, while it runs.
class FollowingTest {
  private static final String API = "/api/v1/projects/default";

  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
    sight.repo("in");
    String _ = sight.put("in", "/a.csv", "day,rain\nmonday,1\n");
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

  @Test
  void whatADatumWritesIsShownWhileItRuns() throws Exception {
    Path on = folder.resolve("on");
    Path end = folder.resolve("end");
    create(
        """
        pipeline: {name: writes}
        input: {pfs: {repo: in, glob: "/"}}
        transform:
          cmd: [sh, -c, "echo first ü; while [ ! -e %s ]; do sleep 0.05; done; echo '<b>second</b>'; while [ ! -e %s ]; do sleep 0.05; done; echo last"]
        """
            .formatted(on, end));
    Browser _ = sight.open("/pipelines/default/writes");
    browser.await("document.getElementById('jobs').innerText.includes('running')");
    String job = browser.eval("document.querySelector('#jobs a.mono').pathname").asString();
    String id =
        TestServer.json(
                sight.server.get(
                    API + "/pipelines/writes" + job.replaceFirst(".*/", "/jobs/") + "/datums"))
            .path("items")
            .get(0)
            .path("id")
            .stringValue();
    Browser _ = sight.open(job + "/datums/" + id);
    browser.await("document.getElementById('writes').textContent === 'first ü\\n'");

    assertThat(browser.text("#head .state")).isEqualTo("running");
    java.nio.file.Files.createFile(on);
    browser.await("document.getElementById('writes').textContent.endsWith('<b>second</b>\\n')");
    sight.examine("datum-live", job + "/datums/" + id);
    Browser _ = sight.open(job + "/datums/" + id);
    browser.await("document.getElementById('writes').textContent.includes('second')");
    java.nio.file.Files.createFile(end);

    browser.await("document.getElementById('part')?.textContent.includes('last')");
    assertThat(browser.text("#part")).contains("first ü", "<b>second</b>", "last");
    assertThat(browser.count("#writes")).isZero();
    assertThat(browser.complaints()).isEmpty();
    Sight.good(sight.server.delete(API + "/pipelines/writes"));
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
