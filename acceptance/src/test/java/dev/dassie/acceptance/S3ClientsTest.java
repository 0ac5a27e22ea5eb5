package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The S3 clients that people have, against the shipped server: each puts a tree, lists it, gets it
/// back, copies, overwrites and deletes, small files and one of several parts. Those that are
/// installed run; which are not is printed. `.ci/run` installs all but [#OPTIONAL].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ClientsTest {
  private static final Map<String, String> CLIENTS =
      Map.of(
          "aws", "aws --version",
          "boto3", "python3 -c 'import boto3'",
          "s3cmd", "s3cmd --version",
          "rclone", "rclone version",
          "curl", "curl --help all | grep -q aws-sigv4",
          "mc", "mc --version | grep -qi minio");

  /// Those that `.ci/run` does not install: the MinIO client is built from source for minutes.
  private static final List<String> OPTIONAL = List.of("mc");

  private Instance dassie;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    dassie = Instance.started(folder);
    Instance.Result key = dassie.run("dassie create access-key --raw -o json").expect(0);
    Map<String, String> environment = dassie.environment();
    environment.put("AWS_ACCESS_KEY_ID", value(key.out(), "id"));
    environment.put("AWS_SECRET_ACCESS_KEY", value(key.out(), "secret"));
    environment.put("AWS_DEFAULT_REGION", "us-east-1");
    environment.put("S3", "127.0.0.1:" + environment.get("DASSIE_S3_PORT"));
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    dassie
        .run(
            "mkdir -p tree/sub && seq 1000 > tree/a && echo ü > 'tree/sub/b c+ü.txt'"
                + " && head -c 20000000 /dev/urandom > tree/big")
        .expect(0);
  }

  @AfterAll
  void stop() throws Exception {
    dassie.close();
  }

  private static String value(String json, String key) {
    String begin = "\"" + key + "\": \"";
    int at = json.indexOf(begin) + begin.length();
    return json.substring(at, json.indexOf('"', at));
  }

  @TestFactory
  Stream<DynamicTest> everyClientThatIsInstalledWorks() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, String> client : CLIENTS.entrySet()) {
      if (dassie.run(client.getValue()).exit() == 0) {
        String name = client.getKey();
        tests.add(DynamicTest.dynamicTest(name, () -> play(name)));
      } else {
        missing.add(client.getKey());
      }
    }
    System.out.println("S3 clients that are not installed: " + missing);
    if (System.getenv("CI") != null) {
      assertThat(missing).isSubsetOf(OPTIONAL);
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private void play(String client) throws Exception {
    String script = Files.readString(ProjectTree.ROOT.resolve("acceptance/s3/" + client + ".sh"));
    String bucket = "master." + client;
    Instance.Result result =
        dassie.run(
            "set -eu; export BUCKET=" + bucket + "; export OUT=$PWD/" + client + "\n" + script);
    result.expect(0);
    assertThat(dassie.run("diff -r tree " + client).expect(0).out()).isEmpty();
    assertThat(dassie.run("dassie list file " + client + "@master:/").expect(0).out())
        .as("what is left")
        .contains("/kept")
        .doesNotContain("/copy");
  }

  @Test
  void aBucketStandsInThePathOrInTheHost() throws Exception {
    dassie
        .run("dassie create repo both && echo hello | dassie put file both@master:/f -f -")
        .expect(0);
    String sign =
        "curl -s --aws-sigv4 aws:amz:us-east-1:s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'"
            + " -u $AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY ";

    assertThat(dassie.run(sign + "http://$S3/master.both/f").expect(0).out()).isEqualTo("hello\n");
    assertThat(dassie.run(sign + "http://master.both.localhost:$DASSIE_S3_PORT/f").expect(0).out())
        .isEqualTo("hello\n");
  }
}
