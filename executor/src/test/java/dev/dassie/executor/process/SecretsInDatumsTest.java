package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.executor.datum.Mask;
import dev.dassie.job.Disclosure;
import dev.dassie.job.Disclosure.SecretFile;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What datums see of secrets, and what is left of them.
class SecretsInDatumsTest {
  private static final byte[] KEY =
      "line one of it\nline two of it\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PASSWORD = "hunter2!".getBytes(StandardCharsets.UTF_8);

  private static Task with(Task task, Disclosure secrets) {
    return new Task(
        task.lease(),
        task.pipeline(),
        task.transform(),
        task.source(),
        task.environment(),
        secrets,
        task.env(),
        task.items(),
        task.limits());
  }

  private static Disclosure secrets() {
    return new Disclosure(
        Map.of("PASSWORD", "hunter2!"),
        List.of(
            new SecretFile("/etc/deep/tls/key", KEY),
            new SecretFile("/etc/deep/tls/empty", new byte[0]),
            new SecretFile("/var/run/secrets/password", PASSWORD),
            new SecretFile("/root/.creds/password", PASSWORD),
            new SecretFile("/made/for/it/password", PASSWORD)),
        List.of(KEY, PASSWORD));
  }

  @ParameterizedTest
  @EnumSource(value = Sandbox.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void secretsAreVariablesAndReadOnlyFilesWhereverTheyAreWanted(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      String script =
          """
          cp /etc/deep/tls/key /pfs/out/key && echo -n "$PASSWORD" | sha256sum > /pfs/out/sum
          for f in /run/secrets /var/run/secrets /root/.creds /made/for/it; do
            cat $f/password | sha256sum
          done > /pfs/out/sums
          ls /etc/deep/tls > /pfs/out/names; test -r /etc/passwd && ls -d /etc/ssl > /pfs/out/host
          echo x 2>/dev/null > /etc/deep/tls/key || echo kept > /pfs/out/kept
          grep -c PASSWORD /pfs/.env > /pfs/out/env; true
          """;
      Task task = shop.task(Workshop.shell(script), shop.item(), shop.item());

      for (Ending ending : shop.run(with(task, secrets()))) {
        Map<String, String> out = shop.contents(ending);

        assertThat(out.get("/key"))
            .as(shop.log(ending))
            .isEqualTo(new String(KEY, StandardCharsets.UTF_8));
        assertThat(out.get("/sums").lines()).hasSize(4).containsOnly(out.get("/sum").strip());
        assertThat(out.get("/names")).isEqualTo("empty\nkey\n");
        assertThat(out.get("/host")).isEqualTo("/etc/ssl\n");
        assertThat(out.get("/kept")).isEqualTo("kept\n");
        assertThat(out.get("/env")).isEqualTo("0\n");
      }
      assertThat(shop.sh("ls -d /etc/deep /made /root/.creds 2>/dev/null | wc -l"))
          .satisfies(ending -> assertThat(shop.log(ending)).isEqualTo("0\n"));
      assertThat(remains(shop.base)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void logsDoNotShowThem(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      Disclosure secrets =
          new Disclosure(Map.of("PASSWORD", "hunter2!"), List.of(), List.of(KEY, PASSWORD));
      String script = "echo pw=$PASSWORD, line two of it.; echo hunter2; exit 3";

      Ending ending =
          shop.run(with(shop.task(Workshop.shell(script), shop.item()), secrets)).getFirst();

      assertThat(shop.log(ending)).isEqualTo("pw=***, ***.\nhunter2\n");
      assertThat(ending.toString()).doesNotContain("hunter2!");
    }
  }

  @Test
  void withoutASandboxFilesAreRefused() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NONE)) {
      Ending ending =
          shop.run(with(shop.task(Workshop.shell("true"), shop.item()), secrets())).getFirst();

      assertThat(ending).isInstanceOf(Ending.Failed.class);
      assertThat(ending.tries().getFirst().problem())
          .contains(
              "`transform.secrets[].mountPath` needs a sandbox, and this server runs with `--sandbox"
                  + " none`: use `envVar`.");
    }
  }

  /// A value may lie across any cut of the stream.
  @Test
  void longTextIsMaskedAsShortTextIs() throws IOException {
    Random random = new Random(6);
    StringBuilder text = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      String filler = "h".repeat(random.nextInt(90)) + "unter-";
      text.append(filler).append("hunter2!");
      expected.append(filler).append("***");
    }
    Mask mask = new Mask(List.of(PASSWORD, KEY, "abc".getBytes(StandardCharsets.UTF_8)));

    byte[] masked =
        mask.over(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)))
            .readAllBytes();

    assertThat(new String(masked, StandardCharsets.UTF_8)).isEqualTo(expected.toString());
  }

  /// Files that hold the password, here and where memory is shared.
  private static List<Path> remains(Path base) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(base)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> {
            try {
              String text = Files.readString(file, StandardCharsets.ISO_8859_1);
              if (text.contains("hunter2!")) {
                found.add(file);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    try (Stream<Path> memory = Files.list(Path.of("/dev/shm"))) {
      memory
          .filter(file -> file.getFileName().toString().startsWith("dassie-"))
          .forEach(found::add);
    }
    return found;
  }
}
