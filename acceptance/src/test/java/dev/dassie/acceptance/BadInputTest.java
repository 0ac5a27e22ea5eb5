package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user sees who gets it wrong: one clear sentence, the right exit code, and nothing
/// half-done.
class BadInputTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("dassie create repo images").expect(0);
    dassie.run("printf hello | dassie put file images@master:/hello.txt -f -").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void anUnknownRepoIsNotFoundAndTheNearestIsNamed() throws Exception {
    Instance.Result result = dassie.run("dassie list file image@master:/").expect(3);

    assertThat(result.err()).contains("No repo is named `image`.").contains("`images`");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aPathThatLeavesTheTreeIsRefused() throws Exception {
    String before = head();

    Instance.Result result =
        dassie.run("printf x | dassie put file 'images@master:/a/../b' -f -").expect(2);

    assertThat(result.err()).contains("a/../b").contains("without `.` and `..` parts");
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void aPathWithAnEmptyPartIsRefused() throws Exception {
    Instance.Result result =
        dassie.run("printf x | dassie put file 'images@master:/a//b' -f -").expect(2);

    assertThat(result.err()).contains("`a//b`").contains("without empty parts");
  }

  @Test
  void aFileWhereADirectoryIsRefusedWithThePathInTheWay() throws Exception {
    String before = head();

    Instance.Result result =
        dassie.run("printf x | dassie put file images@master:/hello.txt/below -f -").expect(5);

    assertThat(result.err()).contains("hello.txt");
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void aBadGlobIsRefused() throws Exception {
    Instance.Result result = dassie.run("dassie glob file 'images@master:/[a'").expect(2);

    assertThat(result.err()).contains("`/[a`");
  }

  @Test
  void aBadSpecIsRefusedWithAllItsProblemsAtOnce() throws Exception {
    dassie.write(
        "bad.yaml",
        """
        pipeline: {name: edges}
        input:
          pfs: {repo: imges, glob: "/["}
        transfrom:
          cmd: [python3]
        datumTries: many
        egress: {URL: "s3://x"}
        s3Out: sometimes
        """);

    Instance.Result result = dassie.run("dassie create pipeline -f bad.yaml").expect(2);

    assertThat(result.err())
        .contains("line 3")
        .contains("`transfrom`")
        .contains("`transform`")
        .contains("line 6")
        .contains("`many`")
        .contains("`egress.URL`")
        .contains("`s3Out`")
        .contains("`sometimes`");
    dassie.run("dassie inspect pipeline edges").expect(3);
    dassie.run("dassie inspect repo edges").expect(3);
  }

  @Test
  void aMissingInputRepoIsRefusedWithTheNearestName() throws Exception {
    dassie.write(
        "lost.yaml",
        """
        pipeline: {name: lost}
        input: {pfs: {repo: imges, glob: "/*"}}
        transform: {cmd: ["true"]}
        """);

    Instance.Result result = dassie.run("dassie create pipeline -f lost.yaml").expect(3);

    assertThat(result.err()).contains("`imges`").contains("`images`");
    dassie.run("dassie inspect repo lost").expect(3);
  }

  @Test
  void pipelinesThatReadEachOtherAreRefusedWithTheCircle() throws Exception {
    dassie.write(
        "circle.yaml",
        """
        pipeline: {name: hen}
        input: {pfs: {repo: egg, glob: "/*"}}
        transform: {cmd: ["true"]}
        ---
        pipeline: {name: egg}
        input: {pfs: {repo: hen, glob: "/*"}}
        transform: {cmd: ["true"]}
        """);

    Instance.Result result = dassie.run("dassie create pipeline -f circle.yaml").expect(5);

    assertThat(result.err()).contains("`hen@master`").contains("through `egg@master`");
    dassie.run("dassie inspect pipeline hen").expect(3);
  }

  @Test
  void twoPipelinesWithOneOutputAreRefused() throws Exception {
    String spec =
        """
        pipeline: {name: %s}
        input: {pfs: {repo: images, glob: "/*"}}
        transform: {cmd: ["true"]}
        """;
    dassie.write("twice.yaml", spec.formatted("twice") + "---\n" + spec.formatted("twice"));
    dassie.write("taken.yaml", spec.formatted("images"));

    assertThat(dassie.run("dassie create pipeline -f twice.yaml").expect(2).err())
        .contains("two specs of the pipeline")
        .contains("twice");
    assertThat(dassie.run("dassie create pipeline -f taken.yaml").expect(5).err())
        .contains("`images`");
    dassie.run("dassie inspect pipeline twice").expect(3);
  }

  @Test
  void aJoinWithoutCapturesIsRefusedWithItsPlace() throws Exception {
    dassie.write(
        "join.yaml",
        """
        pipeline: {name: joined}
        input:
          join:
          - pfs: {repo: images, name: a, glob: "/*", joinOn: $1}
          - pfs: {repo: images, name: b, glob: "/(*)"}
        transform: {cmd: ["true"]}
        """);

    Instance.Result result = dassie.run("dassie validate pipeline -f join.yaml").expect(2);

    assertThat(result.err())
        .contains("line 4")
        .contains("$1")
        .contains("line 5")
        .contains("joinOn");
  }

  @Test
  void aGlobThatMatchesNothingIsSaid() throws Exception {
    dassie.write(
        "nothing.yaml",
        """
        pipeline: {name: nothing}
        input: {pfs: {repo: images, glob: "/*.tiff"}}
        transform: {cmd: ["true"]}
        """);

    Instance.Result preview = dassie.run("dassie list datum -f nothing.yaml").expect(0);

    assertThat(preview.out() + preview.err()).contains("/*.tiff").contains("0 matches");
  }

  @Test
  void aCommandThatDoesNotExistIsAUsageError() throws Exception {
    Instance.Result result = dassie.run("dassie lst repo").expect(2);

    assertThat(result.err()).contains("`lst`").contains("list");
    assertThat(result.err()).doesNotContain("at dev.dassie");
  }

  @Test
  void aServerThatDoesNotRunIsSaidWithTheWayToStartIt() throws Exception {
    Instance.Result result =
        dassie
            .run("env -u DASSIE_URL DASSIE_HOME=$PWD/nowhere DASSIE_PORT=1 dassie list repo")
            .expect(6);

    assertThat(result.err()).contains("dassie up");
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    Instance.Result result =
        dassie
            .run("DASSIE_HOME=$PWD/other timeout 30 dassie server --port " + dassie.port())
            .expect(5);

    assertThat(result.err()).contains(":" + dassie.port() + "`");
    assertThat(result.err()).doesNotContain("Exception");
  }

  @Test
  void aSecondServerOnTheSameHomeIsRefused() throws Exception {
    Instance.Result result = dassie.run("timeout 30 dassie server --port 0").expect(5);

    assertThat(result.err()).contains(dassie.home().toString());
  }

  @Test
  void aHomeOfANewerFormatIsRefused() throws Exception {
    dassie.run("mkdir -p newer && echo 99 > newer/format").expect(0);

    Instance.Result result =
        dassie.run("DASSIE_HOME=$PWD/newer timeout 30 dassie server --port 0").expect(5);

    assertThat(result.err()).contains("newer").contains("99");
    dassie.run("test ! -e newer/dassie.db && test ! -e newer/store").expect(0);
  }

  @Test
  void aTarWhoseNamesLeaveTheTreeIsRefusedWhole() throws Exception {
    String before = head();
    dassie.write(
        "slip.py",
        """
        import io, tarfile
        with tarfile.open('slip.tar', 'w') as tar:
            for name in ('good.txt', '../../evil.txt'):
                entry = tarfile.TarInfo(name)
                entry.size = 2
                tar.addfile(entry, io.BytesIO(b'hi'))
        """);
    dassie.run("python3 slip.py").expect(0);

    Instance.Result result =
        dassie.run("dassie put file images@master:/in -f slip.tar --untar").expect(2);

    assertThat(result.err()).contains("../../evil.txt");
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void aRepoThatAPipelineReadsIsNotDeleted() throws Exception {
    dassie.run("dassie create repo needed").expect(0);
    dassie.write(
        "reader.yaml",
        """
        pipeline: {name: reader}
        input: {pfs: {repo: needed, glob: "/*"}}
        transform: {cmd: ["true"]}
        """);
    dassie.run("dassie create pipeline -f reader.yaml").expect(0);

    Instance.Result result = dassie.run("dassie delete repo needed").expect(5);

    assertThat(result.err()).contains("`needed`").contains("reader");
    dassie.run("printf x | dassie put file reader@master:/x -f -").expect(5);
  }

  @Test
  void aPathOf4097BytesIsRefused() throws Exception {
    String path = "d/".repeat(2048) + "e";

    Instance.Result result =
        dassie.run("printf x | dassie put file images@master:/" + path + " -f -").expect(2);

    assertThat(result.err()).contains("4,096 bytes");
  }

  @Test
  void aSizeOfATerabyteThatDoesNotComeLeavesNothing() throws Exception {
    dassie.write(
        "huge.py",
        """
        import tarfile
        entry = tarfile.TarInfo('huge')
        entry.size = 1 << 40
        open('huge.tar', 'wb').write(entry.tobuf(tarfile.PAX_FORMAT) + b'x' * 5000)
        """);
    dassie.run("python3 huge.py").expect(0);

    Instance.Result result =
        dassie.run("dassie put file images@huge:/ --untar -f huge.tar").expect(2);
    dassie.run(
        "head -c 1000 /dev/zero | curl -s -m 2 -T - -H 'Content-Length: 1099511627776' -H"
            + " 'Transfer-Encoding:' \"$DASSIE_URL/api/v1/projects/default/repos/images/commits"
            + "/huge/file?path=/x\"");

    assertThat(result.err()).contains("expected a whole tar");
    dassie.run("dassie inspect branch images@huge").expect(3);
  }

  @Test
  void aDigestThatIsNotThatOfTheBodyIsRefused() throws Exception {
    String put =
        "printf hello | curl -s -T - -H \"Content-Digest: sha-256=:$(printf %s | openssl dgst -sha256"
            + " -binary | base64):\" \"$DASSIE_URL/api/v1/projects/default/repos/images/commits"
            + "/digest/file?path=/x\"";

    assertThat(dassie.run(put.formatted("other")).expect(0).out())
        .contains("\"invalid\"")
        .contains("Content-Digest");
    dassie.run("dassie inspect branch images@digest").expect(3);
    assertThat(dassie.run(put.formatted("hello")).expect(0).out()).contains("\"finished\"");
  }

  @Test
  void aCommitIsFinishedOnceAndNeverWrittenToAgain() throws Exception {
    String id = dassie.run("dassie start commit images@once").expect(0).out().strip();
    dassie.run("dassie finish commit images@" + id).expect(0);

    assertThat(dassie.run("dassie finish commit images@" + id).expect(5).err())
        .contains("has ended; expected an open one");
    assertThat(dassie.run("printf x | dassie put file images@" + id + ":/x -f -").expect(5).err())
        .contains("has ended; expected an open one");
  }

  @Test
  void aBranchDoesNotMoveToACommitOfAnotherRepo() throws Exception {
    dassie.run("dassie create repo elsewhere").expect(0);
    dassie.run("printf x | dassie put file elsewhere@master:/x -f -").expect(0);
    String before = head();

    assertThat(
            dassie
                .run("dassie create branch images@master --head elsewhere@master")
                .expect(2)
                .err())
        .contains("`elsewhere@master`")
        .contains("`images`");
    dassie.run("dassie create branch images@master --head " + id("elsewhere@master")).expect(3);
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void aMergeWhoseBaseIsGoneIsRefused() throws Exception {
    dassie.run("dassie create repo forks").expect(0);
    dassie.run("printf 1 | dassie put file forks@master:/a -f -").expect(0);
    String base = id("forks@master");
    dassie.run("dassie create branch forks@side --head master").expect(0);
    dassie.run("printf 2 | dassie put file forks@master:/b -f -").expect(0);
    dassie.run("printf 3 | dassie put file forks@side:/c -f -").expect(0);
    dassie.run("dassie squash commit forks@" + base).expect(0);
    String before = dassie.run("dassie inspect commit forks@master -o json").expect(0).out();

    Instance.Result result =
        dassie.run("dassie merge branch forks@side --into forks@master").expect(5);

    assertThat(result.err()).contains("have no commit in common").contains("Hint:");
    assertThat(dassie.run("dassie inspect commit forks@master -o json").expect(0).out())
        .isEqualTo(before);
  }

  @Test
  void aWaitThatTakesTooLongEndsWith124() throws Exception {
    dassie.run("dassie create repo slow && dassie start commit slow@master").expect(0);

    Instance.Result result = dassie.run("dassie wait commit slow@master --timeout 1s").expect(124);

    assertThat(result.err()).contains("within 1 s");
  }

  private static String id(String address) throws IOException, InterruptedException {
    return dassie
        .run(
            "dassie inspect commit %s -o json | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"id\"])'"
                .formatted(address))
        .expect(0)
        .out()
        .strip();
  }

  private static String head() throws IOException, InterruptedException {
    return dassie.run("dassie inspect commit images@master -o json").expect(0).out();
  }
}
