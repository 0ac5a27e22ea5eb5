package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Packs;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.Metadata;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The version room on the stores of a real instance. A database's test extends this.
abstract class VersionsOnSqlContract {
  private static final RepoName IMAGES = new RepoName("default", "images");
  private static final BranchName MASTER = new BranchName(IMAGES, "master");

  @TempDir Path folder;

  /// Opens the same database at each call.
  protected abstract Metadata database();

  private World open(Metadata metadata) throws Exception {
    Files.createDirectories(folder.resolve("objects"));
    return new World(
        folder,
        metadata,
        new Packs(new DiskObjectStore(folder.resolve("objects")), folder.resolve("index")));
  }

  private static Commit put(World world, Call call, String path) {
    try (FileWriter writer = world.files.write(call, MASTER)) {
      writer.put(
          FilePath.parse(path),
          false,
          new ByteArrayInputStream(path.getBytes(StandardCharsets.UTF_8)),
          false,
          Optional.empty());
      return writer.commit();
    }
  }

  @Test
  void putsOfManyThreadsMakeALinearHistoryThatIsThereAfterAReopen() throws Exception {
    try (Metadata metadata = database();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      World world = open(metadata);
      world.versions.change(World.ANN, change -> change.createRepo(IMAGES, ""));
      List<Future<Commit>> puts = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String path = "/f" + i;
        puts.add(threads.submit(() -> put(world, World.ANN, path)));
      }
      for (Future<Commit> put : puts) {
        assertThat(put.get().isOpen()).isFalse();
      }
    }

    try (Metadata metadata = database()) {
      World world = open(metadata);
      Commit head = world.versions.resolve(IMAGES, "master");
      assertThat(head.finishedFiles().orElseThrow().files()).isEqualTo(20);
      assertThat(world.versions.history(head.name(), commit -> true, "", 100).items()).hasSize(20);
      assertThat(world.versions.resolve(IMAGES, "master.1").parent()).isEmpty();
    }
  }

  @Test
  void aRefusalAndARepeatedKeyLeaveTheDatabaseAsItWas() throws Exception {
    try (Metadata metadata = database()) {
      World world = open(metadata);
      world.versions.change(World.ANN, change -> change.createRepo(IMAGES, ""));
      Call keyed = new Call("local:ann", "", Optional.of("k"));
      Commit first = put(world, keyed, "/a");
      long position = world.versions.position();

      Commit again = put(world, keyed, "/a");

      assertThat(again).isEqualTo(first);
      assertThatThrownBy(() -> put(world, World.ANN, "/a/b")).hasMessageContaining("/a");
      assertThatThrownBy(() ->
              world.versions.change(
                  World.ANN,
                  change -> {
                    change.startCommit(MASTER);
                    return change.startCommit(MASTER);
                  }))
          .hasMessageContaining("open commit");
      assertThat(world.versions.position()).isEqualTo(position);
    }
  }
}
