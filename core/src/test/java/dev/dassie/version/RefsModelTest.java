package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random changes of one repo with a pipeline behind it, against plain maps.
class RefsModelTest {
  private static final int STEPS = 400;

  @TempDir Path folder;

  /// A commit as the model knows it.
  private static final class Model {
    final Optional<CommitId> parent;
    Optional<String> content = Optional.empty();
    boolean failed;

    Model(Optional<CommitId> parent) {
      this.parent = parent;
    }

    boolean open() {
      return content.isEmpty() && !failed;
    }
  }

  private World world;
  private Random random;
  private final Map<CommitId, Model> commits = new HashMap<>();
  private final Map<String, CommitId> heads = new HashMap<>();
  private final List<CommitId> all = new ArrayList<>();
  private final List<CommitId> derived = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void refsAndHistoriesAreThoseOfTheModel(long seed) {
    world = new World(folder);
    random = new Random(seed);
    world.createRepo("images");
    world.pipeline("edges", "images@b0");

    for (int step = 0; step < STEPS; step++) {
      step("b" + random.nextInt(3), "content " + step);
    }

    heads.forEach(this::check);
    checkDerived();
  }

  private void step(String branch, String content) {
    switch (random.nextInt(6)) {
      case 0, 1 -> put(branch, content);
      case 2 -> start(branch);
      case 3, 4 -> end(branch, content);
      default -> move(branch);
    }
  }

  private boolean openHead(String branch) {
    return heads.containsKey(branch) && commits.get(heads.get(branch)).open();
  }

  private void put(String branch, String content) {
    boolean refused = openHead(branch);
    Optional<Fault> fault = attempt(() -> moved(branch, world.put("images@" + branch, content)));
    assertThat(fault.isPresent()).isEqualTo(refused);
    if (fault.isEmpty()) {
      commits.get(heads.get(branch)).content = Optional.of(content);
    }
  }

  private void start(String branch) {
    boolean refused = openHead(branch);
    Optional<Fault> fault = attempt(() -> moved(branch, world.start("images@" + branch)));
    assertThat(fault.isPresent()).isEqualTo(refused);
  }

  private void moved(String branch, Commit commit) {
    Model model = new Model(Optional.ofNullable(heads.get(branch)));
    assertThat(commit.parent()).isEqualTo(model.parent);
    commits.put(commit.name().id(), model);
    all.add(commit.name().id());
    heads.put(branch, commit.name().id());
    followed(branch, commit.name().id());
  }

  private void followed(String branch, CommitId set) {
    if (branch.equals("b0")) {
      derived.add(set);
    }
  }

  private void end(String branch, String content) {
    if (!openHead(branch)) {
      return;
    }
    CommitId id = heads.get(branch);
    CommitName name = new CommitName(World.repo("images"), id);
    if (random.nextInt(4) == 0) {
      world.versions.change(World.ANN, change -> change.fail(name, "no"));
      commits.get(id).failed = true;
    } else {
      world.versions.change(World.ANN, change -> change.finish(name, World.content(content)));
      commits.get(id).content = Optional.of(content);
    }
  }

  private void move(String branch) {
    if (all.isEmpty() || !heads.containsKey(branch)) {
      return;
    }
    CommitId target = all.get(random.nextInt(all.size()));
    boolean refused = commits.get(target).failed;
    boolean same = target.equals(heads.get(branch));
    Optional<Fault> fault =
        attempt(() -> {
          CommitId set =
              world.versions.change(
                  World.ANN,
                  change -> {
                    change.moveHead(
                        World.branch("images@" + branch),
                        new CommitName(World.repo("images"), target));
                    return change.set();
                  });
          if (!same) {
            heads.put(branch, target);
            followed(branch, set);
          }
        });
    assertThat(fault.isPresent()).isEqualTo(refused);
  }

  private static Optional<Fault> attempt(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (DassieException e) {
      return Optional.of(e.fault());
    }
  }

  private void check(String branch, CommitId head) {
    List<CommitId> chain = new ArrayList<>();
    Optional<CommitId> id = Optional.of(head);
    while (id.isPresent()) {
      chain.add(id.get());
      id = commits.get(id.get()).parent;
    }
    String address = "images@" + branch;
    for (int i = 0; i < chain.size(); i++) {
      assertThat(world.resolve(address + "~" + i).name().id()).isEqualTo(chain.get(i));
      assertThat(world.resolve(address + "." + (chain.size() - i)).name().id())
          .isEqualTo(chain.get(i));
    }
    List<CommitId> listed =
        world
            .versions
            .history(world.resolve(address).name(), commit -> true, "", STEPS)
            .items()
            .stream()
            .map(commit -> commit.name().id())
            .toList();
    assertThat(listed).isEqualTo(chain);
    Optional<CommitId> finished =
        chain.stream().filter(link -> commits.get(link).content.isPresent()).findFirst();
    assertThat(
            world.versions.newestFinished(World.branch(address)).map(commit -> commit.name().id()))
        .isEqualTo(finished);
    Optional<CommitId> below =
        chain.stream().skip(1).filter(link -> commits.get(link).content.isPresent()).findFirst();
    assertThat(
            world
                .versions
                .nearestFinished(new CommitName(World.repo("images"), head))
                .map(commit -> commit.name().id()))
        .isEqualTo(below);
  }

  /// Each move of `b0` made one commit of the pipeline, in order.
  private void checkDerived() {
    List<CommitId> found =
        world
            .versions
            .history(world.resolve("edges@master").name(), commit -> true, "", STEPS)
            .items()
            .reversed()
            .stream()
            .map(commit -> commit.name().id())
            .toList();
    assertThat(found).isEqualTo(derived);
  }
}
