package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Outputs that leave, through the shipped programs and a real PostgreSQL and S3 server.
class EgressTest {
  private static final String NEWEST =
      "dassie wait job out@$(dassie inspect commit out@master --raw -o json"
          + " | sed -n 's/^  \"id\": \"\\([0-9a-f]*\\)\".*/\\1/p')";

  @TempDir Path folder;

  private static void spec(Instance dassie, String name, String code, String egress) {
    Path _ =
        dassie.write(
            "spec.json",
            """
            {"pipeline": {"name": "%s"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
             "transform": {"cmd": ["sh"], "stdin": ["%s"]}, "egress": %s}
            """
                .formatted(name, code, egress));
  }

  @Test
  void aFolderThatIsAllowedGetsTheFilesAndNoOther() throws Exception {
    Path exports = Files.createDirectory(folder.resolve("exports"));
    try (Instance dassie = new Instance(folder.resolve("instance"))) {
      dassie.environment().put("DASSIE_EGRESS_ALLOW", "file://" + exports);
      dassie.run("dassie up").expect(0);
      dassie.run("dassie create repo in && echo 1 | dassie put file in@master:/d/a -f -").expect(0);
      spec(
          dassie, "out", "cp -r $in/. /pfs/out", "{\"URL\": \"file://%s/day\"}".formatted(exports));
      dassie.run("dassie create pipeline -f spec.json").expect(0);
      dassie.run("echo 2 | dassie put file in@master:/b -f - && " + NEWEST).expect(0);

      assertThat(exports.resolve("day/d/a")).hasContent("1\n");
      assertThat(exports.resolve("day/b")).hasContent("2\n");
      spec(dassie, "other", "true", "{\"URL\": \"file:///etc\"}");
      assertThat(dassie.run("dassie create pipeline -f spec.json").expect(2).err())
          .contains("`egress.URL` is `file:///etc`, expected a place beneath `" + exports + "`");
    }
  }

  @Test
  void aBucketAndATableAreFilledUnderTheCredentialsOfSecrets() throws Exception {
    try (Backends backends = Backends.start();
        Instance dassie = Instance.started(folder.resolve("instance"))) {
      String bucket = backends.newStore().replace("/dassie?", "/day?");
      String database = backends.newDatabase();
      backends.sql(database, "CREATE TABLE sums (name text, total int)");
      dassie
          .run(
              "dassie create secret s3 --from-literal AWS_ACCESS_KEY_ID=dassie-test-key"
                  + " --from-literal AWS_SECRET_ACCESS_KEY="
                  + Backends.SECRET
                  + " && dassie create secret db --from-literal password=open-sesame")
          .expect(0);
      dassie.run("dassie create repo in && echo x,1 | dassie put file in@master:/a -f -").expect(0);
      spec(
          dassie,
          "out",
          "mkdir /pfs/out/sums && cp $in/a /pfs/out/sums/",
          "{\"URL\": \"%s\", \"secret\": {\"name\": \"s3\"}}".formatted(bucket));
      dassie.run("dassie create pipeline -f spec.json && " + NEWEST).expect(0);
      spec(
          dassie,
          "out",
          "mkdir /pfs/out/sums && cp $in/a /pfs/out/sums/",
          """
          {"sqlDatabase": {"url": "%s", "fileFormat": {"type": "CSV"},
           "secret": {"name": "db", "key": "password"}}}\
          """
              .formatted(database.replace(":open-sesame", "")));
      dassie.run("dassie update pipeline -f spec.json && " + NEWEST).expect(0);
      backends.sql(database, "INSERT INTO sums SELECT 'again', 1 / total FROM sums");
      dassie.run("echo x,notanumber | dassie put file in@master:/a -f -").expect(0);

      Instance.Result failed = dassie.run(NEWEST);
      assertThat(failed.exit()).isEqualTo(1);
      assertThat(failed.out() + failed.err())
          .contains("The output was computed and is kept, but could not be written to")
          .contains("invalid input syntax for type integer")
          .doesNotContain("open-sesame");
      assertThat(dassie.run("dassie get file out@master:/sums/a").expect(0).out())
          .isEqualTo("x,notanumber\n");
    }
  }
}
