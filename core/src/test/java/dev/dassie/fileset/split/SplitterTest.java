package dev.dassie.fileset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.split.Split.Form;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitterTest {
  private static Split by(Form form, int header, long bytes, long rows) {
    return new Split(form, Split.COMMA, header, bytes, rows);
  }

  private static List<String> parts(String text, Split rule) throws IOException {
    return parts(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), rule);
  }

  private static List<String> parts(InputStream text, Split rule) throws IOException {
    Splitter splitter = new Splitter(text, rule);
    List<String> parts = new ArrayList<>();
    for (Optional<InputStream> part = splitter.next(); part.isPresent(); part = splitter.next()) {
      parts.add(new String(part.get().readAllBytes(), StandardCharsets.UTF_8));
    }
    return parts;
  }

  /// Gives one to five bytes at a time.
  private static InputStream trickling(String text, long seed) {
    Random random = new Random(seed);
    return new FilterInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(5)));
      }
    };
  }

  @Test
  void everyLineIsAPartWithoutATarget() throws IOException {
    assertThat(parts("a\nbb\n\nc", by(Form.LINE, 0, 0, 0)))
        .containsExactly("a\n", "bb\n", "\n", "c");
  }

  @Test
  void partsEndWithTheRecordThatReachesATarget() throws IOException {
    assertThat(parts("1\n2\n3\n4\n5\n", by(Form.LINE, 0, 0, 2)))
        .containsExactly("1\n2\n", "3\n4\n", "5\n");
    assertThat(parts("12\n34\n5\n6789\n", by(Form.LINE, 0, 5, 0)))
        .containsExactly("12\n34\n", "5\n6789\n");
    assertThat(parts("1\n2\n34567\n8\n", by(Form.LINE, 0, 5, 2)))
        .containsExactly("1\n2\n", "34567\n", "8\n");
  }

  @Test
  void headerBeginsEveryPartAndDoesNotCount() throws IOException {
    assertThat(parts("id,name\n1,a\n2,b\n3,c\n", by(Form.CSV, 1, 0, 2)))
        .containsExactly("id,name\n1,a\n2,b\n", "id,name\n3,c\n");
    assertThat(parts("h1\nh2\nx\ny\n", by(Form.LINE, 2, 2, 0)))
        .containsExactly("h1\nh2\nx\n", "h1\nh2\ny\n");
  }

  @Test
  void thereIsAlwaysOnePart() throws IOException {
    assertThat(parts("", by(Form.LINE, 0, 0, 0))).containsExactly("");
    assertThat(parts("id,name\n", by(Form.CSV, 1, 0, 10))).containsExactly("id,name\n");
    assertThat(parts("id,name", by(Form.CSV, 1, 0, 10))).containsExactly("id,name");
  }

  @Test
  void quotedNewlinesDoNotEndARow() throws IOException {
    assertThat(
            parts(
                "1,\"two\nlines\",x\n2,\"a \"\"q\"\"\n\"\r\n3,5\" disk\n4,\"\"\n5,,\n",
                by(Form.CSV, 0, 0, 1)))
        .containsExactly(
            "1,\"two\nlines\",x\n", "2,\"a \"\"q\"\"\n\"\r\n", "3,5\" disk\n", "4,\"\"\n", "5,,\n");
    assertThat(parts("\ufeff\"a\nb\",c\n1\n", by(Form.CSV, 0, 0, 1)))
        .containsExactly("\ufeff\"a\nb\",c\n", "1\n");
    assertThat(parts("1;\"a\nb\"\n2\n", new Split(Form.CSV, ';', 0, 0, 1)))
        .containsExactly("1;\"a\nb\"\n", "2\n");
  }

  @Test
  void jsonValuesEndWhereTheNextBegins() throws IOException {
    assertThat(
            parts(
                " {\"a\": \"}\\\"{\"}\n\n[1, [2]]\"s\" 12 true\nnull{}\n", by(Form.JSON, 0, 0, 1)))
        .containsExactly(
            " {\"a\": \"}\\\"{\"}\n\n", "[1, [2]]", "\"s\" ", "12 ", "true\n", "null", "{}\n");
  }

  @Test
  void whatBreaksOffIsRefused() {
    assertThatThrownBy(() -> parts("a\n1,\"x\n2\n", by(Form.CSV, 0, 0, 0)))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("in a quoted field of row 2");
    assertThatThrownBy(() -> parts("{\"a\": [1}", by(Form.JSON, 0, 0, 0)))
        .hasMessageContaining("at byte 8 is `}`");
    assertThatThrownBy(() -> parts("{\"a\": 1", by(Form.JSON, 0, 0, 0)))
        .hasMessageContaining("within a value");
    assertThatThrownBy(() -> parts("[".repeat(10_001), by(Form.JSON, 0, 0, 0)))
        .hasMessageContaining("10,000 levels");
    assertThatThrownBy(() -> parts("x".repeat(2 << 20), by(Form.LINE, 1, 0, 0)))
        .hasMessageContaining("1 MiB");
    assertThatThrownBy(() -> by(Form.JSON, 1, 0, 0)).hasMessageContaining("json");
  }

  @Test
  void recordsAddedAtTheEndLeaveEarlierPartsAndPiecesDoNotMatter() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int row = 0; row < 40; row++) {
        text.append(row).append(",\"").append("v\n".repeat(random.nextInt(4))).append("\"\n");
      }
      Split rule = by(Form.CSV, 0, random.nextInt(60), 1 + random.nextInt(5));

      List<String> before = parts(text.toString(), rule);
      List<String> trickled = parts(trickling(text.toString(), seed), rule);
      List<String> after = parts(text + "40,\"new\"\n41,\n", rule);

      assertThat(trickled).isEqualTo(before);
      assertThat(String.join("", before)).isEqualTo(text.toString());
      assertThat(after.subList(0, before.size() - 1))
          .isEqualTo(before.subList(0, before.size() - 1));
    }
  }
}
