package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions as a user's commands join them.
class TransactionCommandsTest {
  private static final List<String> JOINING =
      List.of(
          "create project made -d text",
          "delete project gone",
          "create repo fresh -d text",
          "delete repo unused",
          "create branch every@new --head master",
          "create branch fresh@master -p every@master",
          "delete branch every@side",
          "create tag every@tag --head master",
          "delete tag every@old",
          "finish commit every@open -m done",
          "squash commit 'every@master^' --recursive",
          "delete commit every@last",
          "edit metadata project made k=v",
          "edit metadata repo every k=v",
          "edit metadata branch every@master k=v",
          "edit metadata commit every@master k=v k-",
          "create pipeline -f copy.yaml");

  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @AfterEach
  void leave() throws IOException {
    Files.deleteIfExists(dassie.home().resolve("transaction"));
  }

  private static String begin() throws Exception {
    return dassie.run("dassie start transaction").expect(0).out().strip();
  }

  @Test
  void everyCommandThatCanJoinsTheCurrentOne() throws Exception {
    dassie.run("dassie create repo every && dassie create repo unused").expect(0);
    for (String branch : List.of("master", "master", "last", "side")) {
      dassie.run("echo x | dassie put file -a every@" + branch + ":/a -f -").expect(0);
    }
    dassie.run("dassie create tag every@old --head master").expect(0);
    dassie.run("dassie start commit every@open && dassie create project gone").expect(0);
    dassie.write(
        "copy.yaml",
        """
        pipeline: {name: copy}
        input: {pfs: {repo: every, glob: /}}
        transform: {cmd: [cp, /pfs/every/a, /pfs/out/]}
        """);
    String id = begin();

    for (String command : JOINING) {
      Instance.Result result = dassie.run("dassie " + command).expect(0);
      assertThat(result.err()).as(command).contains("Added to the transaction `" + id + "`");
      assertThat(result.out()).as(command).isEmpty();
    }
    dassie.run("dassie inspect repo fresh").expect(3);
    dassie.run("dassie finish transaction").expect(0);

    dassie.run("dassie inspect repo fresh").expect(0);
    dassie.run("dassie inspect pipeline copy").expect(0);
    dassie.run("dassie inspect tag every@old").expect(3);
    dassie.run("dassie inspect branch every@side").expect(3);
    assertThat(dassie.run("dassie inspect project made -o json").expect(0).out()).contains("\"k\"");
    assertThat(dassie.run("dassie inspect commit every@open -o json").expect(0).out())
        .contains("\"done\"");
    assertThat(dassie.run("dassie inspect transaction").expect(3).err())
        .contains("No transaction is current.");
  }

  @Test
  void aCurrentOneThatIsGoneIsSaidAndNothingRuns() throws Exception {
    String id = begin();
    dassie.run("DASSIE_HOME=$PWD dassie delete transaction " + id).expect(0);

    Instance.Result step = dassie.run("dassie create repo lost").expect(3);

    assertThat(step.err())
        .contains("The current transaction `" + id + "` is not there any more")
        .contains("`dassie stop transaction` leaves it");
    assertThat(dassie.run("dassie finish transaction").expect(3).err()).contains("not there");
    dassie.run("dassie inspect repo lost").expect(3);
    dassie.run("dassie stop transaction").expect(0);
    dassie.run("dassie create repo lost").expect(0);
  }

  @Test
  void aRefusalOfWhatAStepNamesIsItsOwn() throws Exception {
    String _ = begin();

    Instance.Result result = dassie.run("dassie start commit nowhere@master").expect(3);

    assertThat(result.err()).contains("No repo is named `nowhere`.");
    dassie.run("dassie delete transaction").expect(0);
  }

  @Test
  void oneAtATimeIsCurrentAndEachServerAndUserHasItsOwn() throws Exception {
    String first = begin();

    Instance.Result second = dassie.run("dassie start transaction").expect(5);
    // The same server under another name is another server to its clients.
    String elsewhere = "DASSIE_URL=http://localhost:" + dassie.port() + " dassie ";
    dassie.run(elsewhere + "create repo elsewhere").expect(0);

    assertThat(second.err()).contains("The transaction `" + first + "` is current.");
    dassie.run("dassie inspect repo elsewhere").expect(0);
    String other = dassie.run(elsewhere + "start transaction").expect(0).out().strip();
    assertThat(dassie.run("dassie inspect transaction").expect(0).out()).contains(first);
    assertThat(dassie.run(elsewhere + "inspect transaction").expect(0).out()).contains(other);
    dassie.run("dassie delete transaction && " + elsewhere + "delete transaction").expect(0);
    assertThat(dassie.home().resolve("transaction")).doesNotExist();
  }

  @Test
  void aConflictAtTheEndNamesTheStepAndKeepsTheTransaction() throws Exception {
    dassie.run("dassie create repo race").expect(0);
    String id = begin();
    dassie.run("dassie start commit race@master").expect(0);
    dassie.run("DASSIE_HOME=$PWD dassie start commit race@master").expect(0);

    Instance.Result refused = dassie.run("dassie finish transaction").expect(5);

    assertThat(refused.err())
        .contains("Step 1 of the transaction `" + id + "`, `start commit race@master`,");
    dassie.run("DASSIE_HOME=$PWD dassie finish commit race@master").expect(0);
    dassie.run("dassie finish transaction").expect(0);
    assertThat(dassie.run("dassie inspect commit race@master -o json").expect(0).out())
        .contains(id);
  }

  @Test
  void oneThatWasLeftIsListedAndTakenUpAgain() throws Exception {
    String id = begin();
    dassie.run("dassie create repo later && dassie stop transaction").expect(0);
    assertThat(dassie.run("dassie list transaction").expect(0).out())
        .contains(id)
        .doesNotContain("*");

    dassie.run("dassie resume transaction " + id).expect(0);

    assertThat(dassie.run("dassie list transactions").expect(0).out()).contains("*");
    dassie.run("dassie finish transaction " + id).expect(0);
    dassie.run("dassie inspect repo later").expect(0);
    dassie.run("dassie resume transaction " + id).expect(3);
    dassie.run("dassie resume transaction none").expect(2);
  }
}
