package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommonAncestorTest {
  @TempDir Path folder;

  private Commit merge(World world, String branch, String text, CommitId other) {
    return world.versions.change(
        World.ANN,
        change -> {
          Commit made = change.putFinished(World.branch(branch), World.content(text));
          change.commits().merged(made.name(), other);
          return made;
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theNewestCommonCommitIsThatOfTheModel(long seed) {
    World world = new World(folder);
    world.createRepo("r");
    Random random = new Random(seed);
    List<Commit> all = new ArrayList<>();
    Map<CommitId, Set<CommitId>> above = new HashMap<>();
    for (int i = 0; i < 90; i++) {
      String branch = "r@b" + random.nextInt(4);
      if (!all.isEmpty() && random.nextInt(12) == 0) {
        CommitName target = all.get(random.nextInt(all.size())).name();
        world.versions.change(
            World.ANN,
            change ->
                change.createBranch(
                    World.branch(branch), Optional.of(target), List.of(), Optional.empty()));
        continue;
      }
      Optional<CommitId> other =
          !all.isEmpty() && random.nextInt(4) == 0
              ? Optional.of(all.get(random.nextInt(all.size())).name().id())
              : Optional.empty();
      Commit made =
          other.isPresent()
              ? merge(world, branch, "t" + i, other.get())
              : world.put(branch, "t" + i);
      Set<CommitId> history = new HashSet<>(Set.of(made.name().id()));
      made.parent().ifPresent(id -> history.addAll(above.getOrDefault(id, Set.of())));
      other.ifPresent(id -> history.addAll(above.getOrDefault(id, Set.of())));
      above.put(made.name().id(), history);
      all.add(made);
    }
    Ancestry ancestry = new Ancestry(world.versions);

    for (int i = 0; i < 150; i++) {
      Commit one = all.get(random.nextInt(all.size()));
      Commit two = all.get(random.nextInt(all.size()));
      Set<CommitId> common = new HashSet<>(above.getOrDefault(one.name().id(), Set.of()));
      common.retainAll(above.getOrDefault(two.name().id(), Set.of()));
      Optional<CommitId> newest =
          all.reversed().stream()
              .map(commit -> commit.name().id())
              .filter(common::contains)
              .findFirst();

      assertThat(ancestry.common(one.name(), two.name()).map(commit -> commit.name().id()))
          .isEqualTo(newest);
    }
  }

  @Test
  void longHistoriesAreNotWalked() {
    World world = new World(folder);
    world.createRepo("r");
    world.put("r@a", "root");
    CommitName fork = world.resolve("r@a").name();
    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(
                World.branch("r@b"), Optional.of(fork), List.of(), Optional.empty()));
    for (int i = 0; i < 300; i++) {
      world.put(i % 3 == 0 ? "r@a" : "r@b", "t" + i);
    }
    CommitName a = world.resolve("r@a").name();
    CommitName b = world.resolve("r@b").name();
    CountingReader counted = new CountingReader();

    Optional<CommitRow> found =
        world.metadata.read(rows -> {
          Snapshot snapshot = new Snapshot(counted.over(rows));
          return new CommonAncestor(snapshot).of(snapshot.needCommit(a), snapshot.needCommit(b));
        });

    assertThat(found.map(CommitRow::name)).contains(fork);
    assertThat(counted.gets()).isLessThan(80);
  }
}
