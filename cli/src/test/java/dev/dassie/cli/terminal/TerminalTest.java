package dev.dassie.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalTest {
  private static final View VIEW = new View(false, Instant.parse("2026-01-02T00:00:00Z"));
  private static final List<Column> COLUMNS =
      List.of(Column.text("NAME", "name"), Column.size("SIZE", "size"), Column.time("AT", "at"));

  private static String table(View view, String... items) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      Table table = new Table(COLUMNS, view, out);
      for (String item : items) {
        table.add(Json.parse(item));
      }
      table.end();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void columnsAreAlignedAndNumbersStandRight() throws IOException {
    String text =
        table(
            VIEW,
            "{\"name\":\"a\",\"size\":5,\"at\":\"2026-01-01T23:59:00Z\"}",
            "{\"name\":\"längst\",\"size\":2048,\"at\":null}");

    assertThat(text)
        .isEqualTo(
            """
            NAME        SIZE  AT
            a            5 B  1 minute ago
            längst  2.00 KiB
            """);
  }

  @Test
  void fullTimestampsAreAsTheServerSentThem() throws IOException {
    String text =
        table(new View(true, VIEW.now()), "{\"name\":\"a\",\"at\":\"2026-01-01T23:59:00Z\"}");

    assertThat(text).contains("2026-01-01T23:59:00Z");
  }

  @Test
  void namesCannotForgeLinesOrSteerTheTerminal() throws IOException {
    String text = table(VIEW, "{\"name\":\"a\\u001b[2J\\nb\\u202e\\t\",\"size\":1}");

    assertThat(text.lines()).hasSize(2);
    assertThat(text).contains("a\\x1b[2J\\nb\\u202e\\t").doesNotContain("\u001b");
  }

  @Test
  void aThousandRowsAndMoreAreAllPrinted() throws IOException {
    String[] items = new String[2500];
    for (int i = 0; i < items.length; i++) {
      items[i] = "{\"name\":\"n" + i + "\"}";
    }

    assertThat(table(VIEW, items).lines()).hasSize(2501).contains("n0", "n999", "n1000", "n2499");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "10240, 10.0 KiB",
    "1048576, 1.00 MiB",
    "9223372036854775807, 8.00 EiB"
  })
  void sizesAreShownInBinaryUnits(long bytes, String shown) {
    assertThat(Cells.size(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0, just now",
    "-30, just now",
    "1, just now",
    "2, 2 seconds ago",
    "60, 1 minute ago",
    "7200, 2 hours ago",
    "86400, 1 day ago",
    "-7200, in 2 hours"
  })
  void timesAreRelative(long seconds, String shown) {
    assertThat(Cells.ago(Duration.ofSeconds(seconds))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"12, 12 ms", "3240, 3.2 s", "245000, 4 min 05 s", "7800000, 2 h 10 min"})
  void durationsKeepTwoUnits(long millis, String shown) {
    assertThat(Cells.duration(millis)).isEqualTo(shown);
  }

  @Test
  void yamlQuotesWhatWouldBeReadAsSomethingElse() throws IOException {
    String yaml =
        Yaml.document(
            Json.parse(
                """
                {"name":"a b","no":"no","num":"12","empty":"","colon":"a: b","list":[{"x":1,"y":[]},"t"],
                 "none":null,"at":"2026-01-01T00:00:00Z","star":"/*"}\
                """));

    assertThat(yaml)
        .isEqualTo(
            """
            name: a b
            "no": "no"
            num: "12"
            empty: ""
            colon: "a: b"
            list:
            - x: 1
              "y": []
            - t
            none: null
            at: "2026-01-01T00:00:00Z"
            star: "/*"
            """);
  }
}
