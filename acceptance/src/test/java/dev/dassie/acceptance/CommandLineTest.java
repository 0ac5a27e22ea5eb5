package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What commands print, and to where: data on stdout, messages on stderr, in the form asked for.
class CommandLineTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("dassie create repo images -d 'pictures of animals'").expect(0);
    dassie.run("printf hello | dassie put file images@master:/hello.txt -f -").expect(0);
    dassie.run(
        "mkdir -p tree/deep && printf a > tree/a && printf b > tree/deep/'b c' && chmod +x tree/a");
    dassie.run("dassie put file -r images@master:/tree -f tree -m 'a whole tree'").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void aTableIsForPeople() throws Exception {
    List<String> lines = dassie.run("dassie list repo").expect(0).lines();

    assertThat(lines.get(0)).matches("PROJECT +NAME +CREATED +SIZE +FILES +DESCRIPTION");
    assertThat(lines.get(1)).matches("default +images +.* ago +7 B +3 +pictures of animals");
  }

  @Test
  void jsonIsOneDocumentWithItemsAndNext() throws Exception {
    String types =
        dassie
            .run(
                "dassie list file images@master:/ -o json | python3 -c \"import json,sys;"
                    + " d=json.load(sys.stdin); print([f['path'] for f in d['items']], d['next'])\"")
            .expect(0)
            .out();

    assertThat(types).isEqualTo("['/hello.txt', '/tree/'] None\n");
  }

  @Test
  void aPageSaysWhereTheNextBegins() throws Exception {
    String cursor =
        dassie
            .run(
                "dassie list file images@master:/ -o json --limit 1 | python3 -c \"import json,sys;"
                    + " d=json.load(sys.stdin); print(d['next'])\"")
            .expect(0)
            .out()
            .strip();

    Instance.Result second =
        dassie.run("dassie list file images@master:/ -o jsonl --limit 1 --cursor " + cursor);

    assertThat(second.expect(0).lines()).singleElement().asString().contains("\"/tree/\"");
  }

  @Test
  void jsonLinesAreOneItemALine() throws Exception {
    Instance.Result walked = dassie.run("dassie glob file 'images@master:/**' -o jsonl").expect(0);

    assertThat(walked.lines()).hasSize(5).allMatch(line -> line.startsWith("{\"path\":\"/"));
  }

  @Test
  void yamlIsReadable() throws Exception {
    Instance.Result file = dassie.run("dassie inspect file images@master:/hello.txt -o yaml");

    assertThat(file.expect(0).lines()).contains("kind: file", "size_bytes: 5");
  }

  @ParameterizedTest
  @CsvSource({
    "inspect repo images,3",
    "list branch images,2",
    "inspect branch images@master,3",
    "list commit images@master,3",
    "inspect commit images@master^,4",
    "list pipeline,1",
    "list job,1",
    "status,4",
    "config explain,3",
  })
  void everyViewHasATable(String command, int linesAtLeast) throws Exception {
    Instance.Result shown = dassie.run("dassie " + command).expect(0);

    assertThat(shown.lines()).hasSizeGreaterThanOrEqualTo(linesAtLeast);
    assertThat(shown.err()).isEmpty();
  }

  @Test
  void startCommitPrintsTheIdAndPutsGoIntoIt() throws Exception {
    dassie.run("dassie create repo open").expect(0);

    String id = dassie.run("dassie start commit open@master").expect(0).out().strip();
    dassie.run("printf 1 | dassie put file open@" + id + ":/one -f -").expect(0);
    dassie.run("printf 2 | dassie put file open@master:/two -f -").expect(0);
    dassie.run("dassie finish commit open@master").expect(0);

    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(dassie.run("dassie list commit open@master -o jsonl").expect(0).lines()).hasSize(1);
    assertThat(dassie.run("dassie get file open@" + id + ":/one").expect(0).out()).isEqualTo("1");
    assertThat(dassie.run("dassie get file open@" + id + ":/two").expect(0).out()).isEqualTo("2");
    assertThat(dassie.run("dassie list commit " + id + " -o jsonl").expect(0).lines()).hasSize(1);
  }

  @Test
  void aTreeIsOneCommitAndComesBackWithNamesAndModes() throws Exception {
    dassie.run("dassie get file -r images@master:/tree -o back").expect(0);

    dassie.run("diff -r tree back && test -x back/a && test ! -x back/deep/'b c'").expect(0);
    assertThat(dassie.run("dassie inspect commit images@master").expect(0).out())
        .contains("Message: a whole tree");
  }

  @Test
  void aPartOfAFileIsReadFromItsOffset() throws Exception {
    String part =
        dassie
            .run("dassie get file images@master:/hello.txt --offset 1 --length 3")
            .expect(0)
            .out();

    assertThat(part).isEqualTo("ell");
  }

  @Test
  void severalSourcesAreOneCommit() throws Exception {
    dassie.run("dassie create repo many").expect(0);
    dassie.run("printf 1 > one && printf 2 > two").expect(0);

    dassie.run("printf 3 | dassie put file many@master:/in/ -f one -f two").expect(0);

    assertThat(dassie.run("dassie list commit many -o jsonl").expect(0).lines()).hasSize(1);
    assertThat(dassie.run("dassie list file many@master:/in").expect(0).out())
        .contains("/in/one", "/in/two");
  }

  @Test
  void appendedBytesStandBehindThoseThatAreThere() throws Exception {
    dassie.run("dassie create repo log").expect(0);
    dassie.run("printf a | dassie put file log@master:/l -f -").expect(0);

    dassie.run("printf b | dassie put file -a log@master:/l -f -").expect(0);

    assertThat(dassie.run("dassie get file log@master:/l").expect(0).out()).isEqualTo("ab");
  }

  @Test
  void diffSaysWhatChangedAndHasAnExitCode() throws Exception {
    dassie.run("dassie create repo changes").expect(0);
    dassie.run("printf 1 | dassie put file changes@master:/x -f -").expect(0);
    dassie.run("printf 2 | dassie put file changes@master:/y -f -").expect(0);

    Instance.Result changed =
        dassie.run("dassie diff file changes@master --name-only --exit-code").expect(1);

    assertThat(changed.lines()).containsExactly("/y");
    dassie.run("dassie diff file changes@master changes@master --exit-code").expect(0);
  }

  @Test
  void copyAndDeleteAreCommits() throws Exception {
    dassie.run("dassie create repo copies").expect(0);

    dassie.run("dassie copy file images@master:/tree copies@master:/t").expect(0);
    dassie.run("dassie delete file copies@master:/t/deep").expect(0);

    assertThat(dassie.run("dassie glob file 'copies@master:/**' -o jsonl").expect(0).lines())
        .noneMatch(line -> line.contains("deep"))
        .anyMatch(line -> line.contains("\"/t/a\""));
  }

  @Test
  void tagsStayWhereTheyAre() throws Exception {
    dassie.run("dassie create repo tagged").expect(0);
    dassie.run("printf 1 | dassie put file tagged@master:/x -f -").expect(0);
    dassie.run("dassie create tag tagged@v1 --head master").expect(0);
    dassie.run("printf 2 | dassie put file tagged@master:/x -f -").expect(0);

    assertThat(dassie.run("dassie get file tagged@v1:/x").expect(0).out()).isEqualTo("1");
    dassie.run("dassie create tag tagged@v1 --head master").expect(5);
  }

  @Test
  void metadataIsSetAndDeleted() throws Exception {
    dassie.run("dassie create repo described").expect(0);
    dassie.run("dassie edit metadata repo described owner=ann level=2").expect(0);
    dassie.run("dassie edit metadata repo described level-").expect(0);

    assertThat(dassie.run("dassie inspect repo described").expect(0).lines())
        .contains("Metadata: owner=ann");
  }

  @Test
  void aFileNamedToForgeATableStaysOnItsLine() throws Exception {
    dassie.run("dassie create repo names").expect(0);
    dassie.run("printf x | dassie put file $'names@master:/a\\033[2Jb\\nforged' -f -").expect(0);

    Instance.Result listed = dassie.run("dassie list file names@master:/").expect(0);

    assertThat(listed.lines()).hasSize(2);
    assertThat(listed.out()).contains("/a\\x1b[2Jb\\nforged").doesNotContain("\u001b");
  }

  @Test
  void aTargetAppearsWholeOrNotAtAll() throws Exception {
    dassie.run("dassie get file images@master:/none -o none.txt").expect(3);

    assertThat(Files.exists(dassie.work().resolve("none.txt"))).isFalse();
  }

  @Test
  void upAndDownMayBeSaidTwice() throws Exception {
    assertThat(dassie.run("dassie up").expect(0).err()).contains("runs at").contains("already");
    dassie.run("DASSIE_HOME=$PWD/empty dassie down").expect(0);
  }
}
