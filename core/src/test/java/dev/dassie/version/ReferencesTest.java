package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.content.Outside;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// References as stored: docs/format.md, "References".
class ReferencesTest {
  private static final Outside FILE = new Outside("file:///data/a.csv", 300, "mtime:17.000000005");

  @TempDir Path folder;

  @Test
  void hashIsOfTheReferenceUnderAnAlgorithmOfItsOwn() {
    Hash hash = new Body.Reference(FILE).hash();

    assertThat(hash.algorithm()).isEqualTo(Hash.Algorithm.REFERENCE);
    assertThat(hash.toString())
        .isEqualTo("04:dae7fef7eb46a87378fa7cace947cb9b727e0ccd41913afe394dd747d0f95b5f");
  }

  @Test
  void storedFormIsSizeLocationAndVersion() {
    Encoder out = new Encoder();
    FILE.write(out);

    assertThat(HexFormat.of().formatHex(out.toBytes()))
        .isEqualTo(
            "ac02"
                + "1266696c653a2f2f2f646174612f612e637376"
                + "126d74696d653a31372e303030303030303035");
    assertThat(Outside.read(new Decoder("test", out.toBytes()))).isEqualTo(FILE);
  }

  @Test
  void journalRowHasTheBodyOfKindThree() {
    FilePath path = FilePath.parse("/a");
    Edit put = new Edit.Put(path, false, new Body.Reference(FILE), Optional.empty());
    byte[] row = Journal.encode(put);

    assertThat(HexFormat.of().formatHex(row))
        .isEqualTo(
            "01"
                + "01"
                + "0161"
                + "00"
                + "03"
                + "ac02"
                + "1266696c653a2f2f2f646174612f612e637376"
                + "126d74696d653a31372e303030303030303035"
                + "00");
  }

  @Test
  void referenceIsAFileOfItsSizeAndSurvivesGraftsAndOpenCommits() {
    World world = new World(folder);
    world.createRepo("images");
    BranchName master = World.branch("images@master");
    Commit first;
    try (FileWriter writer = world.files.write(World.ANN, master)) {
      writer.put(FilePath.parse("/d/a"), true, new Body.Reference(FILE), false, Optional.empty());
      first = writer.commit();
    }
    try (FileWriter writer = world.files.write(World.ANN, master)) {
      ReadView view = world.versions.read(first.name());
      writer.copy(view.files(), FilePath.parse("/d"), FilePath.parse("/e"), false);
      writer.commit();
    }

    ReadView view = world.versions.read("default", "images@master");
    List<Entry> found =
        List.of(
            view.reader().find(view.files(), FilePath.parse("/d/a")).orElseThrow(),
            view.reader().find(view.files(), FilePath.parse("/e/a")).orElseThrow());

    assertThat(found)
        .allSatisfy(entry -> {
          assertThat(entry.size()).isEqualTo(300);
          assertThat(((Entry.File) entry).body()).isEqualTo(new Body.Reference(FILE));
          assertThat(((Entry.File) entry).executable()).isFalse();
        });
    assertThat(view.files().size()).isEqualTo(600);
  }

  @Test
  void whereNothingReachesOutAReadIsRefused() throws IOException {
    World world = new World(folder);
    Filesets files = new Filesets(world.versions.chunks());

    assertThatThrownBy(
            () -> {
              try (InputStream _ = files.open(new Body.Reference(FILE))) {
                throw new AssertionError("opened");
              }
            })
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("file:///data/a.csv");
  }
}
