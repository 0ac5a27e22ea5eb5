package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkReader;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What reads of an open commit cost, in chunks that are read.
class OpenCommitScaleTest {
  private static final int FILES = 20_000;
  private static final int PAGE = 100;

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      for (int i = 0; i < FILES; i++) {
        byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        writer.put(path(i), false, new ByteArrayInputStream(bytes), false, Optional.empty());
      }
      Commit _ = writer.commit();
    }
    Commit _ = world.start("images@master");
  }

  private static FilePath path(int i) {
    return new FilePath("dir/f%05d".formatted(i));
  }

  private void delete(int from, int to) {
    for (int i = from; i < to; i++) {
      try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
        writer.delete(path(i));
        Commit _ = writer.commit();
      }
    }
  }

  /// Chunks read to list a page from the start of the directory.
  private int readsOfAPage(String first) {
    ReadView view = world.versions.read("default", "images@master");
    AtomicInteger reads = new AtomicInteger();
    ChunkReader counted =
        id -> {
          reads.incrementAndGet();
          return view.chunks().read(id);
        };
    Iterator<Entry> all = new Filesets(counted).list(view.files(), new FilePath("dir"), "");
    assertThat(all.next().path().name()).isEqualTo(first);
    for (int i = 1; i < PAGE; i++) {
      all.next();
    }
    return reads.get();
  }

  @Test
  void aPageOfAnOpenCommitCostsTheSameAfterThousandsOfDeletesBeforeIt() {
    delete(0, 10);
    int few = readsOfAPage("f00010");

    delete(10, 3_500);
    int many = readsOfAPage("f03500");

    assertThat(few).isLessThanOrEqualTo(8);
    assertThat(many).isLessThanOrEqualTo(8);
  }

  @Test
  void aDirectoryWithAllItsFilesGoesByOneEditOfTheJournal() {
    try (FileWriter writer = world.files.write(World.ANN, World.branch("images@master"))) {
      writer.delete(new FilePath("dir"));
      Commit _ = writer.commit();
    }

    ReadView view = world.versions.read("default", "images@master");
    assertThat(view.files().files()).isZero();
    assertThat(
            world.metadata.<Integer>read(rows -> rows.scan(Tables.JOURNAL, "", "", 1_000).size()))
        .isEqualTo(1);
  }
}
