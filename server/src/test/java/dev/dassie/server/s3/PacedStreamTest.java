package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacedStreamTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "59, 0, false",
    "62, 100, true",
    "120, 61439, true",
    "120, 61440, false",
    "86400, 1000000, true",
    "86400, 100000000, false",
  })
  void aClientHasAMinuteAndThenComesAtAKibibyteASecond(int seconds, long bytes, boolean slow) {
    assertThat(PacedStream.isTooSlow(Duration.ofSeconds(seconds).toNanos(), bytes)).isEqualTo(slow);
  }
}
