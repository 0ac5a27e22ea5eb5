package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Encoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules of branches: what they let go, and what keeps a commit all the same.
final class ExpiryTest {
  private static final Call UPKEEP = new Call("system", "");

  @TempDir Path folder;
  private World world;
  private final List<Expiry.Judged> judged = new ArrayList<>();

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  private List<Commit> puts(int count) {
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      commits.add(world.put("images@master", "content " + i));
    }
    return commits;
  }

  private void keep(String branch, Optional<Integer> last, Optional<Duration> age) {
    world.versions.change(
        World.ANN,
        change -> change.keep(World.branch(branch), Optional.of(new KeepRule(last, age))));
  }

  private void keepLast(String branch, int count) {
    keep(branch, Optional.of(count), Optional.empty());
  }

  private long expire(Optional<Call> call) {
    judged.clear();
    return new Expiry(world.versions).run(Optional.empty(), call, judged::add);
  }

  private boolean isThere(Commit commit) {
    return world.versions.find(commit.name()).isPresent();
  }

  private String reason(Commit commit) {
    return judged.stream()
        .filter(one -> one.commit().name().equals(commit.name()))
        .map(Expiry.Judged::reason)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theNewestStayAndTheOthersLeaveAStubAndAnEvent() {
    List<Commit> commits = puts(5);
    keepLast("images@master", 2);

    long gone = expire(Optional.of(UPKEEP));

    assertThat(gone).isEqualTo(3);
    assertThat(commits).filteredOn(this::isThere).containsExactlyElementsOf(reread(commits, 3));
    assertThat(world.versions.stub(commits.get(0).name()))
        .hasValueSatisfying(stub -> assertThat(stub.deletedBy()).isEqualTo("system"));
    assertThat(world.resolve("images@master^").name()).isEqualTo(commits.get(3).name());
    assertThat(world.versions.find(commits.get(3).name()).orElseThrow().parent()).isEmpty();
    assertThat(world.versions.metadata().events(0, 1_000))
        .map(event -> Event.decode(event.value()))
        .filteredOn(event -> event.kind().equals(Event.COMMIT_DELETED))
        .hasSize(3)
        .allSatisfy(event -> {
          assertThat(event.principal()).isEqualTo("system");
          assertThat(event.details())
              .containsEntry("reason", "The branch `images@master` keeps the newest 2.");
        });
    assertThat(expire(Optional.of(UPKEEP))).isZero();
  }

  /// As they are, from one on: squashing changes parents.
  private List<Commit> reread(List<Commit> commits, int from) {
    return commits.subList(from, commits.size());
  }

  @Test
  void aDryRunSaysTheSameAndChangesNothing() {
    List<Commit> commits = puts(5);
    keepLast("images@master", 2);

    assertThat(expire(Optional.empty())).isEqualTo(3);
    assertThat(commits).allMatch(this::isThere);
    assertThat(judged).hasSize(5);
    assertThat(reason(commits.get(4))).isEqualTo("It is among the newest 2 of `images@master`.");
    assertThat(reason(commits.get(0))).isEqualTo("The branch `images@master` keeps the newest 2.");
  }

  @Test
  void ageAndNumberEachKeep() {
    List<Commit> commits = puts(3);
    world.clock.pass(Duration.ofDays(40));
    List<Commit> later = puts(3);
    keep("images@master", Optional.of(1), Optional.of(Duration.ofDays(30)));

    assertThat(expire(Optional.of(UPKEEP))).isEqualTo(3);
    assertThat(commits).noneMatch(this::isThere);
    assertThat(later).allMatch(this::isThere);
    assertThat(reason(later.get(0))).contains("those of the last 30d");
    world.clock.pass(Duration.ofDays(31));
    assertThat(expire(Optional.of(UPKEEP))).isEqualTo(2);
    assertThat(isThere(later.get(2))).isTrue();
  }

  @Test
  void tagsBranchesAndOpenCommitsKeepWhatTheyStandOn() {
    List<Commit> commits = puts(4);
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), commits.get(0).name()));
    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(
                World.branch("images@side"),
                Optional.of(commits.get(1).name()),
                List.of(),
                Optional.empty()));
    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(
                World.branch("images@work"),
                Optional.of(commits.get(2).name()),
                List.of(),
                Optional.empty()));
    Commit open = world.start("images@work");
    keepLast("images@master", 1);

    assertThat(expire(Optional.of(UPKEEP))).isZero();

    assertThat(commits).allMatch(this::isThere);
    assertThat(reason(commits.get(0))).contains("the tag `v1` names it");
    assertThat(reason(commits.get(1))).contains("the branch `side` names it");
    assertThat(reason(commits.get(2))).contains(open.name() + "` after it is not finished");
  }

  @Test
  void whatWasMadeFromACommitKeepsItUnlessItsOwnBranchLetsGo() {
    world.put("images@master", "first");
    world.pipeline("edges", "images@master");
    List<Commit> commits = new ArrayList<>();
    List<Commit> made = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      commits.add(world.put("images@master", "content " + i));
      made.add(world.finish(world.resolve("edges@master"), "edges " + i));
    }
    keepLast("images@master", 1);

    long before = expire(Optional.of(UPKEEP));
    assertThat(commits).allMatch(this::isThere);
    assertThat(reason(commits.get(0)))
        .contains("`edges@" + made.get(0).name().id() + "` was made from it", "keeps all");
    keepLast("edges@master", 2);
    long after = expire(Optional.of(UPKEEP));

    assertThat(before).isLessThanOrEqualTo(1);
    assertThat(after).isGreaterThanOrEqualTo(2);
    assertThat(commits).filteredOn(this::isThere).hasSize(2);
    assertThat(made).filteredOn(this::isThere).hasSize(2);
    assertThat(isThere(made.get(3))).isTrue();
    assertThat(world.versions.newestFinished(World.branch("edges@master")))
        .hasValueSatisfying(head -> assertThat(head.name()).isEqualTo(made.get(3).name()));
  }

  @Test
  void aRuleThatIsTakenAwayMeanwhileKeepsAtOnce() {
    List<Commit> commits = puts(4);
    keepLast("images@master", 1);

    long gone =
        new Expiry(world.versions)
            .run(
                Optional.empty(),
                Optional.of(UPKEEP),
                one ->
                    world.versions.change(
                        World.ANN,
                        change -> change.keep(World.branch("images@master"), Optional.empty())));

    assertThat(gone).isZero();
    assertThat(commits).allMatch(this::isThere);
  }

  @Test
  void commitsThatAHeadLeftBehindGoToo() {
    List<Commit> commits = puts(3);
    world.versions.change(
        World.ANN,
        change -> {
          change.moveHead(World.branch("images@master"), commits.get(0).name());
          return true;
        });
    Commit now = world.put("images@master", "another way");
    keepLast("images@master", 1);

    assertThat(expire(Optional.of(UPKEEP))).isEqualTo(3);
    assertThat(isThere(now)).isTrue();
    assertThat(world.resolve("images@master").name()).isEqualTo(now.name());
  }

  @Test
  void aRuleGoesWithItsBranchAndNonsenseIsRefused() {
    puts(2);
    keepLast("images@master", 1);
    boolean _ =
        world.versions.change(
            World.ANN,
            change -> {
              change.deleteBranch(World.branch("images@master"));
              return true;
            });

    assertThat(world.versions.rule(World.branch("images@master"))).isEmpty();
    assertThatThrownBy(() -> new KeepRule(Optional.of(0), Optional.empty()))
        .hasMessageContaining("`0`, expected 1 to 1000000");
    assertThatThrownBy(() -> new KeepRule(Optional.empty(), Optional.of(Duration.ZERO)))
        .hasMessageContaining("`0s`, expected 1 second");
    assertThatThrownBy(() -> keepLast("images@none", 3)).hasMessageContaining("images@none");
  }

  @Test
  void theStoredFormIsAsItIsWritten() {
    KeepRule rule = new KeepRule(Optional.of(300), Optional.of(Duration.ofDays(30)));
    byte[] stored = Tables.encode(rule, (out, value) -> value.write(out));

    assertThat(HexFormat.of().formatHex(stored)).isEqualTo("0101ac020180" + "9a9e01");
    assertThat(Tables.decodeRule(stored)).isEqualTo(rule);
    byte[] half = new Encoder().u8(1).bool(false).bool(true).varint(60).toBytes();
    assertThat(Tables.decodeRule(half))
        .isEqualTo(new KeepRule(Optional.empty(), Optional.of(Duration.ofMinutes(1))));
    assertThat(rule).hasToString("the newest 300 and those of the last 30d");
  }
}
