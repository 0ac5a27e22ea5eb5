package dev.dassie.server.console.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What files look like.
class PreviewsTest {
  private static Preview of(String name, byte[] bytes, long from) throws Exception {
    return Previews.of(
        name,
        bytes.length,
        Optional.empty(),
        from,
        (offset, length) ->
            Arrays.copyOfRange(bytes, (int) offset, (int) Math.min(bytes.length, offset + length)));
  }

  private static Preview of(String name, String text) throws Exception {
    return of(name, text.getBytes(StandardCharsets.UTF_8), 0);
  }

  @Test
  void separatedValuesAreATableWithTypes() throws Exception {
    Preview.Table table =
        (Preview.Table)
            of(
                "a.csv",
                "\ufeffid,x,ok,day\r\n1,0.5,true,2020-01-01\r\n2,\"a,\"\"b\",false,2020-01-02");

    assertThat(table.columns())
        .extracting(Preview.Column::name)
        .containsExactly("id", "x", "ok", "day");
    assertThat(table.columns())
        .extracting(Preview.Column::type)
        .containsExactly("integer", "text", "boolean", "date");
    assertThat(table.rows().get(1)).containsExactly("2", "a,\"b", "false", "2020-01-02");
    assertThat(table.whole()).isTrue();
  }

  @Test
  void aTableThatIsCutSaysSo() throws Exception {
    String row = "1,2\n";
    Preview.Table table = (Preview.Table) of("a.csv", "a,b\n" + row.repeat(500_000));

    assertThat(table.rows()).hasSize(Tables.ROWS);
    assertThat(table.read()).isLessThan(500_000);
    assertThat(table.whole()).isFalse();
  }

  @Test
  void textComesInPartsThatEndWithALine() throws Exception {
    byte[] bytes = "zeile für zeile\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);

    Preview.Text first = (Preview.Text) of("a.txt", bytes, 0);
    Preview.Text second = (Preview.Text) of("a.txt", bytes, first.window().next().orElseThrow());

    assertThat(first.text()).endsWith("zeile\n");
    assertThat(second.text()).startsWith("zeile für");
    assertThat(first.firstLine()).hasValue(1L);
    assertThat(second.firstLine()).isEmpty();
  }

  @Test
  void aPartMayBeginAndEndWithinALetter() throws Exception {
    byte[] bytes = "ü".repeat(200_000).getBytes(StandardCharsets.UTF_8);

    assertThat(of("a.txt", bytes, 0)).isInstanceOf(Preview.Text.class);
    assertThat(of("a.txt", bytes, 1)).isInstanceOf(Preview.Text.class);
  }

  @Test
  void bytesThatAreNoTextAreHex() throws Exception {
    Preview.Hex hex = (Preview.Hex) of("a", new byte[] {0, 1, 'A', (byte) 0xff}, 0);

    assertThat(hex.lines()).containsExactly(new Preview.HexLine("00000000", "00 01 41 ff", "..A."));
  }

  @Test
  void markupInMarkdownIsText() throws Exception {
    Preview.Markdown markdown =
        (Preview.Markdown) of("a.md", "# A\n<script>x</script>\n[b](javascript:alert(1))");

    assertThat(markdown.html())
        .contains("<h1>A</h1>", "&lt;script&gt;")
        .doesNotContain("<script", "javascript:");
  }

  @Test
  void brokenDocumentsAreShownAsText() throws Exception {
    for (String name : List.of("a.json", "a.jsonl", "a.ipynb", "a.csv")) {
      assertThat(of(name, "{\"a\":")).isInstanceOfAny(Preview.Text.class, Preview.Table.class);
    }
    assertThat(of("a.json", "[".repeat(100_000))).isInstanceOf(Preview.Text.class);
    assertThat(of("a.csv", new byte[] {'a', (byte) 0xff, 0}, 0)).isInstanceOf(Preview.Hex.class);
  }

  @Test
  void differencesOfTablesNameTheValuesBefore() {
    TableDiff diff =
        TableDiff.of(
                "a.csv",
                "k,v\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8),
                "k,v\n2,c\n3,d\n".getBytes(StandardCharsets.UTF_8))
            .orElseThrow();

    assertThat(List.of(diff.added(), diff.removed(), diff.changed())).containsExactly(1L, 1L, 1L);
    assertThat(diff.rows().getFirst().cells().get(1))
        .isEqualTo(new TableDiff.Cell("c", Optional.of("b")));
  }

  @Test
  void tablesWithoutADifferentKeyInEachRowAreNotComparedByIt() {
    byte[] doubled = "k,v\n1,a\n1,b\n".getBytes(StandardCharsets.UTF_8);

    assertThat(TableDiff.of("a.csv", doubled, doubled)).isEmpty();
  }
}
