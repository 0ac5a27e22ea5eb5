package dev.dassie.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Fileset;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.remote.ArchiveFormat.Kind;
import dev.dassie.remote.ArchiveFormat.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Archives that were cut off, damaged or forged: refused, and nothing of them is there.
@Timeout(120)
class HostileArchivesTest {
  @TempDir Path folder;
  private Site here;
  private Site there;

  @BeforeEach
  void open() throws IOException {
    here = new Site(folder, 1);
    there = new Site(folder, 2);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void everyCutIsRefusedAtItsPlaceAndNothingIsThere() throws IOException {
    byte[] whole = ArchivesTest.golden("archive-1.dar");
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);

      String expected = length < ArchiveFormat.START ? "no archive" : "cut off at byte " + length;
      assertThatThrownBy(() -> here.take(cut))
          .isInstanceOf(DassieException.class)
          .hasMessageContaining(expected);
    }
    assertThat(here.versions.findRepo(Site.repo("golden"))).isEmpty();
  }

  @Test
  void everyFlippedByteIsRefusedAndNothingIsThere() throws IOException {
    byte[] whole = ArchivesTest.golden("archive-1.dar");
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;

      assertThatThrownBy(() -> here.take(damaged))
          .as("byte " + at)
          .isInstanceOf(DassieException.class);
    }
    assertThat(here.versions.findRepo(Site.repo("golden"))).isEmpty();
  }

  @Test
  void bytesBehindTheEndAreRefused() throws IOException {
    byte[] whole = ArchivesTest.golden("archive-1.dar");

    assertThatThrownBy(() -> here.take(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessageContaining("followed by more bytes");
  }

  @Test
  void chunkThatOnlyThisInstanceHasIsNotToBeHadByNamingIt() throws IOException {
    ArchivesTest.history(here);
    List<Frame> frames = new ArrayList<>(Site.frames(here.export("golden")));
    frames.removeIf(frame -> frame.kind() == Kind.DATA);

    byte[] lacking = Site.archive(Scope.REPOS, frames);

    assertThatThrownBy(() -> here.take(lacking)).hasMessageContaining("lacks the chunk");
    assertThatThrownBy(() -> there.take(lacking)).hasMessageContaining("lacks the chunk");
    assertThat(there.versions.findRepo(Site.repo("golden"))).isEmpty();
  }

  @Test
  void itemsThatComeTooLateOrDoNotBelongAreRefused() throws IOException {
    ArchivesTest.history(here);
    List<Frame> frames = Site.frames(here.export("golden"));
    List<Frame> backwards = frames.reversed();
    List<Frame> foreign = new ArrayList<>(frames);
    foreign.add(new Frame(Kind.RESULTS, new Encoder().bool(false).varint(0).toBytes()));
    List<Frame> withoutRepo = frames.stream().filter(f -> f.kind() != Kind.VERSION).toList();

    assertThatThrownBy(() -> there.take(Site.archive(Scope.REPOS, backwards)))
        .isInstanceOf(DassieException.class);
    assertThatThrownBy(() -> there.take(Site.archive(Scope.REPOS, foreign)))
        .hasMessageContaining("no place there");
    assertThat(there.take(Site.archive(Scope.REPOS, withoutRepo)).repos()).isZero();
    assertThat(there.versions.findRepo(Site.repo("golden"))).isEmpty();
  }

  @Test
  void whateverStandsInItemsIsAtMostRefused() throws IOException {
    ArchivesTest.history(here);
    Random random = new Random(5);
    List<Frame> frames = Site.frames(here.export("golden"));
    for (int round = 0; round < 300; round++) {
      byte[] archive = Site.archive(Scope.REPOS, Site.mangled(frames, random));
      try (Site site = new Site(folder.resolve("round" + round), 3)) {
        try {
          Archives.Imported _ = site.take(archive);
        } catch (DassieException e) {
          assertThat(site.versions.findRepo(Site.repo("golden"))).isEmpty();
        }
      }
    }
  }

  @Test
  void itemThatIsNoneIsRefusedAtItsPlace() throws IOException {
    byte[] archive =
        Site.archive(Scope.REPOS, List.of(new Frame(Kind.VERSION, new byte[] {99, 1, 2})));

    assertThatThrownBy(() -> here.take(archive))
        .hasMessageContaining("damaged at byte 16: ")
        .hasMessageContaining("kind 99");
  }

  @Test
  void sumsThatTheFilesDoNotHaveAreRefused() throws IOException {
    Fileset files = oneFile();
    Fileset lying = new Fileset(files.content(), files.attributes(), files.files(), 7);

    assertThatThrownBy(() -> there.take(Site.archive(Scope.REPOS, swapped(files, lying))))
        .hasMessageContaining("1 files of 7 bytes");
  }

  @Test
  void namesThatNoPathCanHaveAreRefused() throws IOException {
    // A directory with one file of two bytes, `hi`, that is named `..`.
    byte[] node = HexFormat.of().parseHex("02000100022e2e0501020068" + "69");
    Fileset hostile = new Fileset(Digest.of(node), Optional.empty(), 1, 2);
    List<Frame> frames = swapped(oneFile(), hostile);
    frames.addFirst(new Frame(Kind.TREE, node));

    assertThatThrownBy(() -> there.take(Site.archive(Scope.REPOS, frames)))
        .hasMessageContaining("names of files");
    assertThat(there.versions.findRepo(Site.repo("golden"))).isEmpty();
  }

  private Fileset oneFile() {
    here.make("golden");
    return here.put("golden@master", "a", "12345").finishedFiles().orElseThrow();
  }

  /// An archive of `golden` in which another fileset stands in the place of one.
  private List<Frame> swapped(Fileset told, Fileset other) throws IOException {
    HexFormat hex = HexFormat.of();
    List<Frame> frames = new ArrayList<>();
    for (Frame frame : Site.frames(here.export("golden"))) {
      String text = hex.formatHex(frame.bytes());
      String bytes = text.replace(hex.formatHex(bytes(told)), hex.formatHex(bytes(other)));
      frames.add(new Frame(frame.kind(), hex.parseHex(bytes)));
    }
    return frames;
  }

  private static byte[] bytes(Fileset files) {
    Encoder out = new Encoder();
    files.write(out);
    return out.toBytes();
  }
}
