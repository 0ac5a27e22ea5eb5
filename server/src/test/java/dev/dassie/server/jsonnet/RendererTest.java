package dev.dassie.server.jsonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RendererTest {
  private final Renderer renderer = new Renderer();

  private String render(String text, Map<String, String> arguments, Map<String, String> files) {
    return renderer.render(new Template("t.jsonnet", text, arguments, files)).replaceAll("\\s", "");
  }

  @Test
  void argumentsAreTextsWhateverTheyHold() {
    String rendered =
        render(
            "function(name, n='1') {name: name, n: n}",
            Map.of("name", "a \"b\" \\ ${x} é\n", "n", "2"),
            Map.of());

    assertThat(rendered).isEqualTo("{\"n\":\"2\",\"name\":\"a\\\"b\\\"\\\\${x}é\\n\"}");
  }

  @Test
  void importsComeFromTheFilesThatCameAlong() {
    Map<String, String> files =
        Map.of(
            "lib/a.libsonnet", "{x: (import '../up/b.libsonnet').y, s: importstr './c.txt'}",
            "up/b.libsonnet", "{y: 7}",
            "lib/c.txt", "text");

    assertThat(render("import 'lib/a.libsonnet'", Map.of(), files))
        .isEqualTo("{\"s\":\"text\",\"x\":7}");
  }

  @Test
  void filesOfTheMachineAreNotThere() {
    assertThatThrownBy(() -> render("importstr '/etc/passwd'", Map.of(), Map.of()))
        .hasMessageContaining("/etc/passwd");
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    assertThatThrownBy(() -> render("{\n  a: 1,\n  b: self.c,\n}", Map.of(), Map.of()))
        .hasMessageContaining("Field does not exist: c")
        .hasMessageContaining("t.jsonnet:3:");
    assertThatThrownBy(() -> render("{ a: ", Map.of(), Map.of()))
        .hasMessageContaining("t.jsonnet:1:");
    assertThatThrownBy(() -> render("function(x) x", Map.of(), Map.of())).hasMessageContaining("x");
  }

  @Test
  void templatesWithoutEndAreEnded() {
    Renderer impatient = new Renderer(Duration.ofSeconds(3));

    assertThatThrownBy(() -> render("local f(x) = f(x + 1) + 1; f(0)", Map.of(), Map.of()))
        .hasMessageContaining("without end");
    assertThatThrownBy(() ->
            impatient.render(
                new Template(
                    "t",
                    "std.foldl(function(a, x) std.foldl(function(b, y) b + y, std.range(1, 100000),"
                        + " 0) + a, std.range(1, 100000), 0)",
                    Map.of(),
                    Map.of())))
        .hasMessageContaining("longer than 3 seconds");
  }

  @Test
  void functionsThatWereLeftOutAreNamedAsSuch() {
    assertThat(render("std.base64('x')", Map.of(), Map.of())).isEqualTo("\"eA==\"");
    assertThatThrownBy(() -> render("std.parseYaml('a: 1')", Map.of(), Map.of()))
        .hasMessageContaining("not built in");
  }

  @Test
  void memoryIsBounded() {
    assertThatThrownBy(() ->
            render(
                "std.length(std.join('', std.makeArray(200000000, function(i) 'x')))",
                Map.of(),
                Map.of()))
        .hasMessageContaining("256 MB");
  }
}
