package dev.dassie.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PatienceTest {
  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "5m, PT5M",
    "1h30m, PT1H30M",
    "90, PT1M30S",
    "30d, PT720H",
    "1d12h, PT36H",
    "0.5s, PT0.5S",
    "0s, PT0S"
  })
  void durationsReadAsPeopleTypeThem(String typed, Duration duration) {
    assertThat(Patience.parse(typed)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-5s", "5x", "1m1h", "99999999999999999999s"})
  void otherTextsAreRefused(String typed) {
    assertThatThrownBy(() -> Patience.parse(typed))
        .hasMessage(
            "The duration is `%s`, expected one such as `30s`, `5m` or `1h30m`.".formatted(typed));
  }
}
