package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shipped programs on a real PostgreSQL and a real S3 server.
class RemoteStoresTest {
  private static final String KEY = "dassie-test-key";

  private static Backends backends;

  @TempDir Path folder;
  private String store;
  private String database;

  @BeforeAll
  static void start() throws IOException {
    backends = Backends.start();
  }

  @AfterAll
  static void stop() throws IOException {
    backends.close();
  }

  @BeforeEach
  void anEmptyBucketAndAnEmptyDatabase() throws IOException {
    backends.accept(KEY);
    store = backends.newStore();
    database = backends.newDatabase();
  }

  /// An instance that keeps everything elsewhere; credentials stand in its environment.
  private Instance instance(String name) throws IOException {
    Instance instance = new Instance(folder.resolve(name));
    instance.environment().put("DASSIE_STORE", store);
    instance.environment().put("DASSIE_DATABASE", database);
    instance.environment().put("AWS_ACCESS_KEY_ID", KEY);
    instance.environment().put("AWS_SECRET_ACCESS_KEY", Backends.SECRET);
    instance.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    return instance;
  }

  /// The same, told by its file; credentials stand in a profile.
  private Instance instanceWithFiles(String name) throws IOException {
    Instance instance = new Instance(folder.resolve(name));
    Files.createDirectories(instance.home());
    Files.writeString(
        instance.home().resolve("config.yaml"),
        "store: %s%ndatabase: %s%nstore_cache: 16MiB%n".formatted(store, database));
    instance.environment().put("AWS_SHARED_CREDENTIALS_FILE", profile().toString());
    instance.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    return instance;
  }

  private Path profile() {
    return folder.resolve("credentials");
  }

  private void writeProfile(String key) throws IOException {
    Path next = folder.resolve("credentials.new");
    Files.writeString(
        next,
        "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
            .formatted(key, Backends.SECRET));
    Files.move(
        next,
        profile(),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void theMainJobRunsAndOutlivesARestartWithoutItsIndex() throws Exception {
    try (Instance dassie = instance("one")) {
      dassie.run("dassie up").expect(0);
      dassie.write("texts/a.txt", "one two\n");
      dassie.write("texts/b.txt", "three\n");
      dassie.write(
          "count.yaml",
          """
          pipeline: {name: count}
          input: {pfs: {repo: texts, glob: "/*"}}
          transform: {cmd: [sh], stdin: ["for f in /pfs/texts/*; do wc -w < $f > /pfs/out/${f##*/}; done"]}
          """);
      dassie.run("dassie create repo texts").expect(0);
      dassie.run("dassie put file -r texts@master:/ -f texts").expect(0);
      dassie.run("dassie create pipeline -f count.yaml").expect(0);
      dassie.run("dassie wait commit count@master --timeout 120s").expect(0);
      dassie.run("head -c 70000000 /dev/urandom > large").expect(0);
      dassie.run("dassie create repo big && dassie put file big@master:/large -f large").expect(0);
      dassie.run("dassie create repo gone && dassie put file gone@master:/x -f large").expect(0);
      dassie.run("head -c 9000000 /dev/urandom | dassie put file gone@master:/x -f -").expect(0);
      long before = stored(dassie);

      dassie.run("dassie delete repo gone && dassie gc --grace 0s").expect(0);

      assertThat(before - stored(dassie)).isBetween(9_000_000L, 10_000_000L);
      assertThat(dassie.run("dassie why count@master:/a.txt").expect(0).out())
          .contains("pipeline `count`", "/a.txt");
      assertNothingSecretIsSaid(dassie);

      dassie.run("dassie down").expect(0);
      dassie.run("rm -r " + dassie.home().resolve("index")).expect(0);
      dassie.run("dassie up").expect(0);

      assertThat(dassie.run("dassie get file count@master:/a.txt").expect(0).out().strip())
          .isEqualTo("2");
      dassie.run("dassie get file big@master:/large | cmp - large").expect(0);
      assertThat(dassie.run("dassie why count@master:/a.txt").expect(0).out())
          .contains("pipeline `count`", "/a.txt");
      dassie.run("echo four five six | dassie put file texts@master:/c.txt -f -").expect(0);
      dassie.run("dassie wait commit count@master --timeout 120s").expect(0);
      assertThat(
              dassie
                  .run("dassie list job -p count -o json | grep -A8 datums | head -8")
                  .expect(0)
                  .out())
          .contains("\"skipped\": 2");
    }
  }

  @Test
  void anInstanceMovesIntoRemoteStoresAndIsRepairedFromThere() throws Exception {
    try (Instance remote = instance("remote");
        Instance local = instance("local")) {
      local.environment().put("DASSIE_STORE", "disk");
      local.environment().put("DASSIE_DATABASE", "sqlite");
      local.run("dassie up").expect(0);
      remote.run("dassie up").expect(0);
      local.run("mkdir in && head -c 9000000 /dev/urandom > in/large && echo a > in/a").expect(0);
      local.run("dassie create repo r && dassie put file r@master:/ -r -f in").expect(0);
      local.run("echo b | dassie put file r@side:/b -f - && dassie export --all -o all.dar");
      String archive = local.work().resolve("all.dar").toString();
      remote.run("head -c 5000000 " + archive + " > half.dar").expect(0);

      assertThat(remote.run("dassie import half.dar").expect(2).err())
          .contains("`cut off at byte 5000000`")
          .contains("Nothing was imported.");
      remote.run("dassie inspect repo r").expect(3);
      assertThat(remote.run("dassie import " + archive).expect(0).err())
          .contains("New here: 1 repos, 2 commits, 2 branches and tags");

      remote.run("dassie get file r@master:/large | cmp - " + local.work() + "/in/large").expect(0);
      assertThat(remote.run("dassie list commit r -o json").expect(0).out())
          .isEqualTo(local.run("dassie list commit r -o json").expect(0).out());
      remote.run("dassie fsck").expect(0);
      remote.run("dassie export r -o back.dar").expect(0);
      local.run("dassie import --as again " + remote.work().resolve("back.dar")).expect(0);

      local.run("for p in ../home/store/packs/data/*/*; do truncate -s 1000 $p; done").expect(0);
      local.run("dassie get file r@master:/large | cmp - in/large").expect(1);
      assertThat(local.run("dassie fsck --repair '" + store.replace("/dassie", "/x") + "'").err())
          .contains("expected a copy of a store, with `.dassie-store` in it");
      assertThat(local.run("dassie fsck --repair '" + store + "'").expect(0).out())
          .startsWith("Replaced ")
          .contains("no damage");
      local.run("dassie get file r@master:/large | cmp - in/large").expect(0);
      local.run("test -z \"$(ls ../home/run/spill)\"").expect(0);
      remote.run("dassie fsck").expect(0);
    }
  }

  @Test
  void anInstanceOutgrowsItsFolderAndReturns() throws Exception {
    String there = "dassie migrate --database '%s' --store '%s'".formatted(database, store);
    try (Instance dassie = instance("one")) {
      dassie.environment().put("DASSIE_STORE", "disk");
      dassie.environment().put("DASSIE_DATABASE", "sqlite");
      dassie.run("dassie up").expect(0);
      dassie.run("head -c 9000000 /dev/urandom > large && dassie create repo r").expect(0);
      dassie.run("dassie put file r@master:/large -f large").expect(0);
      dassie.write(
          "count.yaml",
          """
          pipeline: {name: count}
          input: {pfs: {repo: r, glob: "/*"}}
          transform: {cmd: [sh, -c, "wc -c < /pfs/r/large > /pfs/out/size"]}
          """);
      dassie.run("dassie create pipeline -f count.yaml").expect(0);
      dassie.run("dassie wait commit count@master --timeout 120s").expect(0);
      String commits = commits(dassie);
      assertThat(dassie.run(there).expect(5).err()).contains("Another server");
      dassie.run("dassie down").expect(0);

      assertThat(dassie.run(there).expect(0).out())
          .contains("Moved and compared: ", "database: postgresql://dassie:***@", "store: " + store)
          .doesNotContain("open-sesame");

      assertThat(dassie.run("dassie up").expect(5).err()).contains("was moved to `postgresql://");
      dassie.environment().put("DASSIE_STORE", store);
      dassie.environment().put("DASSIE_DATABASE", database);
      dassie.run("dassie up").expect(0);
      assertThat(commits(dassie)).isEqualTo(commits);
      dassie.run("dassie get file r@master:/large | cmp - large").expect(0);
      dassie.run("dassie fsck").expect(0);
      dassie.run("echo more | dassie put file r@master:/large -f -").expect(0);
      dassie.run("dassie wait commit count@master --timeout 120s").expect(0);
      String later = commits(dassie);
      dassie.run("dassie down").expect(0);
      dassie.run("dassie migrate --database sqlite --store disk").expect(0);
      assertThat(dassie.run("dassie up").expect(5).err()).contains("was moved to `");
      dassie.environment().put("DASSIE_STORE", "disk");
      dassie.environment().put("DASSIE_DATABASE", "sqlite");
      dassie.run("dassie up").expect(0);
      assertThat(commits(dassie)).isEqualTo(later);
      assertThat(dassie.run("dassie get file count@master:/size").expect(0).out().strip())
          .isEqualTo("5");
      dassie.run("dassie fsck").expect(0);
    }
  }

  private static String commits(Instance dassie) throws IOException, InterruptedException {
    return dassie.run("dassie list commit r -o json; dassie list commit count -o json").out();
  }

  private static long stored(Instance dassie) throws IOException, InterruptedException {
    return Long.parseLong(
        dassie
            .run(
                "dassie status -o json | python3 -c 'import json, sys;"
                    + " print(json.load(sys.stdin)[\"storage\"][\"bytes\"])'")
            .expect(0)
            .out()
            .strip());
  }

  private void assertNothingSecretIsSaid(Instance dassie) throws Exception {
    String configuration = dassie.run("dassie config explain").expect(0).out();
    String status = dassie.run("dassie status").expect(0).out();

    assertThat(configuration).contains("postgresql://dassie:***@127.0.0.1", store);
    assertThat(status)
        .contains("postgresql://dassie@127.0.0.1", store.replace("?endpoint=", "/ at "));
    String logs = "";
    try (Stream<Path> files = Files.walk(dassie.home().resolve("log"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        logs += Files.readString(file);
      }
    }
    assertThat(configuration + status + logs).doesNotContain("open-sesame", Backends.SECRET);
  }

  @Test
  void theDataMovesToAnotherMachineAndOneServerAtATimeHasIt() throws Exception {
    writeProfile(KEY);
    try (Instance first = instance("first")) {
      first.run("dassie up").expect(0);
      first.run("dassie create repo r && echo hello | dassie put file r@master:/x -f -").expect(0);

      Instance second = instanceWithFiles("second");
      assertThat(second.run("dassie up").expect(5).err())
          .containsPattern("Another server \\(process \\d+ on `.+`\\) uses the database")
          .contains("postgresql://dassie@127.0.0.1")
          .doesNotContain("open-sesame");
      first.run("dassie down").expect(0);
      try (second) {
        second.run("dassie up").expect(0);
        assertThat(second.run("dassie get file r@master:/x").expect(0).out()).isEqualTo("hello\n");

        // The same bucket, and a database that knows nothing of it.
        Instance third = instance("third");
        third.environment().put("DASSIE_DATABASE", "sqlite");
        assertThat(third.run("dassie up").expect(5).err())
            .contains("belongs to another database than `" + third.home());
        // The same database, once the second is gone, and another bucket.
        second.run("dassie down").expect(0);
        third.environment().put("DASSIE_DATABASE", database);
        third.environment().put("DASSIE_STORE", backends.newStore());
        assertThat(third.run("dassie up").expect(5).err()).contains("has no `store-id`");
      }
    }
  }

  @Test
  void whatCannotBeUsedIsSaidInOneSentenceWithoutPasswords() throws Exception {
    Instance dassie = instance("one");
    String server = "dassie server --port 0 --s3-port 0 ";
    String endpoint = store.split("\\?")[1];

    assertRefused(
        dassie,
        server + "--database postgresql://ann:open-sesame@127.0.0.1/x/y",
        2,
        "postgresql://ann:***@127.0.0.1/x/y");
    assertRefused(dassie, server + "--store ftp://x", 2, "`s3://BUCKET[/PREFIX][?endpoint=URL&…]`");
    assertRefused(
        dassie,
        server + "--store 's3://no-such-bucket-here?" + endpoint + "'",
        1,
        "the bucket does not exist (any more)");
    assertRefused(
        dassie,
        server + "--store 's3://some-bucket?endpoint=http://127.0.0.1:1'",
        1,
        "The object store `s3://some-bucket/ at http://127.0.0.1:1` does not answer: ");
    assertRefused(
        dassie,
        server + "--database postgresql://ann:open-sesame@127.0.0.1:1/x",
        1,
        "does not answer: it cannot be reached (Connection refused).");
    assertRefused(
        dassie,
        "AWS_SECRET_ACCESS_KEY= AWS_ACCESS_KEY_ID= HOME=/nowhere " + server,
        1,
        "no credentials were found");
    assertRefused(
        dassie, "AWS_SECRET_ACCESS_KEY=wrong " + server, 1, "it refuses these credentials");
    // The servers before came as far as to make the tables.
    backends.sql(database, "UPDATE dassie_schema SET version = 7");
    assertRefused(dassie, server, 5, "has format 7, and this Dassie reads up to ");
  }

  private static void assertRefused(Instance dassie, String command, int exit, String words)
      throws Exception {
    String said = dassie.run(command).expect(exit).err();

    assertThat(said).contains(words).doesNotContain("open-sesame", Backends.SECRET, "Exception");
    assertThat(said.lines().count()).as(said).isLessThanOrEqualTo(2);
  }

  @Test
  void credentialsThatExpireAreTakenFromTheirFileAgain() throws Exception {
    writeProfile(KEY);
    try (Instance dassie = instanceWithFiles("one")) {
      dassie.run("dassie up").expect(0);
      dassie.run("head -c 80000000 /dev/urandom > large && dassie create repo r").expect(0);
      dassie.run("dassie put file r@master:/one -f large").expect(0);

      // In the middle of a write the old key ends; the new one stands in the file.
      Process put = dassie.start("cat large - large | dassie put file r@master:/two -f -").start();
      backends.accept("second-key");
      writeProfile("second-key");
      put.getOutputStream().close();
      assertThat(put.waitFor()).isZero();
      dassie.run("cat large large > both && dassie get file r@master:/two | cmp - both").expect(0);

      // Nobody says where the next key is.
      backends.accept("third-key");
      assertThat(dassie.run("dassie put file r@master:/three -f both").expect(1).err())
          .contains("the credentials have expired or are not known (InvalidAccessKeyId)");

      writeProfile("third-key");
      dassie.run("dassie put file r@master:/four -f large").expect(0);
      assertThat(dassie.run("dassie list file r@master").expect(0).out())
          .contains("/one", "/two", "/four")
          .doesNotContain("/three");
      dassie.run("dassie get file r@master:/one | cmp - large").expect(0);
    }
  }

  @Test
  void aBucketThatVanishesIsSaid() throws Exception {
    try (Instance dassie = instance("one")) {
      dassie.run("dassie up").expect(0);
      dassie.run("dassie create repo r").expect(0);

      backends.removeBucket(store);

      assertThat(
              dassie
                  .run("head -c 1000 /dev/urandom | dassie put file r@master:/x -f -")
                  .expect(1)
                  .err())
          .contains("the bucket does not exist (any more)");
      assertThat(dassie.run("dassie list file r@master").exit()).isNotZero();
    }
  }
}
