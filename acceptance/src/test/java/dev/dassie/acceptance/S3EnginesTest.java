package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Programs that compute on buckets, beside a server and within its jobs. Those that are installed
/// run; which are not is printed. `.ci/run` installs all of them where it can reach them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3EnginesTest {
  private static final Path SCRIPTS = ProjectTree.ROOT.resolve("acceptance/s3");
  private static final Path EXAMPLES = ProjectTree.ROOT.resolve("docs/examples");

  /// A Python that has DuckDB, with its extension for S3.
  private static final String DUCKDB =
      Optional.ofNullable(System.getenv("DASSIE_DUCKDB")).orElse("python3");

  private Instance dassie;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    dassie = Instance.started(folder);
  }

  @AfterAll
  void stop() throws Exception {
    dassie.close();
  }

  @TestFactory
  Stream<DynamicTest> everyEngineThatIsInstalledWorks() throws Exception {
    String boto3 = "python3 -c 'import boto3'";
    String duckdb = DUCKDB + " -c 'import duckdb, duckdb_extensions, duckdb_extension_httpfs'";
    Map<String, List<DynamicTest>> engines = new LinkedHashMap<>();
    engines.put(boto3, List.of(test("boto3 in a job", this::boto3InAJob)));
    engines.put(duckdb, List.of(test("DuckDB beside a server", this::duckDbBesideAServer)));
    // Code has a /tmp of its own, and sees nothing that was installed in the machine's.
    String visible = duckdb + " && case %s in /tmp/*) exit 1 ;; esac".formatted(DUCKDB);
    engines.put(visible, List.of(test("DuckDB in a job", this::duckDbInAJob)));
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, List<DynamicTest>> engine : engines.entrySet()) {
      boolean there = dassie.run(engine.getKey()).exit() == 0;
      engine
          .getValue()
          .forEach(test -> {
            if (there) {
              tests.add(test);
            } else {
              System.out.println(
                  "S3 engine that is not installed (outside of /tmp, for jobs): "
                      + test.getDisplayName());
            }
          });
    }
    return tests.stream();
  }

  private static DynamicTest test(String name, Executable code) {
    return DynamicTest.dynamicTest(name, code);
  }

  private void boto3InAJob() throws Exception {
    Files.createDirectories(dassie.work().resolve("counting"));
    Path _ =
        dassie.write(
            "counting/word_counts.py", Files.readString(EXAMPLES.resolve("word_counts.py")));
    Path _ =
        dassie.write(
            "counts.yaml",
            """
            pipeline: {name: counts}
            input: {pfs: {repo: words, s3: true}}
            transform: {cmd: [python3, word_counts.py], source: ./counting}
            s3Out: true
            """);
    dassie
        .run(
            "dassie create repo words && echo one two three | dassie put file words@master:/d/a -f -"
                + " && dassie create pipeline -f counts.yaml && dassie wait commit counts@master")
        .expect(0);

    assertThat(dassie.run("dassie get file counts@master:/d/a.count").expect(0).out())
        .isEqualTo("3\n");
  }

  private void makeNumbers(String repo) throws Exception {
    dassie
        .run(
            "dassie create repo %s && (echo a; seq 50000) | dassie put file %s@master:/one.csv -f -"
                    .formatted(repo, repo)
                + " && (echo a; seq 50001 100000) | dassie put file %s@master:/two.csv -f -"
                    .formatted(repo))
        .expect(0);
  }

  private void duckDbBesideAServer() throws Exception {
    makeNumbers("numbers");
    dassie
        .run(
            "dassie create repo tables && S3_ENDPOINT=http://127.0.0.1:$DASSIE_S3_PORT"
                + " AWS_ACCESS_KEY_ID=ann AWS_SECRET_ACCESS_KEY=ann %s %s/parquet_and_csv.py s3://master.numbers s3://master.tables"
                    .formatted(DUCKDB, SCRIPTS))
        .expect(0);

    assertThat(dassie.run("dassie get file tables@master:/sums.csv").expect(0).out())
        .isEqualTo("100000,5000050000,x99999\n");
    assertThat(dassie.run("dassie list commit tables@master -o jsonl").expect(0).lines())
        .as("all of it is one commit")
        .hasSize(1);
  }

  private void duckDbInAJob() throws Exception {
    makeNumbers("figures");
    Path _ = dassie.write("sums/sums.py", Files.readString(SCRIPTS.resolve("parquet_and_csv.py")));
    Path _ =
        dassie.write(
            "sums.yaml",
            """
            pipeline: {name: sums}
            input: {pfs: {repo: figures, s3: true}}
            transform: {cmd: ["%s", sums.py, "s3://figures", "s3://out"], source: ./sums}
            s3Out: true
            """
                .formatted(DUCKDB));
    dassie.run("dassie create pipeline -f sums.yaml && dassie wait commit sums@master").expect(0);

    assertThat(dassie.run("dassie get file sums@master:/sums.csv").expect(0).out())
        .isEqualTo("100000,5000050000,x99999\n");
    assertThat(dassie.run("dassie glob file 'sums@master:/parts/k=3/*' -o jsonl").out())
        .contains(".parquet");
  }
}
