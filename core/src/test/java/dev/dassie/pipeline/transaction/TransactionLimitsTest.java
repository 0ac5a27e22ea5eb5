package dev.dassie.pipeline.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Call;
import dev.dassie.version.CommitId;
import dev.dassie.version.MetadataEdit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long a transaction lives, and how large it may be.
class TransactionLimitsTest {
  @TempDir Path folder;
  private Metadata metadata;
  private Scene scene;
  private Transactions transactions;

  @BeforeEach
  void open() {
    metadata = new MemoryMetadata();
    scene = new Scene(folder, metadata);
    transactions = scene.transactions;
    scene.createRepos("images", "labels");
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
  void oneWhoseLastStepIsADayAgoIsDropped() {
    CommitId old = scene.begin();
    CommitId alive = scene.begin();
    scene.world.clock.pass(Duration.ofHours(23));
    scene.add(alive, start("images@master"));
    assertThat(transactions.forgetOld()).isZero();
    scene.world.clock.pass(Duration.ofHours(2));

    int dropped = transactions.forgetOld();

    assertThat(dropped).isEqualTo(1);
    assertThat(transactions.list()).extracting(Transaction::id).containsExactly(alive);
    assertThatThrownBy(() -> transactions.inspect(old)).hasMessageContaining("No transaction");
  }

  @Test
  void moreThanAThousandStepsAreRefused() {
    CommitId id = scene.begin();
    Transaction begun = transactions.inspect(id).transaction();
    boolean _ =
        metadata.write(rows -> {
          TransactionTable.put(
              rows,
              new Transaction(id, begun.author(), "", begun.started(), begun.changed(), 1_000, 0));
          return true;
        });

    assertThatThrownBy(() -> scene.add(id, start("images@master")))
        .hasMessage(
            "The transaction `%s` has 1000 steps, the most that one can have.".formatted(id));
  }

  @Test
  void moreThanAThousandUnfinishedOnesAreRefused() {
    Transaction one = transactions.inspect(scene.begin()).transaction();
    boolean _ =
        metadata.write(rows -> {
          for (int i = 1; i < Transactions.MAX_UNFINISHED; i++) {
            CommitId id = new CommitId("%032x".formatted(i));
            TransactionTable.put(
                rows, new Transaction(id, one.author(), "", one.started(), one.changed(), 0, 0));
          }
          return true;
        });

    assertThatThrownBy(scene::begin)
        .hasMessage("1000 transactions are not finished; expected fewer.");
  }

  @Test
  void stepsOfMoreThanEightMebibytesAreRefused() {
    CommitId id = scene.begin();
    String large = "x".repeat(250_000);
    MetadataEdit edit = new MetadataEdit(Map.of("k", large), Set.of());
    Step step = new Step.EditMetadata(new Step.Subject.OfRepo(Scene.repo("images")), edit);
    for (int i = 0; i < 33; i++) {
      scene.add(id, step);
    }

    assertThatThrownBy(() -> scene.add(id, step))
        .hasMessageStartingWith("The size of the transaction's steps is");
  }

  @Test
  void oneThatIsDeletedNeverHappened() {
    String before = scene.everything();
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));

    transactions.delete(ann("d"), id);
    transactions.delete(ann("d"), id);

    assertThat(scene.everything()).isEqualTo(before);
    assertThatThrownBy(() -> transactions.finish(Scene.ANN, id))
        .isInstanceOfSatisfying(
            DassieException.class,
            e ->
                assertThat(e.fault().hint().orElseThrow())
                    .isEqualTo(
                        "`dassie list transaction` shows all; one is kept for 24 h after its last step."));
  }

  @Test
  void anotherProcessGoesOnWithIt() {
    CommitId id = scene.begin();
    scene.add(id, start("images@master"));

    Transactions later = new Transactions(scene.world.versions, scene.pipelines);

    assertThat(later.list()).extracting(Transaction::id).containsExactly(id);
    later.finish(Scene.ANN, id);
    assertThat(repos(id)).containsExactly("images");
  }
}
