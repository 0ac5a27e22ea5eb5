package dev.dassie.lineage.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.Lab;
import dev.dassie.pipeline.Input;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Design L2.
@Timeout(60)
class ImpactsTest {
  @TempDir Path folder;
  private Lab lab;
  private Impacts impacts;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    lab.repoNamed("other");
    impacts = new Impacts(lab.world.versions, lab.results, lab.recipes());
    lab.executor.code(
        "names",
        files -> {
          Map<String, String> out = new TreeMap<>();
          out.put(
              String.join(
                  "+", files.keySet().stream().map(path -> path.replace('/', '.')).toList()),
              "x");
          return out;
        });
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private List<Affected> all(Downstream downstream) {
    List<Affected> found = new ArrayList<>();
    try (downstream) {
      downstream.forEachRemaining(found::add);
    }
    return found;
  }

  /// The files downstream as `repo:path`.
  private List<String> files(Commit commit, String path) {
    return all(impacts.files(commit, new FilePath(path), false)).stream()
        .map(Affected.File.class::cast)
        .map(file -> file.commit().repo().name() + ":" + file.path().value())
        .toList();
  }

  private static Input.Files keyed(String repo, String glob, boolean join) {
    return new Input.Files(
        repo,
        new BranchName(new RepoName("default", repo), "master"),
        glob,
        false,
        false,
        false,
        join ? Optional.of("$1") : Optional.empty(),
        false,
        join ? Optional.empty() : Optional.of("$1"));
  }

  @Test
  void everyFileDownstreamIsListedThroughAllStages() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.executor.code("sum", files -> Map.of("sum", "" + files.size()));
    lab.pipeline(Lab.spec("two", "sum", Lab.files("one", "/")));
    Commit put = lab.put("in", "a", "1", "b", "2");
    lab.newest("two");

    List<Affected> found = all(impacts.files(put, new FilePath("a"), false));

    assertThat(files(put, "a")).containsExactly("one:a", "two:sum");
    Affected.File last = (Affected.File) found.getLast();
    assertThat(last.depth()).isEqualTo(2);
    assertThat(last.from().path()).isEqualTo(new FilePath("a"));
    assertThat(last.from().commit().repo().name()).isEqualTo("one");
    assertThat(last.job()).isEqualTo(lab.newestName("two"));
    assertThat(files(put, "")).containsExactly("one:a", "one:b", "two:sum");
  }

  @Test
  void aResultThatWasReusedCounts() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    lab.newest("one");
    Commit second = lab.put("in", "b", "1");
    lab.newest("one");

    assertThat(files(second, "a")).containsExactly("one:a");
  }

  @Test
  void aCrossListsEveryPairOfTheFile() throws InterruptedException {
    lab.pipeline(
        Lab.spec(
            "pairs",
            "names",
            new Input.Cross(List.of(Lab.files("other", "/*"), Lab.files("in", "/*/")))));
    lab.put("other", "x*", "1", "y", "2");
    Commit put = lab.put("in", "d/a", "1", "d/b", "2", "e/c", "3");
    lab.newest("pairs");

    assertThat(files(put, "d/a"))
        .containsExactlyInAnyOrder("pairs:in.d.a+in.d.b+other.x*", "pairs:in.d.a+in.d.b+other.y");
    Commit other = lab.world.versions.resolve("default", "other@master");
    assertThat(files(other, "x*")).hasSize(2);
  }

  @Test
  void aUnionListsOnlyTheArmOfTheFile() throws InterruptedException {
    lab.pipeline(
        Lab.spec(
            "all",
            "names",
            new Input.Union(List.of(Lab.files("other", "/*"), Lab.files("in", "/*")))));
    lab.put("other", "a", "1");
    Commit put = lab.put("in", "a", "1", "b", "2");
    lab.newest("all");

    assertThat(files(put, "a")).containsExactly("all:in.a");
  }

  @Test
  void joinsAndGroupsListTheDatumsOfTheKey() throws InterruptedException {
    lab.pipeline(
        Lab.spec(
            "joined",
            "names",
            new Input.Join(List.of(keyed("in", "/(*)-*", true), keyed("other", "/(*)", true)))));
    lab.pipeline(
        Lab.spec("grouped", "names", new Input.Group(List.of(keyed("in", "/(*)-*", false)))));
    lab.put("other", "a", "1", "b", "2");
    Commit put = lab.put("in", "a-1", "1", "a-2", "2", "b-1", "3");
    lab.newest("joined");
    lab.newest("grouped");

    assertThat(files(put, "a-1"))
        .containsExactlyInAnyOrder("joined:in.a-1+other.a", "grouped:in.a-1+in.a-2");
  }

  @Test
  void joinsWithinOthersAreFoundToo() throws InterruptedException {
    Input join = new Input.Join(List.of(keyed("in", "/(*)-*", true), keyed("other", "/(*)", true)));
    lab.pipeline(Lab.spec("nested", "names", new Input.Union(List.of(join))));
    lab.put("other", "a", "1", "b", "2");
    Commit put = lab.put("in", "a-1", "1", "b-1", "3");
    lab.newest("nested");

    assertThat(files(put, "b-1")).containsExactly("nested:in.b-1+other.b");
  }

  @Test
  void aCommitListsTheCommitsDownstreamOnce() throws InterruptedException {
    lab.pipeline(Lab.spec("left", "copy", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("right", "copy", Lab.files("in", "/*")));
    lab.pipeline(
        Lab.spec(
            "both",
            "names",
            new Input.Cross(List.of(Lab.files("left", "/*"), Lab.files("right", "/*")))));
    Commit put = lab.put("in", "a", "1");
    lab.newest("both");

    List<Affected> found = all(impacts.commits(put));

    assertThat(found)
        .extracting(one -> ((Affected.OfCommit) one).commit().repo().name())
        .containsExactlyInAnyOrder("left", "right", "both");
    assertThat(found).extracting(Affected::depth).containsExactly(1, 1, 2);
    assertThat(((Affected.OfCommit) found.getFirst()).state()).isEqualTo("finished");
  }

  @Test
  void laterCommitsWithTheSameFileCountWhereThatIsAskedFor() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    Commit first = lab.put("in", "a", "1");
    lab.newest("one");
    lab.put("in", "b", "1");
    lab.newest("one");
    lab.put("in", "a", "2");
    lab.newest("one");

    assertThat(all(impacts.files(first, new FilePath("a"), false))).hasSize(1);
    assertThat(all(impacts.files(first, new FilePath("a"), true))).hasSize(2);
  }

  @Test
  void aSpecReachesAllThatItMade() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    lab.newest("one");
    Commit spec = lab.world.versions.resolve("default", "one.spec@master");

    assertThat(all(impacts.commits(spec))).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsNotFound() {
    Commit put = lab.put("in", "a", "1");

    assertThatThrownBy(() -> files(put, "nope")).hasMessageContaining("`/nope`");
  }
}
