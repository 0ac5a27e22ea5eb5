package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.MemoryMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressesTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  @Test
  void branchTagIdAndPrefixNameTheSameCommit() {
    Commit one = world.put("images@master", "one");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), one.name()));
    String id = one.name().id().value();

    assertThat(world.resolve("images")).isEqualTo(one);
    assertThat(world.resolve("images@master")).isEqualTo(one);
    assertThat(world.resolve("default/images@v1")).isEqualTo(one);
    assertThat(world.resolve("images@" + id)).isEqualTo(one);
    assertThat(world.resolve("images@" + id.substring(0, 8))).isEqualTo(one);
  }

  @Test
  void aPrefixOfSevenDigitsIsNotOne() {
    Commit one = world.put("images@master", "one");

    assertThatThrownBy(() -> world.resolve("images@" + one.name().id().value().substring(0, 7)))
        .hasMessageContaining("No branch, tag or commit is named");
  }

  @Test
  void aPrefixOfSeveralCommitsIsRefusedWithTheirNumber() {
    CommitId[] ids = {
      new CommitId("0123456789abcdef0123456789abcd00"),
      new CommitId("0123456789abcdef0123456789abcd01"),
      new CommitId("0123456789ffffff0123456789abcd02")
    };
    ArrayList<CommitId> left = new ArrayList<>(List.of(ids));
    left.addFirst(new CommitId("f".repeat(32)));
    IdSource scripted = () -> left.isEmpty() ? new CommitId("e".repeat(32)) : left.removeFirst();
    Versions versions =
        new Versions(new MemoryMetadata(), world.chunks, folder, world.clock, scripted);
    for (int i = 0; i < 3; i++) {
      int number = i;
      versions.run(
          World.ANN,
          ids[i],
          world.clock.instant(),
          java.util.Optional.empty(),
          change -> {
            if (number == 0) {
              change.createRepo(World.repo("images"), "");
            }
            return change.putFinished(World.branch("images@master"), World.content("" + number));
          });
    }

    assertThatThrownBy(() -> versions.resolve("default", "images@0123456789"))
        .hasMessageContaining("could be any of 3 commits")
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Conflict.class));
    assertThat(versions.resolve("default", "images@0123456789f").name().id()).isEqualTo(ids[2]);
  }

  @Test
  void stepsGoBackFromTheHeadAndCountFromTheStart() {
    List<Commit> commits = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      commits.add(world.put("images@master", "content " + i));
    }

    assertThat(world.resolve("images@master^")).isEqualTo(commits.get(38));
    assertThat(world.resolve("images@master^^")).isEqualTo(commits.get(37));
    assertThat(world.resolve("images@master^3~2")).isEqualTo(commits.get(34));
    assertThat(world.resolve("images@master~0")).isEqualTo(commits.get(39));
    for (int i = 1; i <= 40; i++) {
      assertThat(world.resolve("images@master." + i)).isEqualTo(commits.get(i - 1));
      assertThat(world.resolve("images@master~" + (40 - i))).isEqualTo(commits.get(i - 1));
    }
    assertThatThrownBy(() -> world.resolve("images@master~40"))
        .isInstanceOfSatisfying(
            DassieException.class,
            e ->
                assertThat(e.fault().hint().orElseThrow())
                    .isEqualTo("The history of `images@master` has 40 commits."));
    assertThatThrownBy(() -> world.resolve("images@master.0"))
        .hasMessageContaining("No commit is named");
    assertThatThrownBy(() -> world.resolve("images@master^x")).hasMessageContaining("expected `^`");
  }

  @Test
  void anAncestorIsFoundInFewReads() {
    for (int i = 1; i <= 500; i++) {
      world.put("images@master", "content " + i);
    }
    CountingReader counted = new CountingReader();

    CommitRow found =
        world.metadata.read(rows ->
            new Addresses(new Snapshot(counted.over(rows))).commit("default", "images@master.3"));

    assertThat(found.depth()).isEqualTo(3);
    assertThat(counted.gets()).isLessThan(30);
  }

  @Test
  void aSetMeansTheCommitThatItUsedWhereItHasNone() {
    world.createRepo("labels");
    Commit labels = world.put("labels@master", "labels");
    world.pipeline("edges", "images@master");
    world.pipeline("joined", "edges@master", "labels@master");
    Commit images = world.put("images@master", "one");

    CommitId set = world.start("labels@master").name().id();

    assertThat(world.resolve("labels@" + images.name().id())).isEqualTo(labels);
    assertThat(world.resolve("images@" + set)).isEqualTo(images);
    assertThat(world.resolve("images@" + set.value().substring(0, 10))).isEqualTo(images);
  }

  @Test
  void aRepoThatIsNotThereIsRefusedWithTheNearestName() {
    assertThatThrownBy(() -> world.resolve("imges@master"))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> {
              assertThat(e.fault()).isInstanceOf(Fault.NotFound.class);
              assertThat(e.fault().hint()).contains("Did you mean `images`?");
            });
  }
}
