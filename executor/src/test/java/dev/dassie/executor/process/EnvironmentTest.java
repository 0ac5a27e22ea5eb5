package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Digest;
import dev.dassie.executor.datum.Wipe;
import dev.dassie.fault.DassieException;
import dev.dassie.job.Ending;
import dev.dassie.job.Environment;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a command runs on, and what of home folders it is shown.
class EnvironmentTest {
  private Path home;
  private Path hidden;

  @BeforeEach
  void before() throws IOException {
    home = Files.createTempDirectory(Path.of("/var/tmp"), "dassie-home-").toRealPath();
    hidden = Files.createDirectory(home.resolve(".dassie"));
  }

  @AfterEach
  void after() throws IOException {
    Wipe.tree(home);
  }

  private Path program(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
    return file;
  }

  private Exposure exposure() {
    return new Exposure(Set.of(home), hidden);
  }

  @Test
  void factsNameThePlatformAndTheProgramWithItsHash() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NONE)) {
      Environment environment = shop.executor.environment(Workshop.shell("true"));

      Path shell = Path.of("/bin/sh").toRealPath();
      assertThat(environment.facts())
          .containsExactly(
              "process linux " + System.getProperty("os.arch"),
              shell + " " + Digest.of(Files.readAllBytes(shell)));
    }
  }

  @Test
  void aProgramThatIsNotThereIsRefused() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NONE)) {
      assertThatThrownBy(() -> shop.executor.environment(Workshop.transform(List.of("no-such"))))
          .isInstanceOf(DassieException.class)
          .hasMessage("No program is named `no-such`.");
      assertThatThrownBy(() -> shop.executor.environment(Workshop.transform(List.of("/no/such"))))
          .isInstanceOf(DassieException.class)
          .hasMessage("No program is named `/no/such`.");
      assertThatThrownBy(() -> shop.executor.environment(Workshop.transform(List.of())))
          .isInstanceOf(DassieException.class)
          .hasMessageContaining("transform.cmd");
    }
  }

  @Test
  void aProgramInTheSourceIsTakenAsItCame() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NONE)) {
      assertThat(shop.executor.environment(Workshop.transform(List.of("./run.sh"))).facts())
          .hasSize(1);
    }
  }

  @Test
  void theChainFollowsScriptsThroughEnvAndShims() throws IOException {
    Path python = program("pyenv/versions/3.12/bin/python3", "elf");
    Path shim = program("pyenv/shims/python3", "#!/usr/bin/env bash\n");
    Files.writeString(home.resolve("pyenv/version"), "3.12\n");
    Path tool = program("tools/bin/tool", "#!/usr/bin/env -S python3 -u\n");
    String path = home.resolve("tools/bin") + ":" + home.resolve("pyenv/shims") + ":/usr/bin";

    List<Path> chain = new Interpreters(path).chain("tool", Map.of());

    assertThat(chain).containsExactly(tool, shim, python);
  }

  @Test
  void aChangedProgramHasAnotherDigest() throws IOException {
    Path tool = program("bin/tool", "one");
    FileDigests digests = new FileDigests();

    Digest first = digests.of(tool);
    Digest again = digests.of(tool);
    Files.writeString(tool, "other");

    assertThat(again).isEqualTo(first);
    assertThat(digests.of(tool))
        .isEqualTo(Digest.of("other".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void anInstallationIsTheFolderAboveBin() throws IOException {
    Path tool = program("opt/conda/bin/python", "elf");
    Exposure exposure = exposure();

    exposure.addProgram(tool);

    assertThat(exposure.paths()).containsExactly(home.resolve("opt/conda"));
  }

  @Test
  void aVirtualEnvironmentBringsItsBase() throws IOException {
    Path base = program("pyenv/versions/3.12/bin/python3", "elf");
    Path venv = Files.createDirectories(home.resolve("work/venv/bin"));
    Files.createSymbolicLink(venv.resolve("python"), base);
    Files.writeString(
        home.resolve("work/venv/pyvenv.cfg"), "home = " + base.getParent() + "\nversion = 3.12\n");
    Exposure exposure = exposure();

    exposure.addProgram(venv.resolve("python"));

    assertThat(exposure.paths())
        .containsExactly(home.resolve("pyenv/versions/3.12"), home.resolve("work/venv"));
  }

  @Test
  void ofMixedFoldersOnlyProgramsAreShown() throws IOException {
    program(".local/bin/tool", "elf");
    Files.createDirectories(home.resolve(".local/lib"));
    Files.createDirectories(home.resolve(".local/share"));
    program("bin/own", "elf");
    Exposure exposure = exposure();

    exposure.addPathEntry(home.resolve(".local/bin"));
    exposure.addPathEntry(home.resolve("bin"));

    assertThat(exposure.paths())
        .containsExactly(
            home.resolve(".local/bin"), home.resolve(".local/lib"), home.resolve("bin"));
  }

  @Test
  void neitherAHomeNorDassiesFolderIsEverShown() throws IOException {
    Path tool = program("tool", "elf");
    Path own = program(".dassie/bin/tool", "elf");
    Exposure exposure = exposure();

    exposure.addPathEntry(home);
    exposure.addPathEntry(own.getParent());
    exposure.addConfigured(home);
    exposure.addConfigured(hidden);
    exposure.addProgram(tool);

    assertThat(exposure.paths()).containsExactly(tool);
  }

  @Test
  void pythonOfTheServersPathRuns() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NAMESPACES)) {
      Ending ending =
          shop.run(
                  shop.task(
                      Workshop.transform(
                          List.of("python3", "-c", "import json, os; print(os.getuid() > 0)")),
                      shop.item()))
              .getFirst();

      assertThat(shop.log(ending)).isEqualTo("True\n");
    }
  }

  @Test
  void theWorkingDirectoryIsThatOfTheSpec() throws Exception {
    Transform given =
        new Transform(
            List.of("pwd"),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.of("/usr/share"),
            List.of(),
            List.of(),
            List.of(),
            Transform.Network.HOST,
            Optional.empty());

    try (Workshop shop = new Workshop(Sandbox.NAMESPACES)) {
      assertThat(shop.log(shop.run(shop.task(given, shop.item())).getFirst()))
          .isEqualTo("/usr/share\n");
    }
  }
}
