package dev.dassie.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
  @Test
  void aSwapOfTwoLettersIsOneStep() {
    assertThat(Nearest.of("transfrom", List.of("input", "transform"))).contains("transform");
  }

  @Test
  void aNameWithNothingInCommonHasNoNearest() {
    assertThat(Nearest.of("zebra", List.of("input", "transform"))).isEmpty();
  }

  @Test
  void theNearestIsTheSameInAnyOrderOfTheNames() {
    assertThat(Nearest.of("cat", List.of("car", "bat"))).contains("bat");
    assertThat(Nearest.of("cat", List.of("bat", "car"))).contains("bat");
  }

  @Test
  void lettersThatDifferOnlyInCaseAreNear() {
    assertThat(Nearest.of("JobTimeOut", List.of("jobTimeout"))).contains("jobTimeout");
  }

  @Test
  void aVeryLongNameHasNoNearest() {
    assertThat(Nearest.of("x".repeat(101), List.of("x".repeat(100)))).isEmpty();
  }

  @Test
  void theHintNamesTheName() {
    assertThat(Nearest.hint("imagse", List.of("images"))).contains("Did you mean `images`?");
  }
}
