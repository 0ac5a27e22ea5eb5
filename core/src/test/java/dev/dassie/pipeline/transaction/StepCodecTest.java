package dev.dassie.pipeline.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.pipeline.Specs;
import dev.dassie.pipeline.Submission;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The stored bytes of transactions: a change of the golden file is a new format version.
class StepCodecTest {
  private static final CommitId ID = new CommitId("0123456789abcdeffedcba9876543210");
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00.000000001Z");
  private static final RepoName REPO = new RepoName("lab", "images");
  private static final RepoName SPEC = new RepoName("lab", "edges", RepoName.Type.SPEC);
  private static final BranchName BRANCH = new BranchName(REPO, "master");
  private static final CommitName COMMIT = new CommitName(REPO, ID);
  private static final MetadataEdit EDIT =
      new MetadataEdit(Map.of("größe", "1 μm", "a", ""), Set.of("z", "b"));

  private static List<Step> steps() {
    Fileset files = new Fileset(new Digest(1, 2, 3, 4), Optional.empty(), 300, 1L << 40);
    return List.of(
        new Step.CreateProject("lab", "a lab"),
        new Step.DeleteProject("lab"),
        new Step.CreateRepo(REPO, "pictures"),
        new Step.DeleteRepo(REPO),
        new Step.CreateBranch(BRANCH, Optional.of(COMMIT), List.of()),
        new Step.CreateBranch(
            BRANCH, Optional.empty(), List.of(new BranchName(SPEC, "master"), BRANCH)),
        new Step.DeleteBranch(BRANCH),
        new Step.CreateTag(BRANCH, COMMIT),
        new Step.DeleteTag(BRANCH),
        new Step.StartCommit(BRANCH),
        new Step.FinishCommit(COMMIT),
        new Step.DeleteCommit(COMMIT, true),
        new Step.SquashCommit(COMMIT, false),
        new Step.EditMetadata(new Step.Subject.OfProject("lab"), EDIT),
        new Step.EditMetadata(new Step.Subject.OfRepo(REPO), EDIT),
        new Step.EditMetadata(new Step.Subject.OfBranch(BRANCH), EDIT),
        new Step.EditMetadata(new Step.Subject.OfCommit(COMMIT), EDIT),
        new Step.SubmitPipelines(
            new Submission(
                List.of(Specs.spec("edges", Specs.files("images", "/*"))),
                List.of(files),
                true,
                "salt")),
        new Step.TriggerBranch(
            new Step.CreateBranch(BRANCH, Optional.empty(), List.of()),
            Optional.of(
                new Trigger(
                    "staging",
                    Optional.of(1000L),
                    Optional.of(3L),
                    Optional.empty(),
                    Optional.empty(),
                    true))),
        new Step.TriggerBranch(
            new Step.CreateBranch(BRANCH, Optional.empty(), List.of()), Optional.empty()));
  }

  private static Added added(Step step) {
    return new Added(7, "local:ann", "why", AT, step);
  }

  @Test
  void recordsAreTheBytesOfTheGoldenFile() throws IOException {
    StringBuilder text = new StringBuilder();
    Encoder transaction = new Encoder().u8(1);
    new Transaction(ID, "local:ann", "why", AT, AT.plusSeconds(1), 300, 70_000).write(transaction);
    text.append("transaction: ").append(hex(transaction.toBytes())).append('\n');
    for (Step step : steps()) {
      text.append(step.words()).append(": ").append(hex(StepCodec.encode(added(step))));
      text.append('\n');
    }

    try (InputStream golden = StepCodecTest.class.getResourceAsStream("transactions-v1.txt")) {
      assertThat(text.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    for (Step step : steps()) {
      assertThat(StepCodec.decode(7, StepCodec.encode(added(step)))).isEqualTo(added(step));
    }
  }

  @Test
  void aStepOfALaterVersionOrThatEndsEarlyIsRefused() {
    byte[] bytes = StepCodec.encode(added(steps().getLast()));
    byte[] later = bytes.clone();
    later[0] = 2;

    assertThatThrownBy(() -> StepCodec.decode(7, later))
        .hasMessage(
            "A step of a transaction is damaged: expected record version 1, found version 2.");
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StepCodec.decode(7, cut))
          .isInstanceOfSatisfying(
              DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class));
    }
  }
}
