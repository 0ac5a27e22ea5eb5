package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What may follow what.
class TriggerRulesTest extends FollowedBranches {
  @Test
  void branchesThatFollowAreNotWrittenToAndThoseThatAreFollowedStay() {
    follow("data@master", commits("staging", 2));
    put("data@staging", "a", 1);

    assertThatThrownBy(() -> put("data@master", "a", 1))
        .hasMessage(
            "The branch `data@master` follows `data@staging` by its trigger; expected one that users write to.");
    assertThatThrownBy(() -> world.start("data@master"))
        .hasMessageContaining("follows `data@staging` by its trigger");
    assertThatThrownBy(() -> delete("data@staging"))
        .hasMessage("The branch `data@staging` is followed by `data@master`.");
    world.versions.change(
        World.ANN, change -> change.trigger(World.branch("data@master"), Optional.empty()));
    delete("data@staging");
    assertThat(world.versions.triggers().waiting(World.branch("data@master"))).isEmpty();
  }

  private void delete(String branch) {
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteBranch(World.branch(branch));
          return true;
        });
  }

  @Test
  void circlesTagsAndComputedBranchesAreRefused() {
    Commit one = world.put("data@staging", "one");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("data@v1"), one.name()));
    world.pipeline("model", "data@staging");
    follow("data@b", commits("c", 1));
    follow("data@c", commits("d", 1));

    assertThatThrownBy(() -> follow("data@a", commits("a", 1)))
        .hasMessage("The branch `data@a` cannot follow itself.");
    assertThatThrownBy(() -> follow("data@d", commits("b", 1)))
        .hasMessage("The branch `data@d` would follow itself, through `b`.");
    assertThatThrownBy(() -> follow("data@a", commits("v1", 1)))
        .hasMessage("`data@v1` is a tag, which never moves; expected a branch to follow.");
    assertThatThrownBy(() -> follow("model@master", commits("x", 1)))
        .hasMessage("The branch `model@master` is written by the pipeline `model`.");
    assertThatThrownBy(() -> follow("nowhere@a", commits("b", 1)))
        .hasMessage("No repo is named `nowhere`.");
    assertThat(world.versions.findRef(World.branch("data@a"))).isEmpty();
  }

  @Test
  void triggersThatNeverFireOrSayTooMuchAreRefused() {
    assertThatThrownBy(() -> size("staging", -1))
        .hasMessage("The size of the trigger is `-1`, expected 1 or more.");
    assertThatThrownBy(() -> commits("staging", 0))
        .hasMessage("The number of commits of the trigger is `0`, expected 1 or more.");
    assertThatThrownBy(() ->
            new Trigger(
                "staging",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false))
        .hasMessage(
            "The trigger on the branch is `staging`, expected a size, a number of commits, a rate limit or a schedule beside it.");
    assertThatThrownBy(() ->
            new Trigger(
                "staging",
                Optional.of(1L),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Schedule.parse("@daily")),
                false))
        .hasMessage(
            "The schedule of the trigger is `@daily`, expected no other condition beside it.");
  }

  @Test
  void sizesAreReadAsPeopleWriteThem() {
    assertThat(Trigger.size("500")).isEqualTo(500);
    assertThat(Trigger.size("1MB")).isEqualTo(1_000_000);
    assertThat(Trigger.size("1.5 GiB")).isEqualTo(1_610_612_736L);
    assertThat(Trigger.size("10k")).isEqualTo(10_000);
    for (String bad : List.of("-1", "", "MB", "0", "1iB", "1e3", "9999999P")) {
      assertThatThrownBy(() -> Trigger.size(bad))
          .hasMessage(
              "The size of the trigger is `%s`, expected one like `1MB`, more than 0."
                  .formatted(bad));
    }
  }

  @Test
  void aRepoGoesWithItsTriggers() {
    follow("data@master", rateLimit("staging", "@hourly"));
    put("data@staging", "a", 1);
    put("data@staging", "b", 1);

    world.versions.change(
        World.ANN,
        change -> {
          change.deleteRepo(World.repo("data"));
          return true;
        });
    pass("PT2H");

    assertThat(world.metadata.<Boolean>read(rows -> Alarms.first(rows, 1).isEmpty())).isTrue();
    world.createRepo("data");
    put("data@staging", "a", 1);
    assertThat(world.versions.findRef(World.branch("data@master"))).isEmpty();
  }
}
