package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.FilePath;
import dev.dassie.version.trigger.Missing;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// The clock of the tests stands at 10:00 and moves a millisecond at each look.
class TriggersTest extends FollowedBranches {
  private Optional<CommitId> head(String branch) {
    return world.versions.branch(World.branch(branch)).head();
  }

  private List<Missing> missing(String branch) {
    return world.versions.triggers().waiting(World.branch(branch)).orElseThrow().missing();
  }

  @Test
  void aNumberOfCommitsMovesTheHeadToTheSameCommitUnderItsSet() {
    follow("data@master", commits("staging", 3));
    world.pipeline("model", "data@master");

    put("data@staging", "a", 1);
    put("data@staging", "b", 1);
    assertThat(head("data@master")).isEmpty();
    assertThat(missing("data@master")).containsExactly(new Missing.Commits(2, 3));
    Commit third = put("data@staging", "c", 1);

    assertThat(head("data@master")).contains(third.name().id());
    assertThat(world.versions.set(third.name().id()))
        .extracting(commit -> commit.name().repo().name())
        .containsExactly("data", "model");
    assertThat(world.resolve("model@master").provenance())
        .containsExactly(new Commit.Source(third.name(), "master"));
    assertThat(missing("data@master")).containsExactly(new Missing.Commits(0, 3));
  }

  @Test
  void sizeCountsBytesThatWereAddedOrRewrittenAndNotWhatStands() {
    put("data@staging", "old", 5_000);
    follow("data@master", size("staging", 1_000));
    assertThat(head("data@master")).isEmpty();

    put("data@staging", "a", 300);
    put("data@staging", "a", 250);
    assertThat(missing("data@master")).containsExactly(new Missing.Size(550, 1_000));
    put("data@staging", "a", 250);
    try (FileWriter writer = world.files.write(World.ANN, World.branch("data@staging"))) {
      writer.delete(new FilePath("old"));
      Commit _ = writer.commit();
    }
    assertThat(missing("data@master")).containsExactly(new Missing.Size(550, 1_000));
    put("data@staging", "a", 400, true);
    assertThat(missing("data@master")).containsExactly(new Missing.Size(950, 1_000));
    put("data@staging", "b", 49);
    assertThat(head("data@master")).isEmpty();
    Commit last = put("data@staging", "c", 1);

    assertThat(head("data@master")).contains(last.name().id());
  }

  @Test
  void anAppendToALargeFileCountsWhatItAppended() {
    put("data@staging", "log", 3 << 20);
    follow("data@master", size("staging", 3 << 20));

    put("data@staging", "log", 1_000, true);

    assertThat(missing("data@master")).containsExactly(new Missing.Size(1_000, 3 << 20));
  }

  @Test
  void oneConditionIsEnoughUnlessAllAreWanted() {
    follow(
        "data@any",
        new Trigger(
            "staging",
            Optional.of(1_000L),
            Optional.of(2L),
            Optional.empty(),
            Optional.empty(),
            false));
    follow(
        "data@all",
        new Trigger(
            "staging",
            Optional.of(1_000L),
            Optional.of(2L),
            Optional.empty(),
            Optional.empty(),
            true));

    put("data@staging", "a", 10);
    Commit second = put("data@staging", "b", 10);
    assertThat(head("data@any")).contains(second.name().id());
    assertThat(head("data@all")).isEmpty();
    assertThat(missing("data@all")).containsExactly(new Missing.Size(20, 1_000));
    Commit third = put("data@staging", "c", 2_000);

    assertThat(head("data@any")).contains(third.name().id());
    assertThat(head("data@all")).contains(third.name().id());
  }

  @Test
  void aRateLimitFiresAtOnceThenWaitsAndPicksUpTheLastCommitAtItsEnd() {
    follow("data@master", rateLimit("staging", "@hourly"));

    Commit first = put("data@staging", "a", 1);
    assertThat(head("data@master")).contains(first.name().id());
    pass("PT10M");
    put("data@staging", "b", 1);
    Commit last = put("data@staging", "c", 1);
    assertThat(head("data@master")).contains(first.name().id());
    assertThat(missing("data@master"))
        .containsExactly(new Missing.RateLimit(Optional.of(Instant.parse("2026-11-21T11:00:00Z"))));
    pass("PT49M");
    assertThat(head("data@master")).contains(first.name().id());
    pass("PT1M");

    assertThat(head("data@master")).contains(last.name().id());
    pass("PT5H");
    assertThat(head("data@master")).contains(last.name().id());
    Commit later = put("data@staging", "d", 1);
    assertThat(head("data@master")).contains(later.name().id());
  }

  @Test
  void aScheduleFollowsAtEachTickAndAgainWhereNothingIsNew() {
    follow("data@master", cron("staging", "@daily"));
    world.pipeline("model", "data@master");
    pass("PT24H");
    assertThat(head("data@master")).isEmpty();
    put("data@staging", "a", 1);
    Commit last = put("data@staging", "b", 1);
    assertThat(head("data@master")).isEmpty();

    pass("PT24H");
    Optional<CommitId> first = head("model@master");
    assertThat(head("data@master")).contains(last.name().id());
    pass("PT72H");

    assertThat(head("data@master")).contains(last.name().id());
    assertThat(first).isPresent().isNotEqualTo(head("model@master"));
    assertThat(world.versions.commits(World.repo("model"), commit -> true, "", 10).items())
        .hasSize(2);
    assertThat(missing("data@master"))
        .containsExactly(new Missing.Cron(Optional.of(Instant.parse("2026-11-27T00:00:00Z"))));
  }

  @Test
  void branchesMayFollowFollowers() {
    follow("data@weekly", commits("daily", 2));
    follow("data@daily", commits("staging", 2));

    put("data@staging", "a", 1);
    Commit second = put("data@staging", "b", 1);

    assertThat(head("data@daily")).contains(second.name().id());
    assertThat(head("data@weekly")).contains(second.name().id());
  }

  @Test
  void commitsOfOneTransactionAreCountedOneByOne() {
    follow("data@master", commits("staging", 2));
    Commit one = world.put("data@dev", "one");
    Commit two = world.put("data@dev", "two");
    Commit three = world.put("data@dev", "three");

    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(
                World.branch("data@staging"),
                Optional.of(three.name()),
                List.of(),
                Optional.empty()));

    assertThat(one.name()).isNotEqualTo(two.name());
    assertThat(head("data@master")).contains(two.name().id());
    assertThat(missing("data@master")).containsExactly(new Missing.Commits(1, 2));
  }

  @Test
  void aFinishedCommitFiresUnderItsSetUnlessThatHasACommitInTheWay() {
    follow("data@master", commits("staging", 1));
    world.pipeline("both", "data@staging", "data@master");

    Commit put = put("data@staging", "a", 1);

    assertThat(head("data@master")).contains(put.name().id());
    List<Commit> both = world.versions.commits(World.repo("both"), commit -> true, "", 10).items();
    assertThat(both).hasSize(2);
    assertThat(both.getFirst().name().id()).isNotEqualTo(put.name().id());
    assertThat(both.getFirst().provenance()).hasSize(2);
  }

  @Test
  void anOpenCommitCountsWhenItIsFinishedAndAFailedOneNever() {
    follow("data@master", commits("staging", 1));

    Commit failed = world.start("data@staging");
    world.versions.change(World.ANN, change -> change.fail(failed.name(), "no"));
    assertThat(head("data@master")).isEmpty();
    Commit open = world.start("data@staging");
    assertThat(head("data@master")).isEmpty();
    Commit finished = world.files.finish(World.ANN, open.name());

    assertThat(head("data@master")).contains(finished.name().id());
  }

  @Test
  void aMoveByHandToAllThatThereIsCountsAsFiring() {
    follow("data@master", commits("staging", 3));
    put("data@staging", "a", 1);
    Commit second = put("data@staging", "b", 1);

    world.versions.change(
        World.ANN,
        change -> {
          change.moveHead(World.branch("data@master"), second.name());
          return true;
        });

    assertThat(head("data@master")).contains(second.name().id());
    assertThat(missing("data@master")).containsExactly(new Missing.Commits(0, 3));
  }

  @Test
  void whatWasNotCountedBeforeACrashIsCountedByTheNextServer() {
    follow("data@master", commits("staging", 1));
    BranchName staging = World.branch("data@staging");
    CommitId set = new CommitId("0".repeat(31) + "1");
    boolean _ =
        world.metadata.write(writer -> {
          Change change = new Change(writer, World.ANN, set, world.clock.instant());
          Commit _ = change.putFinished(staging, World.content("x"));
          change.propagate();
          return true;
        });
    assertThat(head("data@master")).isEmpty();

    assertThat(timer.ring()).isTrue();

    assertThat(head("data@master")).contains(set);
    assertThat(world.metadata.<Boolean>read(rows -> Alarms.first(rows, 1).isEmpty())).isTrue();
  }

  @Test
  void theTimerRingsByItself() throws InterruptedException {
    CountDownLatch rung = new CountDownLatch(1);
    try (Timer own =
        new Timer(
            world.versions,
            Map.of(
                "test",
                alarm -> {
                  rung.countDown();
                  boolean _ =
                      world.metadata.write(rows -> {
                        Alarms.set(rows, "test", alarm.name(), Optional.empty());
                        return true;
                      });
                }))) {
      own.start();
      world.versions.change(
          World.ANN,
          change -> {
            Alarms.set(change.rows(), "test", "x", Optional.of(change.now()));
            return change.createRepo(World.repo("other"), "");
          });

      rung.await();
    }
    assertThat(rung.getCount()).isZero();
  }
}
