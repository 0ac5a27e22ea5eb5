package dev.dassie.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a-Z.9_~", "a b/c?d=e&f%g+h", "ä漢🦫", "\u0000\r\n", "ª²"})
  void textComesBackAsItWasAndTravelsAsAscii(String text) {
    String encoded = Percent.encode(text);

    assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
    assertThat(Percent.decode(encoded)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "100%"})
  void aPercentSignThatEncodesNothingStandsForItself(String text) {
    assertThat(Percent.decode(text)).isEqualTo(text);
  }
}
