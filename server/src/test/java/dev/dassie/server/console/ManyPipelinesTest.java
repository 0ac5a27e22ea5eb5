package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The graph of 200 pipelines, in a browser.
class ManyPipelinesTest {
  private static final String API = "/api/v1/projects/default";
  private static final String[] KINDS = {"load", "clean", "join", "train", "report"};
  private static final int EACH = 40;

  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;

  /// Each reads the one of its number and of the kind before.
  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
    sight.repo("raw");
    StringBuilder specs = new StringBuilder();
    for (int kind = 0; kind < KINDS.length; kind++) {
      for (int i = 0; i < EACH; i++) {
        String from = kind == 0 ? "raw" : KINDS[kind - 1] + "-" + i;
        specs.append(
            """
            ---
            pipeline: {name: %s-%d}
            input: {pfs: {repo: %s, glob: "/"}}
            transform: {cmd: ["true"]}
            """
                .formatted(KINDS[kind], i, from));
      }
    }
    Sight.good(
        sight.server.post(
            API + "/pipelines",
            Json.compact(Json.object().put("spec", specs.toString()).put("format", "yaml"))));
  }

  @AfterAll
  static void stop() throws Exception {
    if (sight != null) {
      sight.close();
    }
  }

  @Test
  void manyPipelinesComeInGroupsThatOpenAndClose() throws Exception {
    Browser _ = sight.open("/pipelines");
    assertThat(browser.count(".graph .node")).isEqualTo(KINDS.length + 1);
    assertThat(browser.text(".graph .node.group")).contains("(40)", "40 not run");
    assertThat(sight.lines()).isEqualTo(KINDS.length);

    browser.follow(".graph a.group");
    assertThat(browser.count(".graph .node")).isEqualTo(KINDS.length + EACH);
    assertThat(browser.eval("location.search").asString()).contains("open=", "group=prefix");
    sight.examine("pipelines-groups", "/pipelines?group=prefix&open=clean");
    browser.follow("#groups li a[href$='group=prefix']");
    assertThat(browser.count(".graph .node")).isEqualTo(KINDS.length + 1);
  }

  @Test
  void allOfThemAreDrawnSmallerAndLargerAndTheAddressSaysHow() throws Exception {
    Browser _ = sight.open("/pipelines?group=none");
    assertThat(browser.count(".graph .node")).isEqualTo(200);
    assertThat(browser.text("#graph")).contains("Not drawn: 1 more");
    long wide = width();

    browser.eval("document.querySelector('[data-zoom=out]').click()");
    long smaller = width();
    browser.eval("document.querySelector('[data-zoom=fit]').click()");

    assertThat(smaller).isEqualTo(Math.round(wide * 0.8));
    assertThat(browser.eval("location.search").asString()).contains("zoom=fit");
    assertThat(
            browser
                .eval("document.querySelector('.graph svg').getBoundingClientRect().height")
                .asDouble())
        .isLessThan(900);
    Browser _ = sight.open("/pipelines?group=none&zoom=80");
    assertThat(width()).isEqualTo(smaller);
    sight.examine("pipelines-200", "/pipelines?group=none&zoom=fit");
  }

  @Test
  void aGraphThatIsLargerThanItsPlaceHasASmallPictureThatLeadsThroughIt() {
    Browser _ = sight.open("/pipelines?group=none");
    assertThat(browser.count(".overview .mini .seen")).isEqualTo(1);
    browser.eval(
        """
        (mini => { const at = mini.getBoundingClientRect(); mini.dispatchEvent(new PointerEvent(
          "pointerdown", {clientX: at.right - 2, clientY: at.bottom - 2, buttons: 1, pointerId: 1}));
        })(Object.assign(document.querySelector(".mini"), {setPointerCapture: () => {}}))
        """);

    assertThat(browser.eval("document.querySelector('.graph').scrollLeft").asInt()).isPositive();
    Browser _ = sight.open("/pipelines?q=join-3");
    assertThat(browser.count(".mini")).isZero();
  }

  private static long width() {
    return browser
        .eval("Number(document.querySelector('.graph svg').getAttribute('width'))")
        .asLong();
  }

  @Test
  void aNameNarrowsTheGraphAndThePagesOfTheListGoOn() {
    Browser _ = sight.open("/pipelines?q=join-3&group=none");
    assertThat(browser.text(".graph")).contains("join-33", "clean-33", "train-33");
    assertThat(browser.text(".graph")).doesNotContain("load-33", "join-21");

    Browser _ = sight.open("/pipelines");
    browser.follow("a[rel=next]");
    assertThat(browser.count("#list tbody tr")).isEqualTo(50);
    assertThat(browser.count(".graph")).isZero();
  }

  @Test
  void theGraphIsReachedByKeyboard() {
    Browser _ = sight.open("/pipelines");
    browser.eval("document.querySelector('.graph a').focus()");
    browser.key("Enter", 13);
    browser.await(
        "(location.pathname !== '/pipelines' || location.search.includes('open=')) && document.readyState === 'complete'");
  }
}
