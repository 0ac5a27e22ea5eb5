package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.secret.AccessKeyStore;
import dev.dassie.version.Call;
import dev.dassie.version.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessKeysTest {
  @TempDir Path folder;
  private World world;
  private AccessKeys keys;

  @BeforeEach
  void open() {
    world = new World(folder);
    keys = new AccessKeys(world.versions, folder.resolve("secret.key"));
  }

  @Test
  void aKeyIsFoundWithItsSecretAndTheDatabaseDoesNotHoldIt() {
    AccessKeyStore.Opened made = keys.create(World.ANN);

    AccessKeyStore.Opened found = keys.find(made.key().id()).orElseThrow();

    assertThat(found.secret()).isEqualTo(made.secret()).hasSize(40);
    assertThat(found.key().author()).isEqualTo(World.ANN.principal());
    assertThat(made.toString()).doesNotContain(made.secret());
    List<Metadata.Row> rows =
        world.versions.metadata().read(all -> all.scan("access_key", "", "", 10));
    assertThat(rows)
        .singleElement()
        .satisfies(row ->
            assertThat(new String(row.value(), StandardCharsets.ISO_8859_1))
                .doesNotContain(made.secret()));
  }

  @Test
  void aRepeatedCallTellsTheSameKey() {
    Call call = new Call("local:ann", "", Optional.of("once"));

    String first = keys.create(call).secret();

    assertThat(keys.create(call).secret()).isEqualTo(first);
    assertThat(keys.list("", 10).items()).hasSize(1);
  }

  @Test
  void aDeletedKeyIsFoundNoMore() {
    String id = keys.create(World.ANN).key().id();

    keys.delete(World.ANN, id);

    assertThat(keys.find(id)).isEmpty();
    assertThatThrownBy(() -> keys.delete(World.ANN, id))
        .hasMessageContaining("No access key is named `" + id + "`");
  }
}
