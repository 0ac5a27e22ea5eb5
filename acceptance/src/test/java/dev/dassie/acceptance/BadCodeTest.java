package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users' code that fails in every way it likes: the job says so, and nothing else suffers.
class BadCodeTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.run("dassie create repo data").expect(0);
    dassie.run("printf 1 | dassie put file data@master:/one -f -").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void codeThatFailsFailsItsJobWithCodeAndLog() throws Exception {
    run("fails", "echo it went wrong >&2; exit 7");

    assertThat(job("fails")).contains("\"state\":\"failed\"").contains("/one");
    assertThat(datums("fails")).contains("\"exit_code\":7").contains("\"state\":\"failed\"");
    assertThat(dassie.run("dassie logs -p fails").expect(0).out()).contains("it went wrong");
    dassie.run("dassie get file fails@master:/x").expect(3);
  }

  @Test
  void codeThatIsKilledSaysBySignal() throws Exception {
    run("killed", "kill -9 $$");

    assertThat(job("killed")).contains("\"state\":\"failed\"").contains("SIGKILL");
    assertThat(datums("killed")).contains("\"exit_code\":137");
  }

  @Test
  void aGigabyteOfLogIsCutAndTheJobGoesOn() throws Exception {
    run("chatty", "head -c 1000000000 /dev/zero | tr '\\\\0' 'x'; echo; echo the end");

    assertThat(job("chatty")).contains("\"state\":\"success\"");
    Instance.Result tail = dassie.run("dassie logs -p chatty --tail 1").expect(0);
    assertThat(tail.out()).contains("the end");
    String used = dassie.run("du -sm $DASSIE_HOME | cut -f1").expect(0).out().strip();
    assertThat(Integer.parseInt(used)).isLessThan(200);
  }

  @Test
  void anOutputWithABadNameFailsTheDatumWithItsPath() throws Exception {
    run("misnamed", "printf x > $(printf '/pfs/out/bad\\\\377name')");

    assertThat(job("misnamed")).contains("\"state\":\"failed\"").contains("UTF-8");
  }

  @Test
  void aLoopOfLinksInTheOutputFailsTheDatumWithItsPath() throws Exception {
    run("looping", "ln -s /pfs/out/b /pfs/out/a; ln -s /pfs/out/a /pfs/out/b");

    assertThat(job("looping")).contains("\"state\":\"failed\"").containsAnyOf("/a", "/b");
  }

  @Test
  void twoDatumsThatWriteOnePathFailTheJobAndAreNamed() throws Exception {
    dassie.run("dassie create repo pair").expect(0);
    dassie.run("mkdir -p pair && echo a > pair/a && echo b > pair/b").expect(0);
    dassie.run("dassie put file -r pair@master:/ -f pair").expect(0);
    spec("clash", "pair", "echo $pair > /pfs/out/same");
    dassie.run("dassie create pipeline -f clash.yaml").expect(0);
    dassie.run(
        "dassie wait job clash@$(dassie list job -p clash --raw -o jsonl | head -1 | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"id\"])')");

    assertThat(job("clash"))
        .contains("\"state\":\"failed\"")
        .contains("/same")
        .contains("/a")
        .contains("/b");
  }

  @Test
  void aCommandThatIsNotThereIsSaidInTheJob() throws Exception {
    dassie.write(
        "absent.yaml",
        """
        pipeline: {name: absent}
        input: {pfs: {repo: data, glob: "/*"}}
        transform: {cmd: [no-such-program]}
        """);
    dassie.run("dassie create pipeline -f absent.yaml");
    dassie.run("dassie wait commit absent@master");

    assertThat(
            dassie.run("dassie list job -p absent -o json").out()
                + dassie.run("dassie create pipeline -f absent.yaml").err())
        .contains("no-such-program");
  }

  private static void run(String name, String script) throws IOException, InterruptedException {
    spec(name, "data", script);
    dassie.run("dassie create pipeline -f " + name + ".yaml").expect(0);
    dassie.run("dassie wait commit " + name + "@master");
  }

  private static void spec(String name, String repo, String script) {
    dassie.write(
        name + ".yaml",
        """
        pipeline: {name: %s}
        input: {pfs: {repo: %s, glob: "/*"}}
        datumTries: 1
        transform:
          cmd: [sh]
          stdin: ["%s"]
        """
            .formatted(name, repo, script));
  }

  private static String job(String pipeline) throws IOException, InterruptedException {
    return compact(dassie.run("dassie list job -p " + pipeline + " -o json").expect(0).out());
  }

  private static String datums(String pipeline) throws IOException, InterruptedException {
    String id =
        dassie
            .run(
                "dassie list job -p %s -o jsonl | python3 -c 'import json,sys; print(json.loads(sys.stdin.readline())[\"id\"])'"
                    .formatted(pipeline))
            .expect(0)
            .out()
            .strip();
    return compact(
        dassie.run("dassie list datum %s@%s -o json".formatted(pipeline, id)).expect(0).out());
  }

  private static String compact(String json) {
    return json.replace("\n", "").replaceAll("\"\\s*:\\s*", "\":");
  }
}
