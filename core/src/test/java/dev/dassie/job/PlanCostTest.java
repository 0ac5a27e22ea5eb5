package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.CountingChunks;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.Specs;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What planning costs for one more file, counted in chunks read and written, does not grow with
/// the number of datums (D8).
@Timeout(300)
class PlanCostTest {
  /// A few nodes on the way down each tree and map; four levels hold far more than a million.
  private static final int READS = 60;

  private static final int WRITES = 12;

  @TempDir Path folder;
  private final CountingChunks chunks = new CountingChunks();
  private DatumLimit limit = DatumLimit.NONE;

  /// A thousand files to a directory, each with a key of a join of its own.
  private Fileset files(Fileset base, int from, int to) {
    try (Edits edits = new Edits(folder)) {
      for (int i = from; i < to; i++) {
        FilePath path = FilePath.parse("/d%04d/f%07d".formatted(i / 1000, i));
        byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        edits.add(new Edit.Put(path, false, new Body.Inline(bytes), Optional.empty()));
      }
      return new Filesets(chunks).apply(base, edits, chunks.session());
    }
  }

  private static Input.Files arm(String repo, String glob, Optional<String> key) {
    return new Input.Files(
        repo, Lab.master(repo), glob, false, false, false, key, false, Optional.empty());
  }

  private static JobInputs inputs(Input input, Fileset... files) {
    List<Job.Source> sources = new ArrayList<>();
    List<Optional<Fileset>> all = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      Input.Files arm = input.arms().get(i);
      CommitName commit = new CommitName(arm.branch().repo(), new CommitId("0".repeat(31) + i));
      sources.add(new Job.Source(arm.name(), arm.branch(), Optional.of(commit), false));
      all.add(Optional.of(files[i]));
    }
    return new JobInputs(sources, all);
  }

  private Plan plan(Input input, JobInputs inputs) {
    DatumKey keys = new DatumKey(List.of(), Specs.running("true"), Optional.empty(), "");
    return new Plan(chunks.session(), input, inputs, keys, Optional.empty(), limit);
  }

  /// Plans a first job, and then one with another file.
  private void expectFlat(Input input, JobInputs before, JobInputs after, int datums, int more) {
    Plan first = plan(input, before);
    PersistentMap.Root whole = first.whole();
    Job.Roots roots = new Job.Roots(whole, PersistentMap.EMPTY, PersistentMap.EMPTY, first.index());
    assertThat(whole.count()).isEqualTo(datums);
    chunks.reset();

    PersistentMap.Root next = plan(input, after).after(roots, before);

    assertThat(next.count()).isEqualTo(datums + more);
    assertThat(chunks.reads()).as("chunks read").isLessThan(READS);
    assertThat(chunks.treeWrites()).as("chunks written").isLessThan(WRITES);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 100_000, 1_000_000})
  void oneMoreFileOfMany(int count) {
    Input input = arm("in", "/*/*", Optional.empty());
    Fileset before = files(Filesets.EMPTY, 0, count);
    Fileset after = files(before, count, count + 1);

    expectFlat(input, inputs(input, before), inputs(input, after), count, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 100_000})
  void oneMoreFileOfACross(int count) {
    Input.Files many = arm("in", "/*/*", Optional.empty());
    Input.Files few = arm("parameters", "/*/*", Optional.empty());
    Input input = new Input.Cross(List.of(few, many));
    Fileset two = files(Filesets.EMPTY, 0, 2);
    Fileset before = files(Filesets.EMPTY, 0, count);
    Fileset after = files(before, count, count + 1);

    expectFlat(input, inputs(input, two, before), inputs(input, two, after), 2 * count, 2);
  }

  @Test
  void tenMillionDatumsOfACrossAreRefusedForTheCostOfTheirArms() {
    Input input =
        new Input.Cross(
            List.of(arm("left", "/*/*", Optional.empty()), arm("right", "/*/*", Optional.empty())));
    JobInputs inputs =
        inputs(input, files(Filesets.EMPTY, 0, 2_500), files(Filesets.EMPTY, 0, 4_000));
    limit = new DatumLimit(5_000_000);
    chunks.reset();

    assertThatThrownBy(() -> plan(input, inputs).whole())
        .hasMessage(
            "The number of datums of the input is `10,000,000`, expected at most 5,000,000: raise"
                + " `job_datums` in the configuration of the server, or narrow the globs.");
    assertThat(chunks.reads()).as("chunks read").isLessThan(READS);
    assertThat(chunks.treeWrites()).as("chunks written").isZero();
  }

  @Test
  void filesThatMakeACrossTooLargeAreRefusedSoon() {
    Input input =
        new Input.Cross(
            List.of(arm("left", "/*/*", Optional.empty()), arm("right", "/*/*", Optional.empty())));
    Fileset four = files(Filesets.EMPTY, 0, 4_000);
    JobInputs before = inputs(input, files(Filesets.EMPTY, 0, 1), four);
    JobInputs after = inputs(input, files(Filesets.EMPTY, 0, 2_500), four);
    Plan first = plan(input, before);
    PersistentMap.Root whole = first.whole();
    Job.Roots roots = new Job.Roots(whole, PersistentMap.EMPTY, PersistentMap.EMPTY, first.index());
    limit = new DatumLimit(5_000_000);
    chunks.reset();

    assertThatThrownBy(() -> plan(input, after).after(roots, before))
        .hasMessageContaining("`10,000,000`");
    assertThat(chunks.treeWrites()).as("chunks written").isLessThan(1_000);
  }

  @Test
  void whatNobodyCountsBeforeIsRefusedWhenItIsTooMuch() {
    Input.Files many = arm("in", "/*/*", Optional.empty());
    limit = new DatumLimit(20_000);
    JobInputs inputs = inputs(many, files(Filesets.EMPTY, 0, 30_000));

    assertThatThrownBy(() -> plan(many, inputs).whole())
        .hasMessageContaining("is `more than 20,000`");
    assertThat(plan(many, inputs(many, files(Filesets.EMPTY, 0, 20_000))).whole().count())
        .isEqualTo(20_000);
  }

  @Test
  void combinationsWithinAJoinAreCountedToo() {
    Input.Files left = arm("left", "/*/f(*)", Optional.of("$1"));
    Input.Files right = arm("right", "/*/f(*)", Optional.of("$1"));
    Input.Files third = arm("third", "/*/f(*)", Optional.of("$1"));
    Input input = new Input.Join(List.of(third, new Input.Cross(List.of(left, right))));
    Fileset all = files(Filesets.EMPTY, 0, 200);
    limit = new DatumLimit(30_000);

    assertThatThrownBy(() -> plan(input, inputs(input, all, all, all)).whole())
        .hasMessageContaining("is `40,000`");
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 100_000})
  void oneMoreFileOfAJoin(int count) {
    Input.Files left = arm("left", "/*/f(*)", Optional.of("$1"));
    Input.Files right = arm("right", "/*/f(*)", Optional.of("$1"));
    Input input = new Input.Join(List.of(left, right));
    Fileset all = files(Filesets.EMPTY, 0, count + 1);
    Fileset before = files(Filesets.EMPTY, 0, count);

    expectFlat(input, inputs(input, all, before), inputs(input, all, all), count, 1);
  }
}
