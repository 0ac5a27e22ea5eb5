package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fsck` against the real server, whose files on the disk are damaged while it runs.
class FsckCommandTest {
  /// Prints the data packs, the largest first.
  private static final String LARGEST = "$(ls -S ../home/store/packs/data/*/*.pack | head -1)";

  @TempDir Path folder;
  private Instance dassie;
  private String commit = "";

  @BeforeEach
  void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie
        .run("head -c 200000 /dev/urandom > noise; head -c 3000000 /dev/urandom > large")
        .expect(0);
    dassie.run("dassie create repo images").expect(0);
    dassie.run("dassie put file images@master:/a/noise -f noise").expect(0);
    dassie.run("dassie put file images@master:/b/large -f large").expect(0);
    commit =
        dassie
            .run(
                "dassie inspect commit images@master -o json | grep -o '\"id\": *\"[0-9a-f]*' | head -1 | grep -o '[0-9a-f]*$'")
            .expect(0)
            .out()
            .strip();
    dassie.run("cp -r ../home/store copy").expect(0);
  }

  @AfterEach
  void stop() throws IOException {
    dassie.close();
  }

  private void flip(String file, String at) throws IOException, InterruptedException {
    String program =
        "import sys; p=sys.argv[1]; b=bytearray(open(p,'rb').read());"
            + " b[int(len(b)*float(sys.argv[2]))]^=1; open(p,'wb').write(b)";
    dassie.run("python3 -c \"%s\" %s %s".formatted(program, file, at)).expect(0);
  }

  private void repaired() throws IOException, InterruptedException {
    String done = dassie.run("dassie fsck --repair copy").expect(0).out();
    assertThat(done).startsWith("Replaced 1 packs").contains("no damage");
    dassie.run("dassie fsck").expect(0);
    dassie.run("dassie get file images@master:/a/noise | cmp - noise").expect(0);
    dassie.run("dassie get file images@master:/b/large | cmp - large").expect(0);
  }

  @Test
  void aSoundStoreEndsWithZero() throws Exception {
    assertThat(dassie.run("dassie fsck").expect(0).out())
        .matches("Checked \\d packs and 2 commits: no damage.\\s*");
    assertThat(dassie.run("dassie fsck -o json").expect(0).out())
        .contains("\"items\"", "\"findings\": 0");
  }

  @Test
  void aFlippedBitIsNamedAndNeverRead() throws Exception {
    dassie.run("dassie get file images@master:/b/large | cmp - large").expect(0);
    flip(LARGEST, "0.5");

    Instance.Result read = dassie.run("dassie get file images@master:/b/large -o got");
    assertThat(read.expect(1).err()).contains("`/b/large`", "packs/data/");
    dassie.run("test ! -e got").expect(0);
    String found = dassie.run("dassie fsck -o jsonl").expect(1).out();

    assertThat(found)
        .contains("\"kind\":\"pack\"")
        .contains("\"path\":\"/b/large\"", "\"commit\":\"" + commit + "\"")
        .contains("\"pack\":\"packs/data/", "\"findings\":2");
    assertThat(dassie.run("dassie fsck").expect(1).out())
        .contains("default/images@" + commit + ":/b/large: The pack `packs/data/");
    repaired();
  }

  @Test
  void aTruncatedPackIsNamed() throws Exception {
    dassie.run("truncate -s -1000000 " + LARGEST).expect(0);

    assertThat(dassie.run("dassie fsck").expect(1).out()).contains(":/b/large: ", "packs/data/");

    repaired();
  }

  @Test
  void aMissingPackIsNamedAlsoAfterARestart() throws Exception {
    dassie.run("rm " + LARGEST).expect(0);
    assertThat(dassie.run("dassie fsck").expect(1).out()).contains(":/b/large: ", " is missing.");
    dassie.run("dassie down && dassie up").expect(0);

    Instance.Result read = dassie.run("dassie get file images@master:/b/large");
    assertThat(read.expect(1).err()).contains("`/b/large`");
    assertThat(dassie.run("dassie fsck").expect(1).out()).contains(":/b/large: ");
    String done = dassie.run("dassie fsck --repair copy").expect(0).out();

    assertThat(done).contains("no damage");
    dassie.run("dassie get file images@master:/b/large | cmp - large").expect(0);
  }

  @Test
  void aMissingRowOfTheDatabaseIsNamedAndComesBack() throws Exception {
    dassie.run("dassie down").expect(0);
    dassie
        .run(
            "python3 -c \"import sqlite3; c=sqlite3.connect('../home/dassie.db'); c.execute("
                + "'delete from row where tbl=? and name=?', ('commit', 'default/images/"
                + commit
                + "')); c.commit(); assert c.total_changes == 1\"")
        .expect(0);
    dassie.run("dassie up").expect(0);

    assertThat(dassie.run("dassie fsck").expect(1).out())
        .contains(
            "default/images@" + commit + ": It is the head of `images@master` and has no record.");
    String done = dassie.run("dassie fsck --repair").expect(0).out();

    assertThat(done).contains("wrote 1 records anew", "no damage");
    dassie.run("dassie get file images@master:/b/large | cmp - large").expect(0);
  }

  @Test
  void aFolderThatIsNoCopyIsRefused() throws Exception {
    Instance.Result result = dassie.run("mkdir empty; dassie fsck --repair empty");

    assertThat(result.expect(2).err()).contains("empty`", "a copy of a store");
  }
}
