package dev.dassie.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuickstartTest {
  @Test
  void theTableIsCutByYearAndNoDayIsLost() throws IOException {
    Map<String, String> years = Quickstart.years(Path.of("../quickstart/seattle-weather.csv"));

    assertThat(years).containsOnlyKeys("/2012.csv", "/2013.csv", "/2014.csv", "/2015.csv");
    assertThat(years.values().stream().mapToLong(text -> text.lines().count() - 1).sum())
        .isEqualTo(1461);
    assertThat(years.values()).allMatch(text -> text.startsWith("date,precipitation,"));
  }
}
