package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first ten minutes: one command, from nothing to a chart and the answer to why it is as it
/// is.
class QuickstartTest {
  @TempDir Path folder;

  @Test
  void theStoryIsToldFromNothingAndAgain() throws IOException, InterruptedException {
    try (Instance dassie = new Instance(folder)) {
      String first = dassie.run("dassie quickstart").expect(0).out();

      assertThat(first)
          .contains("Put 3 files.")
          .containsPattern("monthly: +1 datum ran, 3 skipped")
          .containsPattern("chart: +1 datum ran, 3 skipped")
          .containsPattern("chart@master=[0-9a-f]{12}:/2015.svg")
          .contains("made by pipeline `chart`", "made by pipeline `monthly`", "put by local:");
      Path charts = dassie.work().resolve("dassie-quickstart");
      for (int year = 2012; year <= 2015; year++) {
        assertThat(Files.readString(charts.resolve(year + ".svg")))
            .startsWith("<svg")
            .contains("Seattle, " + year);
      }

      String second = dassie.run("dassie quickstart").expect(0).out();

      assertThat(second)
          .contains("The first three years are there already")
          .containsPattern("monthly: +0 datums ran, 4 skipped")
          .contains("results are kept");
    }
  }
}
