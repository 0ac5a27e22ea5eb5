package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretName;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.Call;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretsTest {
  private static final Call ANN = World.ANN;
  private static final SecretName DB = new SecretName("default", "db");
  private static final String PASSWORD = "correct horse battery";

  @TempDir Path folder;
  private World world;
  private Path keyFile;
  private Secrets secrets;

  @BeforeEach
  void open() {
    world = new World(folder);
    keyFile = folder.resolve("secret.key");
    secrets = new Secrets(world.versions, keyFile);
    world.versions.change(ANN, change -> change.createRepo(new RepoName("default", "images"), ""));
  }

  private static SecretValues values(String... pairs) {
    Map<String, byte[]> values = new java.util.TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return new SecretValues(values);
  }

  private static PipelineSpec spec(SecretUse... uses) {
    PipelineSpec plain = Specs.spec("edges", Specs.files("images", "/*"));
    return plain.with(plain.transform().with(Optional.empty(), List.of(uses)));
  }

  private static SecretUse variable(String secret, String key) {
    return new SecretUse(secret, Optional.of(key), Optional.empty(), Optional.of("PASSWORD"));
  }

  private Pipeline create(PipelineSpec spec) {
    Pipelines pipelines = new Pipelines(world.versions, new Random(1));
    return pipelines
        .create(ANN, List.of(new Draft(spec, "{}", Optional.empty(), Optional.empty())))
        .getFirst();
  }

  @Test
  void theDatabaseHoldsNoValueAndTheKeyFileIsItsOwnersAlone() throws IOException {
    Secret secret = secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);

    assertThat(secret.keys()).containsExactly("password");
    assertThat(Files.getPosixFilePermissions(keyFile))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    List<Metadata.Row> rows = world.metadata.read(reader -> reader.scan("secret", "", "", 10));
    assertThat(rows).hasSize(1);
    assertThat(new String(rows.getFirst().value(), StandardCharsets.ISO_8859_1))
        .doesNotContain(PASSWORD);
    for (Metadata.Event event : world.metadata.events(0, 1000)) {
      assertThat(new String(event.value(), StandardCharsets.ISO_8859_1)).doesNotContain(PASSWORD);
    }
  }

  @Test
  void valuesComeBackAndEachWriteIsAVersionUnlessItSaysTheSame() {
    Secret first = secrets.write(ANN, DB, "Opaque", values("password", "one"), false);
    Secret same = secrets.write(ANN, DB, "Opaque", values("password", "one"), true);
    Secret second = secrets.write(ANN, DB, "Opaque", values("password", "two"), true);

    SecretStore.Opened opened = secrets.open(spec(variable("db", "password"))).getFirst();

    assertThat(same).isEqualTo(first);
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(opened.values().get("password").orElseThrow()).asString().isEqualTo("two");
    assertThat(opened.toString()).doesNotContain("two");
    assertThatThrownBy(() -> secrets.write(ANN, DB, "Opaque", values("password", "x"), false))
        .hasMessage("A secret named `db` exists already.");
  }

  @Test
  void withoutItsKeyNothingOpensAndNothingNewIsEncrypted() throws IOException {
    secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);
    Files.delete(keyFile);

    assertThatThrownBy(() -> secrets.open(spec(variable("db", "password"))))
        .hasMessage("The key of all secrets, the file `%s`, is not there.".formatted(keyFile));
    SecretName other = new SecretName("default", "other");
    assertThatThrownBy(() -> secrets.write(ANN, other, "Opaque", values("a", "b"), false))
        .hasMessageStartingWith("The key of all secrets");

    secrets.delete(ANN, DB);
    assertThat(secrets.write(ANN, DB, "Opaque", values("password", "x"), false).version())
        .isEqualTo(1);
  }

  @Test
  void anotherKeyIsNamed() throws IOException {
    secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);
    Files.writeString(keyFile, "00".repeat(32) + "\n");

    assertThatThrownBy(() -> secrets.open(spec(variable("db", "password"))))
        .hasMessageMatching(
            "The secret `db` was encrypted with the key `[0-9a-f]{16}`, and `.*` holds the key"
                + " `66687aadf862bd77`.");
  }

  @Test
  void aRowThatWasChangedOrMovedDoesNotOpen() {
    secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);
    Metadata.Key key = new Metadata.Key("secret", "default/db");
    byte[] row = world.metadata.read(rows -> rows.get(key)).orElseThrow();
    world.metadata.write(rows -> {
      rows.put(new Metadata.Key("secret", "default/copy"), row);
      byte[] changed = row.clone();
      changed[changed.length - 1] ^= 1;
      rows.put(key, changed);
      return true;
    });

    for (String name : List.of("db", "copy")) {
      assertThatThrownBy(() -> secrets.open(spec(variable(name, "password"))))
          .isInstanceOfSatisfying(
              DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class));
    }
  }

  @Test
  void aPipelineWithASecretOrKeyThatIsNotThereIsRefused() {
    secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);

    assertThatThrownBy(() -> create(spec(variable("dbb", "password"))))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> {
              assertThat(e).hasMessage("No secret is named `dbb`.");
              assertThat(e.fault().hint()).hasValueSatisfying(h -> assertThat(h).contains("db"));
            });
    assertThatThrownBy(() -> create(spec(variable("db", "pasword"))))
        .hasMessage("No key of the secret `db` is named `pasword`.");
  }

  @Test
  void aSecretThatAPipelineUsesIsNotDeletedAndAProjectWithSecretsNeither() {
    world.versions.change(ANN, change -> change.createProject("lab", ""));
    secrets.write(ANN, new SecretName("lab", "db"), "Opaque", values("a", "b"), false);
    secrets.write(ANN, DB, "Opaque", values("password", PASSWORD), false);
    create(spec(variable("db", "password")));

    assertThatThrownBy(() -> secrets.delete(ANN, DB))
        .hasMessage("The secret `db` cannot be deleted: the pipeline `edges` uses it.");
    assertThatThrownBy(() ->
            world.versions.change(
                ANN,
                change -> {
                  change.deleteProject("lab");
                  return true;
                }))
        .hasMessageContaining("has secrets");
  }

  @Test
  void namesAndKeysThatNoFileCouldHaveAreRefused() {
    for (String name : List.of("", "-a", "a/b", "..", "a.", "a b")) {
      assertThatThrownBy(() -> new SecretName("default", name)).isInstanceOf(DassieException.class);
    }
    for (String key : List.of("", ".", "..", "a/b", "a\0b")) {
      assertThatThrownBy(() -> values(key, "x")).isInstanceOf(DassieException.class);
    }
    assertThatThrownBy(() -> new SecretValues(Map.of("big", new byte[(1 << 20) + 1])))
        .hasMessage("The size of the secret is `1048577 bytes`, expected at most 1 MiB.");
  }
}
