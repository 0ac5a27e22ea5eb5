package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowingTest {
  private static final RepoName REPO = new RepoName("default", "images");
  private static final BranchName MASTER = new BranchName(REPO, "master");

  @TempDir Path folder;
  private World world;
  private Showing showing;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
    showing =
        new Showing(world.versions.views(), new SharedReader(world.versions.chunks(), 1 << 20));
  }

  private Reading.Shown look() {
    return world.versions.ask(snapshot -> new Reading(snapshot).show(REPO, "master"));
  }

  @Test
  void aReadThatMeetsTheEndOfACommitIsOfWhatIsThereThen() {
    Commit open = world.versions.change(World.ANN, change -> change.startCommit(MASTER));
    Reading.Shown before = look();
    Commit finished = world.files.finish(World.ANN, open.name());
    Deque<Reading.Shown> looks = new ArrayDeque<>(List.of(before, look()));

    ReadView view = showing.of(looks::removeFirst);

    assertThat(view.commit()).isEqualTo(finished);
    assertThat(looks).isEmpty();
  }

  @Test
  void aReadThatNeverMeetsAnythingElseGivesUp() {
    Commit open = world.versions.change(World.ANN, change -> change.startCommit(MASTER));
    Reading.Shown before = look();
    world.files.finish(World.ANN, open.name());

    assertThatThrownBy(() -> showing.of(() -> before))
        .hasMessageContaining("it changed 100 times while it was looked up");
  }
}
