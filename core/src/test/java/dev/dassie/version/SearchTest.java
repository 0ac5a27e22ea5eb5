package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a word may mean.
class SearchTest {
  @TempDir Path folder;

  @Test
  void namesThatHaveTheWordAndIdsThatBeginWithItAreFound() {
    World world = new World(folder);
    Commit commit =
        world.versions.change(
            World.ANN,
            change -> {
              change.createRepo(World.repo("sales"), "");
              change.createRepo(World.repo("other"), "");
              change.createRepo(new RepoName("default", "sales", RepoName.Type.SPEC), "");
              change.createBranch(
                  World.branch("other@wholesale"), Optional.empty(), List.of(), Optional.empty());
              return change.putFinished(World.branch("sales@master"), World.content("a"));
            });
    String id = commit.name().id().value();

    Search.Found named = world.versions.search("SALE", 10);
    Search.Found begun = world.versions.search(id.substring(0, 6), 10);

    assertThat(named.repos()).extracting(Repo::name).containsExactly(World.repo("sales"));
    assertThat(named.refs()).extracting(Ref::name).containsExactly(World.branch("other@wholesale"));
    assertThat(named.commits()).isEmpty();
    assertThat(named.whole()).isTrue();
    assertThat(begun.commits()).extracting(Commit::name).containsExactly(commit.name());
    assertThat(world.versions.search("", 1).repos()).hasSize(1);
  }
}
