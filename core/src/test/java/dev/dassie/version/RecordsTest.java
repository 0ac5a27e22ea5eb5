package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.TreeRoot;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Tally;
import dev.dassie.version.trigger.Trigger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The stored bytes of records: a change of the golden file is a new format version.
class RecordsTest {
  private static final CommitId ID = new CommitId("0123456789abcdeffedcba9876543210");
  private static final CommitId OTHER = new CommitId("00000000000040008000000000000001");
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00.000000001Z");
  private static final RepoName REPO = new RepoName("default", "images");
  private static final RepoName SPEC = new RepoName("lab", "edges", RepoName.Type.SPEC);
  private static final Fileset FILES =
      new Fileset(new Digest(1, 2, 3, 4), Optional.of(new Digest(5, 6, 7, 8)), 300, 1L << 40);
  private static final Map<String, String> METADATA = Map.of("owner", "ann", "größe", "1 μm");

  private static Commit commit(Commit.State state) {
    return new Commit(
        new CommitName(REPO, ID),
        "master",
        Optional.of(OTHER),
        List.of(new Commit.Source(new CommitName(SPEC, OTHER), "master")),
        "local:ann",
        "why",
        AT,
        METADATA,
        state);
  }

  private static Ref.Branch branch() {
    return new Ref.Branch(
        new BranchName(REPO, "master"),
        Optional.of(ID),
        List.of(new BranchName(SPEC, "master"), new BranchName(REPO, OTHER.value())),
        Optional.of("edges"),
        "local:ann",
        AT,
        METADATA);
  }

  private static void branchesAndMerges(Map<String, byte[]> records) {
    records.put("merge", new Merged(ID, OTHER).encode());
    records.put(
        "trigger",
        new Follower(
                new BranchName(REPO, "master"),
                new Trigger(
                    "staging",
                    Optional.of(300L),
                    Optional.of(2L),
                    Optional.of(Schedule.parse("@hourly")),
                    Optional.empty(),
                    true),
                Optional.of(ID),
                new Tally(200, 1, Optional.of(AT)))
            .encode());
    records.put("owner", Tables.encode("edges", Encoder::string));
    records.put(
        "quiet",
        Tables.encodeQuiet(Set.of(new BranchName(SPEC, "master"), new BranchName(REPO, "master"))));
  }

  private static Map<String, byte[]> records() {
    Project project = new Project("lab", "a lab", "local:ann", AT, METADATA);
    Repo repo = new Repo(REPO, "pictures", "local:ann", AT, METADATA);
    Ref.Tag tag = new Ref.Tag(new BranchName(REPO, "v1"), ID, "local:ann", AT);
    Commit finished = commit(new Commit.Finished(FILES, AT));
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put("project", Tables.encode(project, Wire::writeProject));
    records.put("repo", Tables.encode(repo, Wire::writeRepo));
    records.put("branch", Tables.encodeRef(branch()));
    records.put("tag", Tables.encodeRef(tag));
    records.put(
        "commit open",
        new CommitRow(
                commit(new Commit.Open(FILES)), 7, 3, Optional.of(OTHER), 1, Optional.empty(), true)
            .encode());
    records.put(
        "commit finished",
        new CommitRow(finished, 7, 1, Optional.empty(), 0, Optional.empty(), false).encode());
    records.put(
        "commit failed",
        new CommitRow(
                commit(new Commit.Failed("exit code 1", AT)),
                300,
                2,
                Optional.of(OTHER),
                1,
                Optional.of(OTHER),
                true)
            .encode());
    records.put("stub", Tables.encodeStub(new Stub(finished, "local:bob", AT)));
    records.put("journal state", new Journal.State(1000, 17).encode());
    for (Operation.Plain edit : edits()) {
      String kind = edit.edit().getClass().getSimpleName();
      records.put("journal " + kind + " " + edit.path(), Journal.encode(edit.edit()));
    }
    records.put(
        "record commit",
        new CommitRecord.OfCommit(
                project, repo, branch(), finished, Optional.of(OTHER), true, Optional.empty(), 0)
            .encode());
    records.put(
        "record commit merging",
        new CommitRecord.OfCommit(
                project, repo, branch(), finished, Optional.of(OTHER), true, Optional.of(OTHER), 0)
            .encode());
    records.put(
        "record commit written",
        new CommitRecord.OfCommit(
                project, repo, branch(), finished, Optional.of(OTHER), false, Optional.empty(), 300)
            .encode());
    branchesAndMerges(records);
    records.put("record tag", new CommitRecord.OfTag(project, repo, tag).encode());
    records.put(
        "record removed",
        new CommitRecord.OfRemoved(project, repo, new Stub(finished, "local:bob", AT)).encode());
    records.put(
        "event",
        Event.of(Event.COMMIT_FAILED, finished, World.ANN, AT).with("reason", "no").encode());
    return records;
  }

  private static List<Operation.Plain> edits() {
    Digest digest = new Digest(1, 2, 3, 4);
    return List.of(
        new Operation.Plain(
            new Edit.Put(
                new FilePath("a/inline"),
                true,
                new Body.Inline(new byte[] {1, 2}),
                Optional.of("text/csv"))),
        new Operation.Plain(
            new Edit.Put(
                new FilePath("single"), false, new Body.Single(digest, 300), Optional.empty())),
        new Operation.Plain(
            new Edit.Put(
                new FilePath("recipe"),
                false,
                new Body.Recipe(digest, 1L << 40),
                Optional.empty())),
        new Operation.Plain(
            new Edit.Graft(
                new FilePath("stored"),
                new Entry.Directory(new FilePath("from"), new TreeRoot.Stored(digest), 2, 3))),
        new Operation.Plain(
            new Edit.Graft(
                new FilePath("inlined"),
                new Entry.Directory(
                    new FilePath("from"), new TreeRoot.Inlined(new byte[] {2, 0, 0}), 0, 0))),
        new Operation.Plain(new Edit.Delete(new FilePath("gone"))),
        new Operation.Plain(
            new Edit.Put(
                new FilePath("tagged"),
                false,
                new Body.Inline(new byte[] {7}),
                FileAttributes.NONE.withEtag("e"))),
        new Operation.Plain(
            new Edit.Describe(new FilePath("said"), FileAttributes.NONE.withEtag("e"))),
        new Operation.Plain(new Edit.Mark(new FilePath("dir"), Optional.of(FileAttributes.NONE))),
        new Operation.Plain(new Edit.Mark(new FilePath("undir"), Optional.empty())),
        new Operation.Plain(new Edit.Remove(new FilePath("file"))));
  }

  @Test
  void recordsAreTheBytesOfTheGoldenFile() throws IOException {
    StringBuilder text = new StringBuilder();
    records()
        .forEach((name, bytes) ->
            text.append(name).append(": ").append(HexFormat.of().formatHex(bytes)).append('\n'));

    try (InputStream golden = RecordsTest.class.getResourceAsStream("records-v1.txt")) {
      assertThat(text.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    Map<String, byte[]> records = records();

    assertThat(Tables.decodeRef(records.get("branch"))).isEqualTo(branch());
    for (String state : List.of("open", "finished", "failed")) {
      byte[] bytes = records.get("commit " + state);
      assertThat(CommitRow.decode(bytes).encode()).isEqualTo(bytes);
    }
    assertThat(Tables.decodeStub(records.get("stub")).deletedBy()).isEqualTo("local:bob");
    for (String kind : List.of("commit", "commit merging", "commit written", "tag", "removed")) {
      byte[] bytes = records.get("record " + kind);
      assertThat(CommitRecord.isRecord(bytes)).isTrue();
      assertThat(CommitRecord.decode(bytes).encode()).isEqualTo(bytes);
    }
    Event event = Event.decode(records.get("event"));
    assertThat(event.encode()).isEqualTo(records.get("event"));
    for (Operation.Plain edit : edits()) {
      Encoder out = new Encoder();
      Journal.write(out, edit);
      assertThat(Journal.read(new Decoder("test", out.toBytes()))).isEqualTo(edit);
    }
  }

  @Test
  void aRecordOfALaterVersionIsRefused() {
    byte[] bytes = records().get("repo");
    bytes[0] = 2;

    assertThatThrownBy(() -> Tables.decode("A repo record", bytes, Wire::readRepo))
        .hasMessage("A repo record is damaged: expected record version 1, found version 2.");
  }

  @Test
  void aRecordThatEndsEarlyIsRefusedWhereverItDoes() {
    byte[] bytes = records().get("commit failed");
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> CommitRow.decode(cut))
          .isInstanceOfSatisfying(
              DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.class));
    }
  }
}
