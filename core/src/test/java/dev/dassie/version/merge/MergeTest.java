package dev.dassie.version.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  @TempDir Path folder;
  private Studio studio;

  @BeforeEach
  void begin() {
    studio = new Studio(folder);
    studio.put("master", "/a", "1", "/b", "2", "/d/x", "3");
    studio.branch("side", "master");
  }

  private void refused(String message, Choices choices) {
    assertThatThrownBy(() -> studio.merge("side", "master", choices))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining(message);
  }

  @Test
  void branchWithNothingOfItsOwnMoves() {
    Commit head = studio.put("side", "/a", "new");

    Outcome outcome = studio.merge("side", "master", Choices.NONE);

    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAST_FORWARD);
    assertThat(outcome.commit().name()).isEqualTo(head.name());
    assertThat(studio.read("master")).containsEntry("/a", "new");
  }

  @Test
  void mergingWhatIsThereDoesNothing() {
    Commit head = studio.put("master", "/a", "new");

    Outcome outcome = studio.merge("side", "master", Choices.NONE);

    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UP_TO_DATE);
    assertThat(outcome.commit().name()).isEqualTo(head.name());
  }

  @Test
  void changesOfDifferentPathsAreBothTaken() {
    studio.put("master", "/a", "ours", "/mine", "m");
    Commit theirs = studio.put("side", "/b", "theirs", "/d/y", "new", "/d/x", null);

    Outcome outcome = studio.merge("side", "master", Choices.NONE);

    assertThat(studio.read("master"))
        .isEqualTo(Map.of("/a", "ours", "/mine", "m", "/b", "theirs", "/d/y", "new"));
    assertThat(studio.ancestry.merged(outcome.commit().name())).contains(theirs.name().id());
    assertThat(outcome.commit().message()).isEqualTo("merge side into master");
  }

  @Test
  void equalChangesAreNoConflict() {
    studio.put("master", "/a", "same", "/b", null);
    studio.put("side", "/a", "same", "/b", null, "/c", "3");

    studio.merge("side", "master", Choices.NONE);

    assertThat(studio.read("master")).isEqualTo(Map.of("/a", "same", "/c", "3", "/d/x", "3"));
  }

  @Test
  void differentChangesOfAPathAreRefusedUntilASideIsChosen() {
    studio.put("master", "/a", "ours", "/new", "1");
    studio.put("side", "/a", "theirs", "/new", "2", "/c", "3");

    refused("conflicts at `/a`, `/new`", Choices.NONE);
    refused("conflicts at `/new`", new Choices(Optional.empty(), Map.of(path("a"), Side.THEIRS)));
    studio.merge(
        "side", "master", new Choices(Optional.of(Side.OURS), Map.of(path("a"), Side.THEIRS)));

    assertThat(studio.read("master"))
        .isEqualTo(Map.of("/a", "theirs", "/b", "2", "/c", "3", "/d/x", "3", "/new", "1"));
  }

  @Test
  void theBaseCanBeChosen() {
    studio.put("master", "/a", "ours", "/new", "1");
    studio.put("side", "/a", "theirs", "/new", "2");

    studio.merge("side", "master", new Choices(Optional.of(Side.BASE), Map.of()));

    assertThat(studio.read("master")).containsEntry("/a", "1").doesNotContainKey("/new");
  }

  @Test
  void markersOfDirectoriesComeAlong() {
    studio.mark("master", "old", true);
    studio.mark("master", "both", true);
    studio.branch("other", "master");
    studio.mark("other", "new", true);
    studio.mark("other", "old", false);
    studio.put("master", "/a", "ours");
    studio.mark("master", "mine", true);

    studio.merge("other", "master", Choices.NONE);

    assertThat(studio.markers("master")).containsExactly("both", "mine", "new");
    assertThat(studio.read("master")).containsEntry("/a", "ours");
  }

  @Test
  void aMarkerMakesWayForAFile() {
    studio.put("master", "/n", "file");
    studio.mark("master", "m/deep", true);
    studio.mark("side", "n/deep", true);
    studio.put("side", "/m", "file");

    studio.merge("side", "master", Choices.NONE);

    assertThat(studio.markers("master")).isEmpty();
    assertThat(studio.read("master")).containsEntry("/n", "file").containsEntry("/m", "file");
  }

  @Test
  void undoingACommitTakesItsMarkersAway() {
    Commit marked = studio.mark("master", "n", true);
    studio.put("master", "/a", "later");

    studio.revert("master", marked, Choices.NONE);

    assertThat(studio.markers("master")).isEmpty();
    assertThat(studio.read("master")).containsEntry("/a", "later");
  }

  @Test
  void deletingWhatTheOtherChangedIsAConflict() {
    studio.put("master", "/a", null, "/b", "ours");
    studio.put("side", "/a", "theirs", "/b", null);

    assertThat(studio.conflicts("side", "master"))
        .containsExactly("/a deleted_by_us", "/b deleted_by_them");
    studio.merge("side", "master", new Choices(Optional.of(Side.THEIRS), Map.of()));

    assertThat(studio.read("master")).isEqualTo(Map.of("/a", "theirs", "/d/x", "3"));
  }

  @Test
  void fileOnOneSideAndDirectoryOnTheOtherIsOneConflict() {
    studio.put("master", "/n", "file");
    studio.put("side", "/n/1", "1", "/n/2", "2", "/n-z", "z");

    assertThat(studio.conflicts("side", "master")).containsExactly("/n file_and_directory");
    studio.merge("side", "master", new Choices(Optional.empty(), Map.of(path("n"), Side.THEIRS)));

    assertThat(studio.read("master"))
        .containsEntry("/n/1", "1")
        .containsEntry("/n/2", "2")
        .containsEntry("/n-z", "z")
        .doesNotContainKey("/n");
  }

  @Test
  void directoryThatWasChangedDoesNotGiveWayToAFileSilently() {
    studio.put("master", "/d/y", "ours");
    studio.put("side", "/d/x", null, "/d", "file");

    assertThat(studio.conflicts("side", "master")).containsExactly("/d file_and_directory");
    studio.merge("side", "master", new Choices(Optional.of(Side.OURS), Map.of()));

    assertThat(studio.read("master"))
        .isEqualTo(Map.of("/a", "1", "/b", "2", "/d/x", "3", "/d/y", "ours"));
  }

  @Test
  void directoryThatWasNotChangedGivesWayToAFile() {
    studio.put("master", "/a", "ours");
    studio.put("side", "/d/x", null, "/d", "file", "/b", null, "/b/c", "deep");

    studio.merge("side", "master", Choices.NONE);

    assertThat(studio.read("master")).isEqualTo(Map.of("/a", "ours", "/d", "file", "/b/c", "deep"));
  }

  @Test
  void mergedOnceIsNotMergedAgain() {
    studio.put("master", "/a", "ours");
    studio.put("side", "/b", "theirs");
    studio.merge("side", "master", Choices.NONE);
    studio.put("side", "/c", "more");
    studio.put("master", "/b", "ours again");

    studio.merge("side", "master", Choices.NONE);

    assertThat(studio.read("master"))
        .isEqualTo(Map.of("/a", "ours", "/b", "ours again", "/c", "more", "/d/x", "3"));
    Outcome back = studio.merge("master", "side", Choices.NONE);
    assertThat(back.kind()).isEqualTo(Outcome.Kind.FAST_FORWARD);
  }

  @Test
  void branchesWithoutACommonCommitAreRefused() {
    studio.put("other", "/z", "1");

    assertThatThrownBy(() -> studio.merge("other", "master", Choices.NONE))
        .hasMessageContaining("have no commit in common any more");
  }

  @Test
  void contentTypesComeAlong() {
    studio.put("master", "/a", "ours");
    studio.putTyped("side", "/page", "<p>", "text/html");

    studio.merge("side", "master", Choices.NONE);

    assertThat(studio.contentType("master", "page")).contains("text/html");
  }

  @Test
  void repeatUnderAKeyAnswersAsTheFirst() {
    studio.put("master", "/a", "ours");
    studio.put("side", "/b", "theirs");
    Call call = new Call("local:ann", "", Optional.of("key"));

    Outcome first = studio.merge(call, "side", "master", Choices.NONE);
    Outcome second = studio.merge(call, "side", "master", Choices.NONE);

    assertThat(second).isEqualTo(first);
    assertThat(studio.history("master")).hasSize(3);
  }

  @Test
  void openHeadIsRefused() {
    studio.put("side", "/b", "theirs");
    studio.start("master");

    refused("has the open commit", Choices.NONE);
  }

  @Test
  void outputOfAPipelineIsRefused() {
    RepoName edges = new RepoName("default", "edges");
    BranchName output = new BranchName(edges, "master");
    studio.world.versions.change(
        World.ANN,
        change -> {
          change.createRepo(edges, "");
          return change.createBranch(
              output, Optional.empty(), List.of(Studio.name("master")), Optional.of("edges"));
        });

    assertThatThrownBy(
            () -> studio.merges.merge(World.ANN, output, studio.head("side"), "side", Choices.NONE))
        .hasMessageContaining("is written by the pipeline `edges`");
  }

  @Test
  void undoneCommitLeavesWhatCameAfter() {
    Commit bad = studio.put("master", "/a", "bad", "/junk", "1", "/b", null);
    studio.put("master", "/c", "later");

    Outcome outcome = studio.revert("master", bad, Choices.NONE);

    assertThat(studio.read("master"))
        .isEqualTo(Map.of("/a", "1", "/b", "2", "/c", "later", "/d/x", "3"));
    assertThat(outcome.commit().message()).startsWith("revert ");
    assertThat(studio.revert("master", bad, Choices.NONE).kind())
        .isEqualTo(Outcome.Kind.UP_TO_DATE);
  }

  @Test
  void undoingWhatWasChangedSinceIsAConflict() {
    Commit bad = studio.put("master", "/a", "bad");
    studio.put("master", "/a", "newer");

    assertThatThrownBy(() -> studio.revert("master", bad, Choices.NONE))
        .hasMessageContaining("conflicts at `/a`");
    studio.revert("master", bad, new Choices(Optional.of(Side.THEIRS), Map.of()));

    assertThat(studio.read("master")).containsEntry("/a", "1");
  }

  private static FilePath path(String text) {
    return new FilePath(text);
  }

  @Test
  void stepsNameWhatIsTakenOver() {
    studio.put("master", "/a", "ours");
    studio.put("side", "/a", "theirs", "/b", null, "/c", "3");

    List<String> steps = studio.steps("side", "master");

    assertThat(steps).containsExactly("/a both_changed -", "/b - theirs", "/c - theirs");
  }
}
