package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.pipeline.Egress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Every field of a spec stands in `docs/spec.md`, with what becomes of it and the test that shows
/// it.
class SpecFieldsTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Path ROOT = root();
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Za-z0-9.]+)` \\| ([a-z]+) \\| (.*) \\| `(\\w+)\\.(\\w+)` \\|");

  private record Field(String path, Known known, boolean withinKept) {}

  private record Row(String path, String use, String about, String type, String method) {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
      folder = Optional.ofNullable(folder.getParent()).orElseThrow();
    }
    return folder;
  }

  private static List<Field> fields() {
    List<Field> all = new ArrayList<>();
    add(all, "", SpecFields.root(), false);
    return all;
  }

  private static void add(List<Field> all, String parent, List<Known> fields, boolean kept) {
    for (Known known : fields) {
      String path = parent.isEmpty() ? known.name() : parent + "." + known.name();
      all.add(new Field(path, known, kept));
      List<Known> inner = known.fields().get();
      boolean again = parent.equals("input") && inner.equals(SpecFields.input());
      if (!again) {
        add(all, path, inner, kept || known.use() == Known.Use.KEPT);
      }
    }
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/spec.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new Row(row.group(1), row.group(2), row.group(3), row.group(4), row.group(5)));
      }
    }
    return rows;
  }

  @Test
  void everyFieldHasItsRowAndNoOtherHasOne() throws IOException {
    List<String> expected =
        fields().stream()
            .map(field ->
                "%s: %s: %s"
                    .formatted(
                        field.path(),
                        field.known().use().name().toLowerCase(Locale.ROOT),
                        field.known().about()))
            .toList();

    assertThat(rows().stream().map(row -> row.path() + ": " + row.use() + ": " + row.about()))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void everyTestThatARowNamesIsThere() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.find(ROOT, 20, (file, found) -> found.isRegularFile())) {
      sources = files.filter(file -> file.toString().contains("/src/test/java/")).toList();
    }
    List<String> missing = new ArrayList<>();
    for (Row row : rows()) {
      boolean found = false;
      for (Path source : sources) {
        found |=
            source.endsWith(row.type() + ".java")
                && Files.readString(source).contains(" void " + row.method() + "(");
      }
      if (!found) {
        missing.add(row.path() + ": " + row.type() + "." + row.method());
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void whatOtherExecutorsUseIsKeptAndReported() {
    for (Field field : fields()) {
      if (field.known().use() == Known.Use.KEPT && !field.withinKept()) {
        ParsedSpec spec = SpecReader.read(specWith(field).toString(), "default").getFirst();

        assertThat(spec.spec().unused()).as(field.path()).contains(field.path());
        assertThat(spec.notes())
            .contains("`%s` is kept, and not used by executor `process`.".formatted(field.path()));
      }
    }
  }

  @Test
  void whatIsNotTakenIsRefusedWithItsReason() {
    for (Field field : fields()) {
      if (field.known().use() == Known.Use.REFUSED) {
        String sentence =
            "`%s` is not taken from a spec. %s".formatted(field.path(), field.known().about());

        assertThatThrownBy(() -> SpecReader.read(specWith(field).toString(), "default"))
            .as(field.path())
            .hasMessageContaining(sentence);
      }
    }
  }

  @Test
  void anEgressIsReadInItsLongerFormToo() {
    ObjectNode spec = specWith(new Field("egress", SpecFields.root().getFirst(), false));
    spec.putObject("egress").putObject("objectStorage").put("url", "s3://bucket/day");

    assertThat(SpecReader.read(spec.toString(), "default").getFirst().spec().egress())
        .contains(new Egress.Objects("s3://bucket/day", Optional.empty()));
  }

  /// The smallest spec with a value in one field.
  private static ObjectNode specWith(Field field) {
    ObjectNode spec = JSON.objectNode();
    spec.putObject("pipeline").put("name", "p");
    spec.putObject("transform").putArray("cmd").add("x");
    if (field.path().startsWith("spout")) {
      spec.putObject("spout").putObject("service").put("internalPort", 80);
    } else {
      spec.putObject("input").putObject("pfs").put("repo", "r").put("glob", "/");
    }
    if (field.path().startsWith("service")) {
      spec.putObject("service").put("internalPort", 80);
    }
    ObjectNode at = spec;
    String[] parts = field.path().split("\\.");
    for (int i = 0; i < parts.length - 1; i++) {
      at = at.withObject("/" + parts[i]);
    }
    value(at, parts[parts.length - 1], field.known());
    return spec;
  }

  private static void value(ObjectNode at, String name, Known known) {
    switch (known.kind()) {
      case FLAG -> at.put(name, true);
      case WHOLE -> at.put(name, 1);
      case TEXTS, WORD_LIST, WHOLES -> at.putArray(name).add("x");
      case OBJECTS -> at.putArray(name).addObject();
      case OBJECT, WORD_MAP -> {
        ObjectNode object = at.putObject(name);
        List<Known> inner = known.fields().get();
        if (inner.isEmpty()) {
          object.put("key", "x");
        } else {
          value(object, inner.getFirst().name(), inner.getFirst());
        }
      }
      case ANY -> {
        ArrayNode _ = at.putArray(name).add("x");
      }
      default -> at.put(name, "1");
    }
  }
}
