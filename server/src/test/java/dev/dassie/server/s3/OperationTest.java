package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/s3.md lists every operation, each with a test that is there.
class OperationTest {
  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Za-z0-9]+) \\| .* \\| `([A-Za-z]+)\\.([A-Za-z0-9]+)` \\|");

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("docs")) ? here : here.getParent();
  }

  @Test
  void theTableOfOperationsIsTheTable() throws IOException {
    List<String> listed = new ArrayList<>();
    for (String line : Files.readAllLines(root().resolve("docs/s3.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        listed.add(row.group(1));
        Path test =
            root().resolve("server/src/test/java/dev/dassie/server/s3/" + row.group(2) + ".java");
        assertThat(Files.readString(test)).as(line).contains("void " + row.group(3) + "(");
      }
    }

    assertThat(listed)
        .containsExactlyElementsOf(
            Arrays.stream(Operation.values()).map(Operation::title).toList());
  }
}
