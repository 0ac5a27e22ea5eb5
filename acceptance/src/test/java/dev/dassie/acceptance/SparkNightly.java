package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Spark through Hadoop's S3A: Parquet with the committers that S3A has, a table of Delta Lake, and
/// a job of Spark within a job of a pipeline. A part of `make nightly` alone, which fetches the
/// jars into the folder that `dassie.spark` names; its name keeps it out of every other run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparkNightly {
  private static final Path FOLDER = ProjectTree.ROOT.resolve("acceptance/s3/spark");

  /// What Spark opens of the JDK (its JavaModuleOptions).
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");

  private Instance dassie;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    dassie = new Instance(folder);
    dassie.environment().put("DASSIE_EXPOSE", jars());
    dassie.run("dassie up").expect(0);
    dassie.environment().put("AWS_ACCESS_KEY_ID", "spark");
    dassie.environment().put("AWS_SECRET_ACCESS_KEY", "spark");
    dassie
        .environment()
        .put("S3_ENDPOINT", "http://127.0.0.1:" + dassie.environment().get("DASSIE_S3_PORT"));
  }

  @AfterAll
  void stop() throws Exception {
    dassie.close();
  }

  private static String jars() {
    String jars = System.getProperty("dassie.spark", "");
    assertThat(jars).as("the folder of the jars; `make nightly` gives it").isNotEmpty();
    return jars;
  }

  /// The command of one job of Spark.
  private static List<String> command(String... arguments) throws Exception {
    return Stream.of(
            Stream.of(java17() + "/bin/java", "-Xmx1g"),
            OPENED.stream().map("--add-opens=%s=ALL-UNNAMED"::formatted),
            Stream.of("-cp", jars() + "/*", FOLDER.resolve("SparkJobs.java").toString()),
            Stream.of(arguments))
        .flatMap(all -> all)
        .toList();
  }

  /// Hadoop's release that this Spark is built with knows JDKs up to 21.
  private static Path java17() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/usr/lib/jvm"))) {
      return all.filter(jdk -> jdk.getFileName().toString().contains("17"))
          .filter(jdk -> Files.isExecutable(jdk.resolve("bin/javac")))
          .findFirst()
          .orElseThrow(() -> new AssertionError("Spark needs a JDK 17 in /usr/lib/jvm"));
    }
  }

  private String run(String... arguments) throws Exception {
    String line =
        command(arguments).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return dassie.run(line).expect(0).out();
  }

  /// Jobs on a busy machine are silent for longer than others; `_SUCCESS` ends a commit at once.
  private void repo(String name, String quiet) throws Exception {
    dassie
        .run(
            "dassie create repo %s && dassie create branch %s@master --s3-quiet %s"
                .formatted(name, name, quiet))
        .expect(0);
  }

  private void oneCommit(String repo, int commits) throws Exception {
    dassie.run("dassie wait commit %s@master".formatted(repo)).expect(0);
    assertThat(dassie.run("dassie list commit %s@master -o jsonl".formatted(repo)).lines())
        .hasSize(commits)
        .allMatch(line -> line.contains("\"state\":\"finished\""));
  }

  @Test
  void theMagicCommitterWritesParquetAsOneCommit() throws Exception {
    parquet("magic");
  }

  @Test
  void theDirectoryCommitterWritesParquetAsOneCommit() throws Exception {
    parquet("directory");
  }

  private void parquet(String committer) throws Exception {
    repo(committer, "1m");

    assertThat(run("parquet", committer, "s3a://master." + committer + "/table"))
        .contains("READ [1000, 499500, 4]");

    oneCommit(committer, 1);
    assertThat(dassie.run("dassie list file %s@master:/".formatted(committer)).expect(0).lines())
        .as("nothing of the committer stays")
        .hasSize(2);
    assertThat(dassie.run("dassie get file %s@master:/table/_SUCCESS".formatted(committer)).out())
        .containsPattern("\"committer\" ?: ?\"%s\"".formatted(committer));
  }

  @Test
  void aTableOfDeltaLakeGrowsByACommitForEachWrite() throws Exception {
    repo("delta", "30s");
    String table = "s3a://master.delta/table";

    String _ = run("create", table);
    oneCommit("delta", 1);
    String _ = run("append", table);
    oneCommit("delta", 2);

    assertThat(run("check", table)).contains("READ [1500, 1124250, 4]", "READ [1000, 499500, 4]");
    assertThat(dassie.run("dassie list file 'delta@master:/table/_delta_log' -o jsonl").out())
        .contains("00000000000000000000.json", "00000000000000000001.json");
  }

  @Test
  void aJobOfSparkIsTheOutputOfAPipeline() throws Exception {
    StringBuilder words = new StringBuilder();
    for (String word : command("parquet", "magic", "s3a://out/table")) {
      words.append(words.isEmpty() ? "" : ", ").append('"').append(word).append('"');
    }
    Path _ =
        dassie.write("code/SparkJobs.java", Files.readString(FOLDER.resolve("SparkJobs.java")));
    Path _ =
        dassie.write(
            "spark.yaml",
            """
            pipeline: {name: spark}
            input: {pfs: {repo: numbers, s3: true}}
            transform: {cmd: [%s], source: ./code}
            s3Out: true
            datumTries: 1
            """
                .formatted(words.toString().replace(FOLDER + "/SparkJobs.java", "SparkJobs.java")));
    dassie
        .run(
            "dassie create repo numbers && echo 1 | dassie put file numbers@master:/a -f -"
                + " && dassie create pipeline -f spark.yaml && dassie wait commit spark@master")
        .expect(0);

    assertThat(dassie.run("dassie glob file 'spark@master:/table/k=2/*' -o jsonl").out())
        .contains(".parquet");
    assertThat(dassie.run("dassie why spark@master:/table/_SUCCESS").expect(0).out())
        .contains("s3://numbers/");
  }
}
