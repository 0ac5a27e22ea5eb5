package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `put file --mirror` and `--split` from the outside.
class MirrorTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("dassie create repo m").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void mirrorMakesTheBranchWhatTheDirectoryIsInOneCommit() throws Exception {
    dassie
        .run(
            "mkdir -p t/d 't/a b' t/é && head -c 3000000 /dev/urandom > t/big && echo x > t/d/x &&"
                + " echo y > 't/a b/y' && echo z > t/é/z && echo q > t/d.txt && chmod +x t/d.txt")
        .expect(0);
    dassie.run("dassie put file -r m@whole:/in -f t").expect(0);
    dassie.run("echo other | dassie put file m@whole:/outside -f -").expect(0);

    Instance.Result same = dassie.run("dassie put file -r --mirror m@whole:/in -f t").expect(0);
    dassie
        .run(
            "rm -r t/d && echo file > t/d && chmod -x t/d.txt && printf Z | dd of=t/big bs=1 seek=9"
                + " conv=notrunc status=none && mkdir t/e && echo e > t/e/e && rm -r 't/a b'")
        .expect(0);
    Instance.Result changed = dassie.run("dassie put file -r --mirror m@whole:/in -f t").expect(0);

    assertThat(same.err()).contains("0 put, 0 deleted, 5 left as they are.");
    assertThat(changed.err()).contains("4 put, 2 deleted, 1 left as they are.");
    assertThat(dassie.run("dassie list commit m@whole -o jsonl").expect(0).lines()).hasSize(3);
    dassie.run("dassie get file -r m@whole:/in -o got && diff -r t got").expect(0);
    dassie.run("dassie get file m@whole:/outside").expect(0);
  }

  @Test
  void mirrorOfAnEmptyDirectoryDeletesAllAndOfAFileReplacesIt() throws Exception {
    dassie.run("mkdir -p none one && echo 1 > one/f").expect(0);
    dassie.run("echo x | dassie put file m@empty:/d/x -f -").expect(0);

    dassie.run("dassie put file -r --mirror m@empty:/d -f none").expect(0);
    Instance.Result gone = dassie.run("dassie list file m@empty:/ -o jsonl").expect(0);
    dassie.run("echo x | dassie put file m@empty:/d -f -").expect(0);
    dassie.run("dassie put file -r --mirror m@empty:/d -f one").expect(0);

    assertThat(gone.lines()).isEmpty();
    assertThat(dassie.run("dassie get file m@empty:/d/f").expect(0).out()).isEqualTo("1\n");
  }

  @Test
  void mirrorGoesIntoAnOpenCommit() throws Exception {
    dassie.run("mkdir -p o && echo 1 > o/f && dassie start commit m@open").expect(0);

    dassie.run("dassie put file -r --mirror m@open:/o -f o").expect(0);
    dassie.run("echo 2 > o/f && dassie put file -r --mirror m@open:/o -f o").expect(0);
    dassie.run("dassie finish commit m@open").expect(0);

    assertThat(dassie.run("dassie get file m@open:/o/f").expect(0).out()).isEqualTo("2\n");
  }

  @Test
  void tarForACommitThatIsNotTheHeadIsRefused() throws Exception {
    dassie.run("echo x | dassie put file m@moved:/x -f -").expect(0);

    Instance.Result result =
        dassie
            .run(
                "tar cf one.tar /etc/hostname 2>/dev/null; curl -s --data-binary @one.tar -H"
                    + " 'Content-Type: application/x-tar' \"$DASSIE_URL/api/v1/projects/default"
                    + "/repos/m/commits/moved/tar?path=/&expect=none\"")
            .expect(0);

    assertThat(result.out()).contains("\"conflict\"").contains("expected no commit");
  }

  @Test
  void mirrorWithoutADirectoryIsRefused() throws Exception {
    dassie.run("echo x > f").expect(0);

    assertThat(dassie.run("dassie put file -r --mirror m@master:/x -f f").expect(2).err())
        .contains("`--mirror` takes one directory");
    assertThat(dassie.run("dassie put file --mirror m@master:/x -f .").expect(2).err())
        .contains("`--mirror` takes one directory");
  }

  @Test
  void splitsAreTheSameAndAddedRowsLeaveEarlierPartsAlone() throws Exception {
    dassie
        .run(
            "python3 -c 'print(\"id,t\"); [print(str(i)+\",\\\"a\\nb\\\"\") for i in range(5000)]' >"
                + " r.csv")
        .expect(0);
    String put = "dassie put file m@split:/r.csv --split csv --header --target-bytes 1000 -f r.csv";
    dassie.run(put).expect(0);
    dassie.run("printf '9999,x\\n' >> r.csv").expect(0);
    dassie.run(put).expect(0);

    Instance.Result diff = dassie.run("dassie diff file m@split -o jsonl").expect(0);
    Instance.Result first = dassie.run("dassie get file m@split:/r.csv/0000000000000003").expect(0);

    assertThat(diff.lines()).hasSize(1);
    assertThat(first.out()).startsWith("id,t\n").hasSizeGreaterThanOrEqualTo(1000);
    dassie
        .run(
            "dassie get file -r m@split:/r.csv -o parts && (head -1 r.csv; for f in parts/*; do tail"
                + " -n +2 $f; done) | cmp - r.csv")
        .expect(0);
  }

  @Test
  void splitsThatCannotBeAreRefusedAndNothingIsPut() throws Exception {
    dassie.run("printf 'a,\"b\\n' > bad.csv && printf '{\"a\": [}' > bad.json").expect(0);

    assertThat(dassie.run("dassie put file m@bad:/x --split csv -f bad.csv").expect(2).err())
        .contains("in a quoted field of row 1");
    assertThat(dassie.run("dassie put file m@bad:/x --split json -f bad.json").expect(2).err())
        .contains("`}`");
    assertThat(dassie.run("dassie put file m@bad:/x --split cvs -f bad.csv").expect(2).err())
        .contains("`cvs`")
        .contains("csv");
    assertThat(dassie.run("dassie put file m@bad:/x --split csv -a -f bad.csv").expect(2).err())
        .contains("`--split` takes one file");
    assertThat(dassie.run("dassie put file m@bad:/x --header -f bad.csv").expect(2).err())
        .contains("--split");
    dassie.run("dassie inspect branch m@bad").expect(3);
  }
}
