package dev.dassie.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that the database lost: each kind is found and named, and comes back where something says
/// what it was.
final class LostRecordsTest {
  private static final int SIZE = 50_000;
  private static final RepoName REPO = new RepoName("default", "images");

  @TempDir Path folder;
  private final MemoryMetadata metadata = new MemoryMetadata();
  private Packs packs;
  private World world;
  private Retention retention;
  private Commit commit;

  @BeforeEach
  void open() {
    packs = new Packs(new MemoryObjectStore(), folder.resolve("index"));
    world = new World(folder, metadata, packs);
    retention = new Retention(packs, world.versions);
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
    commit = put("a/one", 1);
  }

  @AfterEach
  void close() {
    packs.close();
  }

  private Commit put(String path, int seed) {
    try (FileWriter writer = world.files.write(World.ANN, new BranchName(REPO, "master"))) {
      put(writer, path, seed);
      return writer.commit();
    }
  }

  private static void put(FileWriter writer, String path, int seed) {
    byte[] bytes = Noise.bytes(seed, SIZE);
    Body _ =
        writer.put(
            new FilePath(path), false, new ByteArrayInputStream(bytes), false, Optional.empty());
  }

  private static final class Findings implements FsckReport.Listener {
    private final List<Finding> found = new ArrayList<>();

    @Override
    public void found(Finding finding) {
      found.add(finding);
    }

    @Override
    public void alive() {}
  }

  private List<Finding> check() {
    Findings findings = new Findings();
    FsckReport report = retention.fsck(findings);
    assertThat(report.hint(false).isPresent()).isEqualTo(report.findings() > 0);
    return findings.found;
  }

  private byte[] row(String table, String name) {
    return metadata
        .<Optional<byte[]>>read(rows -> rows.get(new Metadata.Key(table, name)))
        .orElseThrow();
  }

  private void drop(String table, String name) {
    boolean _ =
        metadata.write(rows -> {
          rows.delete(new Metadata.Key(table, name));
          return true;
        });
  }

  @Test
  void everyMissingRowOfTheDatabaseIsNamedAndComesBack() {
    String key = commit.name().key();
    BranchName branch = new BranchName(REPO, "master");
    Commit second = put("c/more", 9);
    Map<String, String> rows =
        Map.of(
            "commit",
            key,
            "ref",
            branch.key(),
            "repo",
            REPO.key(),
            "project",
            "default",
            "branch_finished",
            branch.key(),
            "commit_head_of",
            second.name().key() + "/master",
            "commit_child",
            key + "/" + second.name().id());
    rows.forEach((table, name) -> {
      byte[] before = row(table, name);
      drop(table, name);
      assertThat(check())
          .as(table)
          .isNotEmpty()
          .allMatch(one -> one.kind().equals("record") && one.repo().equals(REPO.key()));

      FsckReport report = retention.repair(Optional.empty(), new Findings());

      assertThat(report.findings()).as(table).isZero();
      assertThat(report.repaired().orElseThrow().records()).as(table).isEqualTo(1);
      assertThat(row(table, name)).as(table).isEqualTo(before);
    });
  }

  @Test
  void missingEdgesOfProvenanceAreNamedAndComeBack() {
    RepoName edges = new RepoName("default", "edges");
    BranchName output = new BranchName(edges, "master");
    world.versions.change(
        World.ANN,
        change -> {
          change.createRepo(edges, "");
          return change.createBranch(
              output,
              Optional.empty(),
              List.of(new BranchName(REPO, "master")),
              Optional.of("edges"));
        });
    CommitName made = new CommitName(edges, world.versions.branch(output).head().orElseThrow());
    world.versions.change(World.ANN, change -> change.finish(made, Filesets.EMPTY));
    CommitName source = commit.name();
    Metadata.Row derived =
        metadata.read(rows -> rows.scan("commit_derived", source.key() + "/", "", 1)).getFirst();
    for (Metadata.Key key :
        List.of(
            new Metadata.Key("commit_derived", derived.name()),
            new Metadata.Key("branch_subscriber", "default/images/master/default/edges/master"))) {
      assertThat(check()).isEmpty();
      drop(key.table(), key.name());

      assertThat(check())
          .as(key.table())
          .singleElement()
          .matches(one -> one.repo().equals("default/edges") && one.kind().equals("record"));

      assertThat(retention.repair(Optional.empty(), new Findings()).findings()).isZero();
      assertThat(row(key.table(), key.name())).isEmpty();
    }
  }

  @Test
  void missingRowsOfAnOpenCommitAreNamedWithWhatIsLost() {
    Commit open =
        world.versions.change(
            World.ANN, change -> change.startCommit(new BranchName(REPO, "work")));
    try (FileWriter writer = world.files.write(World.ANN, open.name())) {
      put(writer, "one", 1);
      put(writer, "two", 2);
      Commit _ = writer.commit();
    }
    String id = open.name().id().value();
    String key = open.name().key();
    Map<String, String> rows =
        Map.of(
            "journal " + key + "/" + "0".repeat(16),
            "Its journal has 1 rows, expected 2: what was put by others is lost.",
            "journal_state " + key,
            "The row `0000000000000000` of its journal has no state and is not read.",
            "commit " + key,
            "It has a journal and has no record.");
    rows.forEach((row, message) -> {
      String table = row.substring(0, row.indexOf(' '));
      String name = row.substring(row.indexOf(' ') + 1);
      byte[] before = row(table, name);
      drop(table, name);

      assertThat(check())
          .as(table)
          .anyMatch(one -> one.commit().equals(id) && one.message().equals(message));
      FsckReport report = retention.repair(Optional.empty(), new Findings());

      assertThat(report.findings()).as(table).isPositive();
      assertThat(report.hint(false).orElseThrow()).contains("backup of the database");
      boolean _ =
          metadata.write(some -> {
            some.put(new Metadata.Key(table, name), before);
            return true;
          });
      assertThat(check()).isEmpty();
    });
  }

  @Test
  void manyMissingRowsComeBackTogether() {
    Commit second = put("c/more", 9);
    List<Metadata.Row> before = metadata.read(some -> some.scan("commit", "", "", 10));
    drop("commit", commit.name().key());
    drop("commit", second.name().key());
    drop("ref", new BranchName(REPO, "master").key());
    drop("repo", REPO.key());

    FsckReport report = retention.repair(Optional.empty(), new Findings());

    assertThat(report.findings()).isZero();
    List<Metadata.Row> after = metadata.read(some -> some.scan("commit", "", "", 10));
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i).value()).isEqualTo(before.get(i).value());
    }
    assertThat(world.versions.newestFinished(new BranchName(REPO, "master")))
        .hasValueSatisfying(head -> assertThat(head.name()).isEqualTo(second.name()));
  }
}
