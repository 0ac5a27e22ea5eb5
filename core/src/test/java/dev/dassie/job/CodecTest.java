package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.fileset.Reach;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The stored forms of this room. The golden bytes are those of format version 1: they never
/// change, only new ones are added.
class CodecTest {
  private static final CommitId ID = new CommitId("00112233445566778899aabbccddeeff");
  private static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00.000001Z");
  private static final JobName NAME = new JobName("default", "edges", ID);
  private static final CommitName SPEC =
      new CommitName(new RepoName("default", "edges", RepoName.Type.SPEC), ID);

  static Job job() {
    return new Job(
        NAME,
        7,
        2,
        SPEC,
        new BranchName(new RepoName("default", "edges"), "master"),
        Job.State.FAILED,
        "No.",
        new Job.Counts(9, 1, 2, 3, 3),
        new Job.Times(AT, Optional.of(AT), Optional.empty()),
        new Job.Roots(
            new PersistentMap.Root(Optional.of(DIGEST), 9),
            PersistentMap.EMPTY,
            PersistentMap.EMPTY),
        Optional.of(ID),
        Optional.of(DIGEST),
        "process",
        "namespaces",
        List.of(
            new Job.Source(
                "in",
                new BranchName(new RepoName("default", "in"), "master"),
                Optional.of(new CommitName(new RepoName("default", "in"), ID)),
                true)),
        "local:ann",
        "because");
  }

  private static Result result() {
    return new Result(
        DIGEST,
        new Ending.Failed(
            "No.",
            List.of(
                new Ending.Try(
                    137,
                    Optional.of("killed"),
                    new Body.Inline(new byte[] {65}),
                    AT,
                    5,
                    4,
                    3,
                    2))));
  }

  private static RunContext context() {
    return new RunContext(
        NAME,
        SPEC,
        "",
        List.of("python3", "x.py"),
        List.of(),
        Map.of("A", "1", "B", "2"),
        "host",
        "process",
        "namespaces",
        new Environment(List.of("linux"), List.of("/opt")),
        "local:ann");
  }

  private static String hash(byte[] bytes) {
    return Digest.of(bytes).toString();
  }

  @Test
  void recordsComeBackAsTheyWere() {
    PlannedDatum datum =
        new PlannedDatum(
            DIGEST,
            DIGEST,
            List.of(
                new PlannedDatum.Part(
                    1, new FilePath("a/b"), true, new Hash(Hash.Algorithm.DIRECTORY, DIGEST))));
    Result good =
        new Result(DIGEST, new Ending.Succeeded(Filesets.EMPTY, result().ending().tries()));

    assertThat(JobCodec.decode(NAME.key(), JobCodec.encode(job()))).isEqualTo(job());
    assertThat(Result.decode(result().encode())).isEqualTo(result());
    assertThat(Result.decode(good.encode())).isEqualTo(good);
    assertThat(RunContext.decode(context().encode())).isEqualTo(context());
    assertThat(PlannedDatum.decode(datum.encode())).isEqualTo(datum);
    assertThat(Slowest.decode(Slowest.encode(List.of(new byte[] {1, 2}, new byte[0]))))
        .containsExactly(new byte[] {1, 2}, new byte[0]);
  }

  @Test
  void theBytesOfFormatVersionOneStay() {
    assertThat(HexFormat.of().formatHex(result().encode()))
        .isEqualTo(
            "014bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
                + "02034e6f2e01890101066b696c6c656401014181d0e8e3e698980305040302");
    assertThat(HexFormat.of().formatHex(Slowest.encode(List.of(new byte[] {1, 2}, new byte[] {3}))))
        .isEqualTo("01020201020103");
    assertThat(hash(JobCodec.encode(job())))
        .isEqualTo("6bf58fa6f6093580d350ae2d614118c9a31c67d9b569326292cc750e498272b2");
    assertThat(hash(context().encode()))
        .isEqualTo("f1a05eb3f57cd696b2c9acee8bbbca138a96ef1908436b2e815857e9355cb4b4");
  }

  /// Its first byte is that of a node of a map.
  @Test
  void aContextIsTakenForNoNode() {
    for (String project : List.of("a", "p".repeat(63))) {
      JobName name = new JobName(project, "b", NAME.id());
      RunContext known = context();
      byte[] chunk =
          new RunContext(
                  name,
                  SPEC,
                  "",
                  known.cmd(),
                  known.stdin(),
                  known.env(),
                  known.network(),
                  known.executor(),
                  known.sandbox(),
                  known.environment(),
                  known.author())
              .encode();
      List<Object> found = new ArrayList<>();
      Reach.Found names =
          new Reach.Found() {
            @Override
            public void node(Digest id) {
              found.add(id);
            }

            @Override
            public void data(Digest id) {
              found.add(id);
            }
          };

      Reach.ofChunk(Digest.of(chunk), chunk, names, found::add);

      assertThat(found).isEmpty();
    }
  }

  @Test
  void aJobWithAnIndexIsVersionTwo() {
    Job.Roots roots = job().roots();
    Job indexed =
        job()
            .with(
                new Job.Roots(
                    roots.datums(),
                    roots.owners(),
                    roots.endings(),
                    new PersistentMap.Root(Optional.of(DIGEST), 4)));

    byte[] bytes = JobCodec.encode(indexed);

    assertThat(bytes[0]).isEqualTo((byte) 2);
    assertThat(HexFormat.of().formatHex(bytes)).endsWith("01" + DIGEST + "04");
    assertThat(JobCodec.decode(NAME.key(), bytes)).isEqualTo(indexed);
  }

  @Test
  void aNewerRecordIsRefusedInASentence() {
    byte[] newer = JobCodec.encode(job());
    newer[0] = 3;

    assertThatThrownBy(() -> JobCodec.decode(NAME.key(), newer))
        .hasMessageContaining("job record version 3");
  }
}
