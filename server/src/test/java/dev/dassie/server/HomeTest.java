package dev.dassie.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path folder;

  @Test
  void firstOpeningMakesTheFolderForItsOwnerAlone() throws IOException {
    Path made = folder.resolve("a/b");

    try (Home home = Home.open(made)) {
      assertThat(Files.getPosixFilePermissions(made)).hasSize(3);
      assertThat(made.resolve("format")).hasContent("1\n");
      assertThat(made.resolve("dassie.pid")).hasContent(ProcessHandle.current().pid() + "\n");
      assertThat(home.store()).isDirectory();
    }
  }

  @Test
  void secondOpeningIsRefusedWithTheProcessOfTheFirst() {
    try (Home first = Home.open(folder)) {
      assertThatThrownBy(() -> Home.open(folder))
          .isInstanceOf(DassieException.class)
          .hasMessage(
              "Another server (process `%d`) uses the folder `%s`.",
              ProcessHandle.current().pid(), first.folder());
    }

    Home.open(folder).close();
  }

  @Test
  void newerFormatIsRefusedInASentence() throws IOException {
    Home.open(folder).close();
    Files.writeString(folder.resolve("format"), "2\n");

    assertThatThrownBy(() -> Home.open(folder))
        .isInstanceOf(DassieException.class)
        .hasMessage("The folder `%s` has format 2, and this Dassie reads up to 1.", folder);
  }

  @Test
  void damagedFormatIsRefused() throws IOException {
    Files.writeString(folder.resolve("format"), "x");

    assertThatThrownBy(() -> Home.open(folder))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class));
  }

  @Test
  void databaseWithoutFormatIsRefused() throws IOException {
    Files.writeString(folder.resolve("dassie.db"), "x");

    assertThatThrownBy(() -> Home.open(folder)).hasMessageContaining("a file `format`");
  }

  @Test
  void leftoversOfAnEarlierRunAreRemoved() throws IOException {
    Home.open(folder).close();
    Files.writeString(folder.resolve("run/spill/left"), "x");
    Files.createDirectories(folder.resolve("run/spill/copy/index"));
    Files.writeString(folder.resolve("run/spill/copy/index/segment"), "x");

    Home.open(folder).close();

    assertThat(folder.resolve("run/spill")).isEmptyDirectory();
  }
}
