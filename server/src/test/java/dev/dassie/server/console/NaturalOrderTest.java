package dev.dassie.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  private static List<String> sorted(String... names) {
    return List.of(names).stream().sorted(NaturalOrder.NAMES).toList();
  }

  @Test
  void numbersInNamesCountAsNumbers() {
    assertThat(sorted("file10", "file2", "file1", "file"))
        .containsExactly("file", "file1", "file2", "file10");
    assertThat(sorted("a10b2", "a10b10", "a9z")).containsExactly("a9z", "a10b2", "a10b10");
  }

  @Test
  void zerosBeforeANumberDecideLast() {
    assertThat(sorted("f1", "f01", "f001", "f2")).containsExactly("f001", "f01", "f1", "f2");
    assertThat(sorted("f02a", "f2")).containsExactly("f2", "f02a");
  }

  @Test
  void numbersOfAnyLengthAreCompared() {
    String long1 = "9".repeat(400);
    String long2 = "1" + "0".repeat(400);

    assertThat(sorted(long2, long1)).containsExactly(long1, long2);
  }
}
