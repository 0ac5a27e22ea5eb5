package dev.dassie.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "\"ä\\n\\u0000\"",
        "9223372036854775807",
        "123456789012345678901234567890",
        "0.10",
        "{\"a\":[1,{\"b\":null}],\"c\":\"\"}"
      })
  void aValueComesBackAsItWas(String text) throws IOException {
    assertThat(Json.compact(Json.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[1,", "{\"a\":", "nope", "\"open"})
  void textThatIsNotJsonIsAnIoError(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IOException.class);
  }

  @Test
  void deepNestingIsRefusedInsteadOfExhaustingTheStack() {
    String deep = "[".repeat(100_000);

    assertThatThrownBy(() -> Json.parse(deep)).isInstanceOf(IOException.class);
  }

  @Test
  void prettyTextPutsEachItemOnItsOwnLine() throws IOException {
    String pretty = Json.pretty(Json.parse("{\"items\":[1,2],\"next\":null}"));

    assertThat(pretty).isEqualTo("{\n  \"items\": [\n    1,\n    2\n  ],\n  \"next\": null\n}");
  }
}
