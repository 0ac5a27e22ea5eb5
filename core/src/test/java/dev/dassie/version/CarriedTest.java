package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small files in an open commit: their bytes stand in its journal until it is folded.
class CarriedTest {
  private static final BranchName MASTER = World.branch("images@master");
  private static final int SMALL = 1_000;

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private Packs packs;
  private World world;
  private Commit open;

  @BeforeEach
  void open() {
    packs = new Packs(objects, folder.resolve("index"));
    world = new World(folder, new MemoryMetadata(), packs);
    world.createRepo("images");
    open = world.start("images@master");
  }

  @AfterEach
  void close() {
    packs.close();
  }

  private void put(String path, byte[] bytes, boolean append) {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      writer.put(
          new FilePath(path), false, new ByteArrayInputStream(bytes), append, Optional.empty());
      writer.commit();
    }
  }

  private byte[] get(Versions versions, String path) throws IOException {
    ReadView view = versions.read("default", "images@master");
    Entry.File file =
        (Entry.File) view.reader().find(view.files(), new FilePath(path)).orElseThrow();
    try (InputStream in = view.reader().open(file)) {
      return in.readAllBytes();
    }
  }

  private int dataPacks() {
    return objects.list("packs/data/", "", 1_000).size();
  }

  @Test
  void smallFilesCostNoPackBeforeTheCommitIsFinished() throws IOException {
    for (int i = 0; i < 20; i++) {
      put("f" + i, Noise.bytes(i, SMALL), false);
    }

    assertThat(objects.list("packs/data/", "", 10)).isEmpty();
    assertThat(get(world.versions, "f7")).isEqualTo(Noise.bytes(7, SMALL));
    Versions restarted =
        new Versions(world.metadata, packs, folder, world.clock, IdSource.random());
    assertThat(get(restarted, "f7")).isEqualTo(Noise.bytes(7, SMALL));
    world.files.finish(World.ANN, open.name());

    assertThat(dataPacks()).isEqualTo(1);
    assertThat(get(world.versions, "f7")).isEqualTo(Noise.bytes(7, SMALL));
  }

  @Test
  void aFullJournalIsFoldedWithTheChunksThatStandInIt() throws IOException {
    for (int i = 0; i <= Journal.MAX_ROWS; i++) {
      put("d" + i % 7 + "/f" + i, Noise.bytes(i, SMALL), false);
    }

    assertThat(dataPacks()).isEqualTo(1);
    assertThat(get(world.versions, "d0/f0")).isEqualTo(Noise.bytes(0, SMALL));
    assertThat(get(world.versions, "d6/f1000")).isEqualTo(Noise.bytes(1_000, SMALL));
  }

  @Test
  void whatStandsInAJournalCanBeAppendedToAndCopiedElsewhere() throws IOException {
    byte[] first = Noise.bytes(1, SMALL);
    byte[] second = Noise.bytes(2, SMALL);
    put("f", first, false);
    put("f", second, true);
    byte[] both = Arrays.copyOf(first, 2 * SMALL);
    System.arraycopy(second, 0, both, SMALL, SMALL);
    put("g", second, false);
    ReadView view = world.versions.read("default", "images@master");
    world.createRepo("other");
    try (FileWriter writer = world.files.write(World.ANN, World.branch("other@master"))) {
      writer.copy(view, new FilePath("g"), new FilePath("h"), FileAttributes.NONE);
      writer.commit();
    }

    assertThat(get(world.versions, "f")).isEqualTo(both);
    ReadView other = world.versions.read("default", "other@master");
    Entry.File copied =
        (Entry.File) other.reader().find(other.files(), new FilePath("h")).orElseThrow();
    try (InputStream in = other.reader().open(copied)) {
      assertThat(in.readAllBytes()).isEqualTo(second);
    }
    world.files.finish(World.ANN, open.name());
    assertThat(get(world.versions, "f")).isEqualTo(both);
  }

  @Test
  void theRowIsTheBytesOfTheFormat() {
    byte[] chunk = {1, 2, 3};
    Body body = new Body.Single(dev.dassie.content.Digest.of(chunk), 3);
    Edit put = new Edit.Put(new FilePath("f"), true, body, FileAttributes.NONE.withEtag("e"));
    Journal.Noted noted = new Journal.Noted(put, Optional.of(chunk));

    assertThat(HexFormat.of().formatHex(Journal.encode(noted)))
        .isEqualTo("010a016601" + "03010203" + "03020165");
    assertThat(Journal.entry(Journal.encode(noted)).edit()).isEqualTo(put);
    assertThat(Journal.entry(Journal.encode(noted)).chunk().orElseThrow()).isEqualTo(chunk);
  }
}
