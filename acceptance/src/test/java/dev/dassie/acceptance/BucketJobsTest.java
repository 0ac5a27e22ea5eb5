package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that read and write buckets, through the shipped programs and a real client of S3.
class BucketJobsTest {
  /// Signs with the key of the job.
  private static final String CLIENT =
      """
      set -u
      s3() {
        curl -sS --aws-sigv4 aws:amz:us-east-1:s3 -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
          -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"
      }
      code() { grep -o '<Code>[A-Za-z]*' | cut -c7-; }
      """;

  private static final String NEWEST =
      "dassie wait job out@$(dassie inspect commit out@master --raw -o json"
          + " | sed -n 's/^  \"id\": \"\\([0-9a-f]*\\)\".*/\\1/p') > ended; true";

  @TempDir Path folder;

  private static void pipeline(Instance dassie, String code, String more) throws Exception {
    Path _ = dassie.write("code/run.sh", CLIENT + code);
    Path _ =
        dassie.write(
            "spec.yaml",
            """
            pipeline: {name: out}
            input: {pfs: {repo: words, s3: true}}
            transform: {cmd: [bash, run.sh], source: ./code, env: {DASSIE: "%s"}}
            s3Out: true
            %s
            """
                .formatted(dassie.url(), more));
    dassie.run("dassie create pipeline -f spec.yaml").expect(0);
  }

  private static String file(Instance dassie, String path) throws Exception {
    return dassie.run("dassie get file out@master:" + path).expect(0).out();
  }

  @Test
  void aJobReadsItsInputAndWritesItsOutputThroughBuckets() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie
          .run("dassie create repo words && echo one two | dassie put file words@master:/a/b -f -")
          .expect(0);
      pipeline(
          dassie,
          """
          s3 $S3_ENDPOINT | grep -o '<Name>[a-z]*' | cut -c7- > $TMPDIR/buckets
          s3 -T $TMPDIR/buckets $S3_ENDPOINT/out/buckets
          s3 $S3_ENDPOINT/words/a/b | wc -w > $TMPDIR/n && s3 -T $TMPDIR/n $S3_ENDPOINT/out/n
          s3 -X PUT -H 'x-amz-copy-source: /words/a/b' $S3_ENDPOINT/out/copies/b > $TMPDIR/copied
          s3 -T $TMPDIR/n $S3_ENDPOINT/out/gone && s3 -X DELETE $S3_ENDPOINT/out/gone
          s3 "$S3_ENDPOINT/out?list-type=2" | grep -o '<Key>[a-z/]*' | cut -c6- > $TMPDIR/keys
          s3 -T $TMPDIR/keys $S3_ENDPOINT/out/keys
          ls -A /pfs > $TMPDIR/pfs && s3 -T $TMPDIR/pfs $S3_ENDPOINT/out/pfs
          """,
          "");
      dassie.run(NEWEST).expect(0);

      assertThat(file(dassie, "/n")).isEqualTo("2\n");
      assertThat(file(dassie, "/copies/b")).isEqualTo("one two\n");
      assertThat(file(dassie, "/buckets")).isEqualTo("out\nwords\n");
      assertThat(file(dassie, "/keys")).isEqualTo("buckets\ncopies/b\nn\n");
      assertThat(file(dassie, "/pfs")).isEqualTo(".env\nout\n");
      assertThat(dassie.run("dassie get file out@master:/gone").exit()).isEqualTo(3);
      assertThat(dassie.run("dassie why out@master:/n").expect(0).out())
          .contains("words@", "output s3");
      assertThat(dassie.run("dassie impact words@master:/a/b").expect(0).out())
          .contains("out@", "/copies/b");
      assertThat(dassie.run("dassie list repo --raw -o jsonl").expect(0).lines()).hasSize(2);
      assertThat(dassie.run("dassie reproduce out@master").expect(0).out()).contains("identical");
    }
  }

  @Test
  void whatIsWrittenToTheBucketCountsTowardsTheLimitOfTheDisk() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie
          .run("dassie create repo words && echo one | dassie put file words@master:/a -f -")
          .expect(0);
      pipeline(
          dassie,
          """
          head -c 3000000 /dev/urandom > $TMPDIR/big
          s3 -T $TMPDIR/big $S3_ENDPOINT/out/a && s3 -X DELETE $S3_ENDPOINT/out/a
          s3 -T $TMPDIR/big $S3_ENDPOINT/out/b | code
          true
          """,
          "resource_limits: {disk: 4M}\ndatumTries: 1");
      dassie.run(NEWEST).expect(0);

      assertThat(dassie.run("dassie list job -p out").expect(0).out()).contains("failed");
      assertThat(dassie.run("dassie logs -p out").expect(0).out()).contains("EntityTooLarge");
      assertThat(dassie.run("cat ended").out()).contains("to the bucket `out`: raise");
    }
  }

  @Test
  void theKeyOfAJobReachesItsBucketsAloneAndDiesWithIt() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie
          .run(
              "for repo in words other; do dassie create repo $repo"
                  + " && echo $repo | dassie put file $repo@master:/a -f -; done")
          .expect(0);
      pipeline(
          dassie,
          """
          {
            s3 $S3_ENDPOINT/master.other/a | code
            s3 $S3_ENDPOINT/master.words/a | code
            s3 -T $0 $S3_ENDPOINT/words/a | code
            s3 -T $0 $S3_ENDPOINT/master.other/a | code
            s3 -X DELETE $S3_ENDPOINT/words/a | code
            s3 -X DELETE $S3_ENDPOINT/words | code
            s3 -X PUT $S3_ENDPOINT/master.mine | code
            s3 -X PUT -H 'x-amz-copy-source: /master.other/a' $S3_ENDPOINT/out/a | code
            s3 "$S3_ENDPOINT/words/a?versionId=$other" | code
          } > $TMPDIR/codes
          s3 -T $TMPDIR/codes $S3_ENDPOINT/out/codes
          echo "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" > $TMPDIR/key
          s3 -T $TMPDIR/key $S3_ENDPOINT/out/key
          echo the secret is $AWS_SECRET_ACCESS_KEY
          """
              .replace("$other", "0123456789abcdef0123456789abcdef"),
          "");
      dassie.run(NEWEST).expect(0);

      assertThat(file(dassie, "/codes").lines())
          .containsExactly(
              "NoSuchBucket",
              "NoSuchBucket",
              "AccessDenied",
              "NoSuchBucket",
              "AccessDenied",
              "AccessDenied",
              "NoSuchBucket",
              "NoSuchBucket",
              "NoSuchVersion");
      assertThat(dassie.run("dassie logs --pipeline out").expect(0).out())
          .contains("the secret is ***");
      assertThat(answer(dassie, file(dassie, "/key").strip(), "words/a"))
          .contains("InvalidAccessKeyId");
    }
  }

  /// What a key is answered.
  private static String answer(Instance dassie, String key, String path) throws Exception {
    return dassie
        .run(
            "curl -s --aws-sigv4 aws:amz:us-east-1:s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'"
                + " -u '%s' http://127.0.0.1:$DASSIE_S3_PORT/%s".formatted(key, path))
        .expect(0)
        .out();
  }

  @Test
  void whatAFailedTryWroteIsGoneBeforeTheNext() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie
          .run("dassie create repo words && echo 1 | dassie put file words@master:/a -f -")
          .expect(0);
      pipeline(
          dassie,
          """
          s3 "$S3_ENDPOINT/out?list-type=2" | grep -o '<KeyCount>[0-9]*'
          s3 -T $0 $S3_ENDPOINT/out/half
          s3 -X POST "$S3_ENDPOINT/out/parts?uploads=" > $TMPDIR/upload
          exit 1
          """,
          "datumTries: 2");
      dassie.run(NEWEST).expect(0);

      assertThat(
              dassie
                  .run("dassie logs --pipeline out --raw | grep -c '<KeyCount>0'")
                  .expect(0)
                  .out())
          .isEqualTo("2\n");
      assertThat(dassie.run("dassie list file out@master:/").exit()).isEqualTo(3);

      pipelineThatLeavesAFile(dassie);
      Instance.Result failed = dassie.run("dassie list datum out@master -o json | cat; " + NEWEST);
      assertThat(failed.out() + dassie.run("dassie list job --pipeline out").out())
          .contains("The code left something in `/pfs/out`; with `s3Out` its output is the bucket");
    }
  }

  private static void pipelineThatLeavesAFile(Instance dassie) throws Exception {
    Path _ = dassie.write("code/run.sh", "echo 1 > /pfs/out/lost\n");
    dassie.run("dassie update pipeline -f spec.yaml && " + NEWEST).expect(0);
  }

  @Test
  void afterAKillTheJobBeginsAnewWithAnotherKey() throws Exception {
    try (Instance dassie = Instance.started(folder)) {
      dassie
          .run(
              "dassie create repo control && dassie create repo words"
                  + " && echo 1 | dassie put file words@master:/a -f -")
          .expect(0);
      pipeline(
          dassie,
          """
          control=$DASSIE/api/v1/projects/default/repos/control/commits/master/file
          s3 "$S3_ENDPOINT/out?list-type=2" | grep -o '<KeyCount>[0-9]*' > $TMPDIR/count
          s3 -T $TMPDIR/count $S3_ENDPOINT/out/$AWS_ACCESS_KEY_ID
          echo "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
            | curl -sS -X PUT --data-binary @- "$control?path=/key" > $TMPDIR/told
          until curl -sf "$control?path=/go"; do sleep 0.2; done
          """,
          "");
      String key = awaited(dassie, "dassie get file control@master:/key").strip();
      assertThat(answer(dassie, key, "words/a")).isEqualTo("1\n");

      dassie.run("kill -9 $(dassie status -o json | grep -o '\"pid\": [0-9]*' | cut -c8-)");
      dassie.run("dassie up").expect(0);
      assertThat(answer(dassie, key, "words/a")).contains("InvalidAccessKeyId");
      dassie.run("echo 1 | dassie put file control@master:/go -f - && " + NEWEST).expect(0);

      assertThat(Files.readString(dassie.work().resolve("ended"))).contains("success");
      String files = dassie.run("dassie list file out@master:/ -o jsonl").expect(0).out();
      assertThat(files.lines()).hasSize(1);
      assertThat(files).contains("DASSIEJOB").doesNotContain(key.substring(0, key.indexOf(':')));
      assertThat(dassie.run("dassie glob file 'out@master:/*' --raw -o jsonl").out())
          .doesNotContain("half");
    }
  }

  /// The output of a command that fails at first.
  private static String awaited(Instance dassie, String command) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    Instance.Result result = dassie.run(command);
    while (result.exit() != 0 && System.nanoTime() < deadline) {
      result = dassie.run(command);
    }
    return result.expect(0).out();
  }
}
