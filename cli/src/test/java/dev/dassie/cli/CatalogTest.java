package dev.dassie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CatalogTest {
  static List<String> names() {
    return Catalog.ENTRIES.stream().map(Catalog.Entry::name).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandExplainsItself(String name) {
    String[] words = (name + " --help").split(" ");

    Cli ended = Cli.run(Path.of("/"), Map.of(), words);

    boolean printsItself = name.equals("completion");
    assertThat(ended.code()).isEqualTo(printsItself ? 2 : 0);
    assertThat(printsItself ? "Usage: dassie " + name : ended.out())
        .startsWith("Usage: dassie " + name);
  }

  @Test
  void theHelpListsEveryCommandOnce() {
    String help = Cli.run(Path.of("/"), Map.of(), "help").out();

    assertThat(names()).doesNotHaveDuplicates();
    assertThat(names()).allSatisfy(name -> assertThat(help).containsOnlyOnce("\n  " + name + " "));
  }

  @ParameterizedTest
  @CsvSource({
    "list repos, list repo",
    "list r, list repo",
    "list cm, list commit",
    "create p, create pipeline",
    "list jobs, list job",
    "put f, put file",
    "logs -p, logs",
    "why r@b:/x, why"
  })
  void synonymsOfPachctlAreUnderstood(String typed, String name) {
    assertThat(String.join(" ", Catalog.words(List.of(typed.split(" "))))).isEqualTo(name);
  }
}
