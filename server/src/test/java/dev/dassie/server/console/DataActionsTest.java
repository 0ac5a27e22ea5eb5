package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What forms do to projects, repos, branches, tags and commits, in a browser.
class DataActionsTest {
  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
  }

  @AfterAll
  static void stop() throws Exception {
    if (sight != null) {
      sight.close();
    }
  }

  private static void fill(String id, String value) {
    browser.eval(
        "document.getElementById(%s).value = %s; true"
            .formatted(Browser.quoted(id), Browser.quoted(value)));
  }

  @Test
  void aRepoItsBranchesAndTagsComeAndGoByForms() throws Exception {
    Browser _ = sight.open("/data");
    fill("new-name", "formed");
    browser.follow("#new button");
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/data/default/formed");
    String _ = sight.put("formed", "/a", "1");
    Browser _ = sight.open("/data/default/formed");
    fill("branch-name", "other");
    fill("branch-head", "master");
    browser.follow("form[action$='/branches'] button");
    assertThat(browser.eval("location.pathname").asString())
        .isEqualTo("/data/default/formed/other");
    Browser _ = sight.open("/data/default/formed");
    fill("tag-name", "v1");
    fill("tag-head", "other");
    browser.follow("form[action$='/tags'] button");
    sight.examine("repo-with-tag", "/data/default/formed");

    Browser _ = sight.open("/data/default/formed");
    browser.follow("form[action$='/branches/other/delete'] button");
    browser.follow("form[action$='/tags/v1/delete'] button");
    assertThat(browser.text("#branches")).contains("master").doesNotContain("other");
    assertThat(browser.count("form[action$='/tags/v1/delete']")).isZero();
    fill("confirm", "wrong");
    browser.follow("form[action='/data/default/formed/delete'] button");
    assertThat(browser.text("[role=alert]")).contains("wrong", "formed");
    Browser _ = sight.open("/data/default/formed");
    fill("confirm", "formed");
    browser.follow("form[action='/data/default/formed/delete'] button");
    assertThat(browser.text("#repos")).doesNotContain("formed");
  }

  @Test
  void aMergeIsPlannedItsConflictsDecidedAndDone() throws Exception {
    String api = "/api/v1/projects/default/repos/merged";
    sight.repo("merged");
    String _ = sight.put("merged", "/both", "base");
    String _ = sight.put("merged", "/<b>", "base");
    Sight.good(sight.server.put(api + "/branches/side", "{\"head\": \"master\"}"));
    String _ = sight.put("merged", "/both", "ours");
    String _ = sight.put("merged", "/<b>", "ours");
    for (String file : new String[] {"both", "%3Cb%3E", "new"}) {
      Sight.good(sight.server.put(api + "/commits/side/file?path=/" + file, "theirs"));
    }

    Browser _ = sight.open("/data/default/merged");
    browser.follow("a[href$='/master/merge']");
    fill("from", "side");
    browser.leave("document.getElementById('from').form.requestSubmit()");
    assertThat(browser.text("main")).contains("1 change", "2 conflicts", "both changed");
    assertThat(browser.count("button[value=merge]")).isZero();
    sight.examine("merge", "/data/default/merged/master/merge?from=side");
    Browser _ = sight.open("/data/default/merged/master/merge?from=side");
    browser.eval(
        """
        document.querySelector("select[name='side:/both']").value = "theirs";
        document.getElementById("prefer").value = "ours"; true
        """);
    browser.follow("button[value=look]");
    assertThat(browser.text("main")).contains("What would run then");
    browser.follow("button[value=merge]");

    assertThat(browser.eval("location.pathname").asString()).endsWith("/commit");
    assertThat(sight.server.get(api + "/commits/master/file?path=/both").body())
        .isEqualTo("theirs");
    assertThat(sight.server.get(api + "/commits/master/file?path=/%3Cb%3E").body())
        .isEqualTo("ours");
    assertThat(sight.server.get(api + "/commits/master/file?path=/new").body()).isEqualTo("theirs");
    Browser _ = sight.open("/data/default/merged/master/merge?from=side");
    assertThat(browser.text("main")).contains("There is nothing to merge");
  }

  @Test
  void aProjectIsMadeAndNewReposCanBeInIt() {
    Browser _ = sight.open("/data");
    fill("project-name", "finance");
    browser.follow("#new-in button");

    assertThat(browser.eval("location.search").asString()).isEqualTo("?project=finance");
    assertThat(browser.text(".chips [aria-current]")).isEqualTo("finance");
    fill("new-name", "books");
    browser.follow("#new button");
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/data/finance/books");
  }

  @Test
  void aCommitIsUndoneAndWhatWasChangedSinceIsDecided() throws Exception {
    String api = "/api/v1/projects/default/repos/undone/commits/master/file?path=/";
    sight.repo("undone");
    String _ = sight.put("undone", "/a", "first");
    String wrong = sight.put("undone", "/a", "wrong");
    Browser _ = sight.open("/data/default/undone/" + wrong + "/commit");
    browser.follow("a[href$='/revert']");
    assertThat(browser.text("main")).contains("1 path", "0 conflicts", "/a");
    sight.examine("revert", "/data/default/undone/" + wrong + "/revert");
    Browser _ = sight.open("/data/default/undone/" + wrong + "/revert");
    browser.follow("button[value=revert]");
    assertThat(browser.eval("location.pathname").asString()).endsWith("/commit");
    assertThat(browser.text(".lead")).contains("revert");
    assertThat(sight.server.get(api + "a").body()).isEqualTo("first");

    Browser _ = sight.open("/data/default/undone/" + wrong + "/revert");
    assertThat(browser.text("main")).contains("There is nothing to undo");
    String _ = sight.put("undone", "/a", "later");
    Browser _ = sight.open("/data/default/undone/" + wrong + "/revert");
    assertThat(browser.text("main")).contains("1 conflict");
    assertThat(browser.count("button[value=revert]")).isZero();
    browser.eval("document.getElementById('prefer').value = 'theirs'; true");
    browser.follow("button[value=look]");
    browser.follow("button[value=revert]");
    assertThat(sight.server.get(api + "a").body()).isEqualTo("first");
  }
}
