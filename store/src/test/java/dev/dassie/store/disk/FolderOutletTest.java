package dev.dassie.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.pipeline.Egress;
import dev.dassie.store.OutputFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderOutletTest {
  @TempDir Path folder;
  private Path exports;
  private FolderOutlet outlet;

  @BeforeEach
  void open() throws Exception {
    exports = Files.createDirectory(folder.resolve("exports"));
    outlet = new FolderOutlet(List.of(exports));
  }

  private static Egress to(Object url) {
    return new Egress.Objects("file://" + url, Optional.empty());
  }

  private void write(Egress to, String... files) throws Exception {
    try (OutputFiles outputs = new OutputFiles(folder)) {
      outlet.write(to, outputs.of(files), outputs.chunks, Optional.empty(), () -> false);
    }
  }

  @Test
  void filesAreReplacedAndOthersStay() throws Exception {
    write(to(exports.resolve("day")), "a", "1", "d/e/f", "2");
    Files.writeString(exports.resolve("day/mine"), "x");
    write(to(exports.resolve("day")), "a", "3");

    assertThat(exports.resolve("day/a")).hasContent("3");
    assertThat(exports.resolve("day/d/e/f")).hasContent("2");
    assertThat(exports.resolve("day/mine")).hasContent("x");
    try (var names = Files.list(exports.resolve("day"))) {
      assertThat(names).hasSize(3);
    }
  }

  @Test
  void nothingOutsideTheAllowedFoldersIsWritten() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(exports.resolve("link"), elsewhere);
    Files.createDirectory(exports.resolve("day"));
    Files.createSymbolicLink(exports.resolve("day/d"), elsewhere);

    for (Object url :
        List.of(
            elsewhere,
            exports + "/../elsewhere",
            exports.resolve("link/x"),
            "/",
            folder,
            "relative")) {
      assertThatThrownBy(() -> outlet.check(to(url)))
          .as(url.toString())
          .hasMessageContaining("`egress.URL` is");
    }
    assertThatThrownBy(() -> write(to(exports.resolve("day")), "d/a", "1"))
        .hasMessageContaining("is no folder, and files of the output are to be in it");
    assertThatThrownBy(() -> new FolderOutlet(List.of()).check(to(exports)))
        .hasMessageContaining("this server lets egress write to none of its folders");
    try (var names = Files.list(elsewhere)) {
      assertThat(names).isEmpty();
    }
  }
}
