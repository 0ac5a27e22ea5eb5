package dev.dassie.pipeline.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.InterruptingMetadata;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Specs;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Ref;
import dev.dassie.version.Reply;
import dev.dassie.version.RowAudit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionsTest {
  @TempDir Path folder;
  private InterruptingMetadata metadata;
  private Scene scene;
  private Transactions transactions;

  @BeforeEach
  void open() {
    metadata = new InterruptingMetadata(new MemoryMetadata());
    scene = new Scene(folder, metadata);
    transactions = scene.transactions;
    scene.createRepos("images", "labels", "joined");
  }

  private static Call ann(String key) {
    return new Call("local:ann", "", Optional.of(key));
  }

  private static Step start(String branch) {
    return new Step.StartCommit(Scene.branch(branch));
  }

  private List<String> repos(CommitId set) {
    return scene.world.versions.set(set).stream()
        .map(commit -> commit.name().repo().name())
        .toList();
  }

  @Test
  void twoStartsMakeTwoCommitsOfTheIdThatWasGivenFirstAndOneBehindBoth() {
    scene.derive("joined@master", "images@master", "labels@master");
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));
    scene.add(id, start("labels@master"));
    assertThat(repos(id)).isEmpty();

    Finished finished = transactions.finish(Scene.ANN, id);

    assertThat(finished.steps()).isEqualTo(2);
    assertThat(repos(id)).containsExactly("images", "labels", "joined");
    assertThat(scene.commit("joined@master").parent()).isEmpty();
    assertThat(transactions.list()).isEmpty();
    RowAudit.check(metadata);
  }

  @Test
  void branchesOfSeveralReposMoveTogether() {
    for (String repo : List.of("images", "labels")) {
      scene.put(repo + "@master", "a", "old");
      scene.put(repo + "@staging", "a", "new");
    }
    CommitId id = scene.begin();
    for (String repo : List.of("images", "labels")) {
      scene.add(
          id,
          new Step.CreateBranch(
              Scene.branch(repo + "@master"),
              Optional.of(scene.name(repo + "@staging")),
              List.of()));
    }
    assertThat(scene.read("images@master", "a")).isEqualTo("old");

    transactions.finish(Scene.ANN, id);

    assertThat(scene.read("images@master", "a")).isEqualTo("new");
    assertThat(scene.read("labels@master", "a")).isEqualTo("new");
  }

  @Test
  void aStepIsAnsweredAsItWouldBeAndStandsOnThoseBeforeIt() {
    CommitId id = scene.begin();

    Answer repo = scene.add(id, new Step.CreateRepo(Scene.repo("fresh"), "new"));
    Answer commit = scene.add(id, start("fresh@master"));
    Answer tag =
        scene.add(
            id,
            change ->
                new Step.CreateTag(
                    Scene.branch("fresh@v1"), change.resolve("default", "fresh@master").name()));

    CommitName made = new CommitName(Scene.repo("fresh"), id);
    assertThat(((Answer.OfRepo) repo).repo().description()).isEqualTo("new");
    assertThat(((Answer.OfCommit) commit).commit().name()).isEqualTo(made);
    assertThat(((Answer.OfRef) tag).ref().head()).contains(id);
    assertThat(scene.world.versions.findRepo(Scene.repo("fresh"))).isEmpty();
    transactions.finish(Scene.ANN, id);
    assertThat(scene.commit("fresh@v1").name()).isEqualTo(made);
    RowAudit.check(metadata);
  }

  @Test
  void aRefusedStepLeavesEverythingAsItWas() {
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));
    String before = scene.everything();

    assertThatThrownBy(() -> scene.add(id, start("images@master")))
        .hasMessageContaining("has the open commit");
    assertThatThrownBy(() -> scene.add(id, start("images@other")))
        .hasMessage("One transaction would make two commits in the repo `images`.");
    assertThatThrownBy(() -> scene.add(id, start("imagse@master")))
        .hasMessage("No repo is named `imagse`.");

    assertThat(scene.everything()).isEqualTo(before);
    assertThat(transactions.inspect(id).steps()).hasSize(1);
  }

  @Test
  void anAddressMeansWhatItMeantWhenTheStepWasAdded() {
    Commit first = scene.put("images@staging", "a", "one");
    CommitId id = scene.begin();
    scene.add(
        id,
        change ->
            new Step.CreateBranch(
                Scene.branch("images@master"),
                Optional.of(change.resolve("default", "images@staging").name()),
                List.of()));
    scene.put("images@staging", "a", "two");

    transactions.finish(Scene.ANN, id);

    assertThat(scene.commit("images@master").name()).isEqualTo(first.name());
  }

  @Test
  void aStepThatIsImpossibleByNowIsNamedAndNothingIsChanged() {
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));
    scene.add(id, start("labels@master"));
    Commit other = scene.start("labels@master");
    String before = scene.everything();

    assertThatThrownBy(() -> transactions.finish(Scene.ANN, id))
        .hasMessage(
            "Step 2 of the transaction `%s`, `start commit labels@master`, cannot be done any more: The branch `labels@master` has the open commit `%s`."
                .formatted(id, other.name().id()))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Conflict.class));

    assertThat(scene.everything()).isEqualTo(before);
    scene.world.files.finish(Scene.ANN, other.name());
    transactions.finish(Scene.ANN, id);
    assertThat(repos(id)).containsExactly("images", "labels");
  }

  @Test
  void aRepeatedFinishAnswersAsTheFirstAndAnotherSaysThatItIsOver() {
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));

    Finished first = transactions.finish(ann("k"), id);
    Finished again = transactions.finish(ann("k"), id);

    assertThat(again).isEqualTo(first);
    assertThatThrownBy(() -> transactions.finish(ann("other"), id))
        .hasMessage("No transaction is named `%s`.".formatted(id))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> assertThat(e.fault().hint().orElseThrow()).startsWith("It was finished:"));
  }

  @Test
  void aRepeatedStepIsAddedOnce() {
    CommitId id = scene.begin();

    scene.add(ann("k"), id, change -> start("images@master"));
    scene.add(ann("k"), id, change -> start("images@master"));

    assertThat(transactions.inspect(id).steps()).hasSize(1);
  }

  @Test
  void openCommitsFinishTogetherWithAllThatWasPut() {
    Commit images = scene.start("images@master");
    Commit labels = scene.start("labels@master");
    scene.put("images@master", "a", "one");
    scene.put("labels@master", "b", "two");
    CommitId id = scene.begin();
    scene.add(id, new Step.FinishCommit(images.name()));
    scene.add(id, new Step.FinishCommit(labels.name()));
    scene.put("labels@master", "c", "three");

    transactions.finish(Scene.ANN, id);

    assertThat(scene.commit("images@master").isOpen()).isFalse();
    assertThat(scene.read("images@master", "a")).isEqualTo("one");
    assertThat(scene.read("labels@master", "b")).isEqualTo("two");
    assertThat(scene.read("labels@master", "c")).isEqualTo("three");
    RowAudit.check(metadata);
  }

  @Test
  void whatIsPutWhileItFinishesIsInOrTheFinishBeginsAnew() {
    Commit images = scene.start("images@master");
    scene.put("images@master", "a", "one");
    CommitId id = scene.begin();
    scene.add(id, new Step.FinishCommit(images.name()));
    // The rehearsal is the first transaction; the next is the one that finishes.
    metadata.beforeNextWrite(
        () -> metadata.beforeNextWrite(() -> scene.put("images@master", "late", "two")));

    transactions.finish(Scene.ANN, id);

    assertThat(metadata.uninterrupted()).isFalse();
    assertThat(scene.read("images@master", "a")).isEqualTo("one");
    assertThat(scene.read("images@master", "late")).isEqualTo("two");
    RowAudit.check(metadata);
  }

  @Test
  void aStepAddedWhileItFinishesHappensToo() {
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));
    metadata.beforeNextWrite(() -> scene.add(id, start("labels@master")));

    Finished finished = transactions.finish(Scene.ANN, id);

    assertThat(finished.steps()).isEqualTo(2);
    assertThat(repos(id)).containsExactly("images", "labels");
  }

  @Test
  void theOutputOfAPipelineIsNotFinishedByHand() {
    scene.put("images@master", "a", "one");
    Commit output = edges("images");
    CommitId id = scene.begin();

    assertThatThrownBy(() -> scene.add(id, new Step.FinishCommit(output.name())))
        .hasMessageContaining("is the output of a pipeline");
  }

  private Commit edges(String input) {
    scene.pipelines.create(Scene.ANN, List.of(draft(input)));
    return scene.commit("edges@master");
  }

  private static Draft draft(String input) {
    PipelineSpec spec = Specs.spec("edges", Specs.files(input, "/*"));
    return new Draft(spec, "text", Optional.empty(), Optional.empty());
  }

  @Test
  void aRepoAndThePipelineThatReadsItAreMadeTogether() {
    CommitId id = scene.begin();
    scene.add(id, new Step.CreateRepo(Scene.repo("raw"), ""));
    scene.add(id, start("raw@master"));

    String words =
        transactions.addPipelines(
            Scene.ANN,
            id,
            () -> scene.pipelines.submit(List.of(draft("raw")), false, false),
            Reply.TEXT,
            rehearsed -> rehearsed.added().step().words());

    assertThat(words).isEqualTo("create pipeline edges");
    assertThat(transactions.held()).hasSize(1);
    assertThat(scene.pipelines.find("default", "edges")).isEmpty();
    transactions.finish(Scene.ANN, id);
    assertThat(scene.pipelines.inspect("default", "edges").specCommit().id()).isEqualTo(id);
    assertThat(repos(id)).containsExactly("raw", "edges", "edges");
    assertThat(transactions.held()).isEmpty();
    RowAudit.check(metadata);
  }

  @Test
  void theMessageOfAStepCountsElseThatOfTheTransaction() {
    CommitId id = transactions.start(new Call("local:ann", "release 7")).id();
    scene.add(new Call("local:bob", "pictures"), id, change -> start("images@master"));
    scene.add(new Call("local:bob", ""), id, change -> start("labels@master"));

    transactions.finish(Scene.ANN, id);

    assertThat(scene.commit("images@master").message()).isEqualTo("pictures");
    assertThat(scene.commit("images@master").author()).isEqualTo("local:bob");
    assertThat(scene.commit("labels@master").message()).isEqualTo("release 7");
  }

  @Test
  void everyKindOfStepHappens() {
    Commit old = scene.put("images@master", "a", "one");
    Commit newer = scene.put("images@master", "b", "two");
    scene.put("images@gone", "a", "one");
    Commit last = scene.put("labels@master", "a", "one");
    scene.world.versions.change(
        Scene.ANN, change -> change.createTag(Scene.branch("labels@t"), last.name()));
    scene.world.versions.change(Scene.ANN, change -> change.createProject("old", ""));
    MetadataEdit edit = new MetadataEdit(Map.of("k", "v"), Set.of());
    CommitId id = scene.begin();
    for (Step step :
        List.of(
            new Step.CreateProject("lab", "a lab"),
            new Step.DeleteProject("old"),
            new Step.DeleteRepo(Scene.repo("joined")),
            new Step.DeleteBranch(Scene.branch("images@gone")),
            new Step.DeleteTag(Scene.branch("labels@t")),
            new Step.DeleteCommit(last.name(), false),
            new Step.SquashCommit(old.name(), false),
            new Step.EditMetadata(new Step.Subject.OfProject("lab"), edit),
            new Step.EditMetadata(new Step.Subject.OfRepo(Scene.repo("images")), edit),
            new Step.EditMetadata(new Step.Subject.OfBranch(Scene.branch("images@master")), edit),
            new Step.EditMetadata(new Step.Subject.OfCommit(newer.name()), edit))) {
      scene.add(id, step);
    }

    transactions.finish(Scene.ANN, id);

    assertThat(scene.world.versions.project("lab").metadata()).containsEntry("k", "v");
    assertThatThrownBy(() -> scene.world.versions.project("old")).hasMessageContaining("`old`");
    assertThat(scene.world.versions.findRepo(Scene.repo("joined"))).isEmpty();
    assertThat(scene.world.versions.findRef(Scene.branch("images@gone"))).isEmpty();
    assertThat(scene.world.versions.findRef(Scene.branch("labels@t"))).isEmpty();
    assertThat(scene.world.versions.findRef(Scene.branch("labels@master")).flatMap(Ref::head))
        .isEmpty();
    assertThat(scene.commit("images@master").parent()).isEmpty();
    assertThat(scene.commit("images@master").metadata()).containsEntry("k", "v");
    RowAudit.check(metadata);
  }
}
