package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ships is what was reviewed: the class path of each program is its `runtime-deps.txt`.
class ShippedJarsTest {
  @ParameterizedTest
  @ValueSource(strings = {"server", "cli"})
  void theClassPathIsTheReviewedOneAndIsThere(String module) throws IOException {
    Path library = ProjectTree.ROOT.resolve("target/dassie/lib");

    List<String> classPath;
    try (JarFile jar = new JarFile(library.resolve("dassie-" + module + ".jar").toFile())) {
      String value = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      classPath = List.of(value.split(" "));
    }

    assertThat(classPath.stream().sorted())
        .containsExactlyElementsOf(
            ProjectTree.lines(ProjectTree.ROOT.resolve(module + "/runtime-deps.txt")));
    assertThat(classPath)
        .allSatisfy(name -> assertThat(Files.exists(library.resolve(name))).isTrue());
  }
}
