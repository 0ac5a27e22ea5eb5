package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a reader gets from page to page: within one document as long as the pages are the console's
/// own, and with the history and the addresses that loading them would make.
class TravelTest {
  private static final String MASTER = "/data/default/things/master";

  @TempDir static Path folder;
  static Sight sight;
  static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    sight = new Sight(folder);
    browser = sight.browser;
    sight.repo("things");
    for (int i = 0; i < 80; i++) {
      String _ = sight.put("things", "/long/f%02d".formatted(i), "text " + i);
    }
    String page = "<title>Mine</title><main id=main>evil</main><script>top.alert(1)</script>";
    String _ = sight.put("things", "/page.html", page);
  }

  @AfterAll
  static void stop() throws Exception {
    if (sight != null) {
      sight.close();
    }
  }

  @BeforeEach
  void size() {
    browser.size(1440, 900);
  }

  /// Opens a page and marks its document.
  private static void begin(String path) {
    Browser _ = sight.open(path);
    browser.eval("window.same = true");
  }

  private static boolean isSame() {
    return browser.eval("window.same === true").asBoolean();
  }

  private static String address() {
    return browser.eval("location.pathname + location.search").asString();
  }

  /// A click on a link that leads somewhere.
  private static String to(String address) {
    return "(link => { link.href = %s; document.getElementById('main').append(link); link.click(); })"
            .formatted(Browser.quoted(address))
        + "(document.createElement('a'))";
  }

  @Test
  void aLinkPutsItsPageInPlaceAndTheHistoryLeadsBack() {
    begin("/");
    browser.follow(".rail a[href='/data']");
    browser.follow("#repos a.title");

    assertThat(isSame()).isTrue();
    assertThat(address()).isEqualTo(MASTER);
    assertThat(browser.eval("document.title").asString()).startsWith("things@master");
    assertThat(browser.text(".crumbs")).contains("things");
    assertThat(browser.text(".rail [aria-current]")).isEqualTo("Data");
    assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("main");
    assertThat(browser.text("#arrived")).startsWith("things@master");
    browser.leave("history.back()");
    assertThat(address()).isEqualTo("/data");
    assertThat(browser.count("#repos")).isEqualTo(1);
    browser.leave("history.forward()");
    assertThat(browser.count("#files")).isEqualTo(1);
    assertThat(isSame()).isTrue();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whoGoesBackFindsThePlaceWhereTheyWere() {
    begin(MASTER + "?path=/long");
    browser.eval("scrollTo(0, 700)");
    browser.await("history.state?.y === 700");
    browser.follow("#files tbody tr:last-child a");
    assertThat(browser.eval("scrollY").asInt()).isZero();

    browser.leave("history.back()");

    assertThat(browser.eval("scrollY").asInt()).isEqualTo(700);
    assertThat(isSame()).isTrue();
  }

  @Test
  void aFormOfQuestionsTravelsWithItsFieldsInTheAddress() {
    begin(MASTER + "?path=/long");
    browser.leave(
        "var f = document.getElementById('name'); f.value = 'f7'; f.form.requestSubmit()");

    assertThat(isSame()).isTrue();
    assertThat(address()).isEqualTo(MASTER + "?path=%2Flong&name=f7");
    assertThat(browser.text("#files tbody tr:nth-child(2)")).contains("f70");
    browser.leave(
        "var q = document.getElementById('find'); q.value = 'thi'; q.form.requestSubmit()");
    assertThat(address()).isEqualTo("/search?q=thi");
    assertThat(browser.eval("document.getElementById('find').value").asString()).isEqualTo("thi");
    browser.follow(".rail a[href='/jobs']");
    assertThat(browser.eval("document.getElementById('find').value").asString()).isEmpty();
  }

  @Test
  void aPartOfAPageIsGoneToAndARefusalIsAPageToo() {
    begin("/");
    browser.leave(to("/admin#queue"));
    assertThat(browser.eval("location.hash").asString()).isEqualTo("#queue");
    assertThat(browser.eval("document.getElementById('queue').getBoundingClientRect().y").asInt())
        .isLessThan(900);
    browser.leave(to("/data/default/nothing"));

    assertThat(browser.text("main")).contains("nothing");
    assertThat(address()).isEqualTo("/data/default/nothing");
    assertThat(isSame()).isTrue();
  }

  @Test
  void somebodysPageIsNeverPutInPlaceOfOurs() {
    begin(MASTER + "?path=/page.html");
    String raw =
        browser.eval("document.querySelector('iframe.apart').getAttribute('src')").asString();
    browser.load(to(raw));

    assertThat(isSame()).isFalse();
    assertThat(address()).isEqualTo(raw.replaceFirst("#.*", ""));
  }

  @Test
  void whereAPageCannotBeAskedForTheBrowserLoadsIt() {
    begin("/");
    browser.leave(
        "window.fetch = () => Promise.reject(new Error('away'));"
            + " document.querySelector(\".rail a[href='/jobs']\").click()");

    assertThat(isSame()).isFalse();
    assertThat(address()).isEqualTo("/jobs");
  }

  @Test
  void thePageIsAskedForWhenTheButtonOfTheMouseGoesDown() {
    begin("/");
    browser.eval(
        "window.seen = []; window.real = fetch;"
            + " window.fetch = (url, how) => { seen.push(url); return real(url, how); }");
    browser.leave(
        "var link = document.querySelector(\".rail a[href='/jobs']\");"
            + " link.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));"
            + " link.click()");

    assertThat(browser.eval("seen.filter(one => one === '/jobs').length").asInt()).isEqualTo(1);
    assertThat(isSame()).isTrue();
  }
}
