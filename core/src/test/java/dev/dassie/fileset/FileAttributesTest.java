package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FileAttributes.Header;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileAttributesTest {
  private static final FilePath PATH = FilePath.parse("a/b");
  private static final FileAttributes ALL =
      FileAttributes.ofType(Optional.of("text/csv"))
          .withEtag("0123")
          .withWritten(Instant.ofEpochSecond(1, 2))
          .withHeaders(Map.of(Header.EXPIRES, "x", Header.CACHE_CONTROL, "no"))
          .withUser(Map.of("b", "2", "a", "1"))
          .withChecksums(List.of(new Checksum(Checksum.Algorithm.CRC32C, "AAAAAQ==", 3)))
          .withParts(List.of(new FileAttributes.Run(5, 2)));

  private final Trees trees = new Trees();

  @Test
  void theRecordIsTheBytesOfTheFormat() {
    String hex =
        "0108746578742f637376" // 1: text/csv
            + "020430313233" // 2: 0123
            + "0309000000000000000102" // 3: 1 s, 2 ns
            + "04026e6f" // 4: no
            + "080178" // 8: x
            + "0909020161013101620132" // 9: a=1, b=2
            + "0a080102030400000001" // 10: CRC-32C of 3 parts
            + "0b03010502"; // 11: 2 of 5 bytes

    assertThat(HexFormat.of().formatHex(ALL.encode(PATH))).isEqualTo(hex);
    assertThat(FileAttributes.decode(HexFormat.of().parseHex(hex))).isEqualTo(ALL);
    assertThat(FileAttributes.NONE.encode(PATH)).isEmpty();
  }

  @Test
  void fieldsOfLaterVersionsArePassedOver() {
    byte[] later =
        new Encoder()
            .raw(ALL.encode(PATH))
            .varint(77)
            .string("new")
            .varint(1L << 40)
            .string("")
            .toBytes();

    assertThat(FileAttributes.decode(later)).isEqualTo(ALL);
  }

  @Test
  void aRecordThatIsTooLongIsRefusedWithItsPath() {
    FileAttributes fat = FileAttributes.NONE.withUser(Map.of("k", "v".repeat(9_000)));

    assertThatThrownBy(() -> fat.encode(PATH))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("The attributes of /a/b is `900")
        .hasMessageContaining("at most 8,192 bytes");
    assertThatThrownBy(() -> new Checksum(Checksum.Algorithm.MD5, "AAAA", 0))
        .hasMessageContaining("16 bytes in Base64");
  }

  @Test
  void theTagOfAFileWithoutOneSaysThatItIsNoMd5() {
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("f", "abc"));
    Entry.File file = (Entry.File) trees.files.find(set, FilePath.parse("f")).orElseThrow();

    assertThat(FileAttributes.NONE.etag(file)).isEqualTo("ba7816bf8f01cfea414140de5dae2223-1");
    assertThat(ALL.etag(file)).isEqualTo("0123");
  }

  @Test
  void markersOutliveTheFilesOfTheirDirectoryAndGoWithIt() {
    Edit mark = new Edit.Mark(FilePath.parse("d"), Optional.of(ALL));
    Fileset marked = trees.apply(Filesets.EMPTY, mark, trees.put("d/f", "1"), trees.put("e", "2"));

    Fileset without = trees.apply(marked, new Edit.Remove(FilePath.parse("d/f")));
    Fileset cleared = trees.apply(marked, trees.delete("d"));
    Fileset again = trees.apply(marked, trees.delete("d"), mark);
    Fileset unmarked = trees.apply(marked, new Edit.Mark(FilePath.parse("d"), Optional.empty()));

    assertThat(keys(marked)).containsExactly("d/", "d/f", "e");
    assertThat(keys(without)).containsExactly("d/", "e");
    assertThat(without.files()).isEqualTo(1);
    assertThat(trees.files.marker(without, FilePath.parse("d"))).contains(ALL);
    assertThat(keys(cleared)).containsExactly("e");
    assertThat(keys(again)).containsExactly("d/", "e");
    assertThat(keys(unmarked)).containsExactly("d/f", "e");
  }

  @Test
  void removingAFileLeavesADirectoryOfThatName() {
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("d/f", "1"), trees.put("g", "1"));

    Fileset left =
        trees.apply(
            set, new Edit.Remove(FilePath.parse("d")), new Edit.Remove(FilePath.parse("g")));

    assertThat(keys(left)).containsExactly("d/f");
  }

  @Test
  void whatIsDescribedKeepsItsBytesAndWhatIsGoneStaysGone() {
    FilePath f = FilePath.parse("f");
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("f", "1"));

    Fileset described = trees.apply(set, new Edit.Describe(f, ALL));
    Fileset put = trees.apply(set, trees.put("f", "2"), new Edit.Describe(f, ALL));
    Fileset gone = trees.apply(set, trees.delete("f"), new Edit.Describe(f, ALL));

    assertThat(described.content()).isEqualTo(set.content());
    assertThat(trees.files.attributes(described, f)).isEqualTo(ALL);
    assertThat(trees.files.attributes(put, f)).isEqualTo(ALL);
    assertThat(gone).isEqualTo(Filesets.EMPTY);
  }

  @Test
  void keysCanBeTakenUpAnywhere() {
    Fileset set =
        trees.apply(
            Filesets.EMPTY,
            trees.typed("a/b/1", "1", "x/y"),
            trees.put("a/b/2", "2"),
            trees.put("a/c", "3"),
            new Edit.Mark(FilePath.parse("a/empty"), Optional.of(FileAttributes.NONE)),
            trees.put("a.txt", "4"),
            trees.typed("b", "5", "x/z"));

    assertThat(keys(set)).containsExactly("a.txt", "a/b/1", "a/b/2", "a/c", "a/empty/", "b");
    assertThat(rest(trees.files.keys(set).to("a/b")))
        .containsExactly("a/b/1", "a/b/2", "a/c", "a/empty/", "b");
    assertThat(rest(trees.files.keys(set).past("a/b/"))).containsExactly("a/c", "a/empty/", "b");
    assertThat(rest(trees.files.keys(set).after("a/c"))).containsExactly("a/empty/", "b");
    assertThat(rest(trees.files.keys(set).after("a/empty/"))).containsExactly("b");
    for (String odd : List.of("a//b", "a/../c", "a/./", "/a", "a/b\0", "a/" + "x".repeat(9_000))) {
      assertThat(rest(trees.files.keys(set).to(odd)))
          .isEqualTo(keys(set).stream().filter(key -> key.compareTo(odd) >= 0).toList());
    }
    assertThat(trees.files.keys(set).to("b").next().attributes().contentType()).contains("x/z");
  }

  private List<String> keys(Fileset set) {
    return rest(trees.files.keys(set));
  }

  private static List<String> rest(KeyWalk walk) {
    List<String> names = new ArrayList<>();
    walk.forEachRemaining(key -> names.add(key.name()));
    return names;
  }
}
