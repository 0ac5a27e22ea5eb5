package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.KeyedDatums;
import dev.dassie.version.BranchName;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Finds the datums of recorded jobs that read a file, without an index: what an input matches says
/// at which order keys they stand (docs/format.md, "Datum keys"). Costs as much as those datums; a
/// join or group of files inputs as much as the datums of the file's key; where joins or groups are
/// nested, inputs share a name, or the spec is gone, as much as all datums of the job. Each match
/// of a job is told once. For one question; not thread-safe.
public final class Readers implements AutoCloseable {
  private final Versions versions;
  private final Recipes recipes;
  private final DatumReader reader;
  private final ChunkStore.Session scratch;
  private final PersistentMap map;
  private final Set<Seen> seen = new HashSet<>();

  private record Seen(JobName job, int leaf, FilePath match) {}

  private record Match(FilePath path, boolean directory) {}

  public Readers(Versions versions, Recipes recipes, DatumReader reader) {
    this.versions = versions;
    this.recipes = recipes;
    this.reader = reader;
    this.scratch = versions.chunks().session();
    this.map = new PersistentMap(scratch);
  }

  /// Tells of the datums that read a file through one of the job's inputs.
  ///
  /// @param leaf counts the inputs of the job from 0
  public void each(Job job, int leaf, FilePath file, Consumer<PlannedDatum> to) {
    Optional<Input> input = input(job).filter(found -> leaf < found.arms().size());
    if (input.isEmpty()) {
      scan(job, new byte[0], datum -> reads(datum, leaf, file), to);
      return;
    }
    Arm arm = new Arm(input.get().arms().get(leaf));
    for (Match match : matches(arm, file)) {
      if (seen.add(new Seen(job.name(), leaf, match.path()))) {
        of(job, input.get(), leaf, match, to);
      }
    }
  }

  private Optional<Input> input(Job job) {
    try {
      return Optional.of(recipes.of(job.spec()).spec().input());
    } catch (DassieException e) {
      // The pipeline was deleted with its versions.
      return Optional.empty();
    }
  }

  /// What a glob matches of a file and the folders above it.
  private static List<Match> matches(Arm arm, FilePath file) {
    List<Match> found = new ArrayList<>();
    if (arm.glob().matches(file, false)) {
      found.add(new Match(file, false));
    }
    for (FilePath folder = file; !folder.isRoot(); ) {
      folder = folder.parent();
      if (arm.glob().matches(folder, true)) {
        found.add(new Match(folder, true));
      }
    }
    return found;
  }

  private void of(Job job, Input input, int leaf, Match match, Consumer<PlannedDatum> to) {
    Map<BranchName, Datums.Source> sources = JobInputs.of(versions, job).byBranch();
    if (input.keyed() && KeyedDatums.isFlat(input)) {
      Arm arm = new Arm(input.arms().get(leaf));
      String key =
          (input instanceof Input.Join ? arm.joinKey(match.path()) : arm.groupKey(match.path()))
              .orElseThrow();
      byte[] prefix = new KeyedDatums(input, sources, scratch).orderPrefix(key);
      scan(job, prefix, datum -> has(datum, leaf, match.path()), to);
    } else if (input.keyed() || !Datums.named(input)) {
      scan(job, new byte[0], datum -> has(datum, leaf, match.path()), to);
    } else {
      for (List<Input.Files> arms : Datums.combinations(input)) {
        at(job, arms, input.arms().get(leaf), match, sources, to);
      }
    }
  }

  /// Lists the datums of one combination in which one input matches this alone.
  private void at(
      Job job,
      List<Input.Files> arms,
      Input.Files arm,
      Match match,
      Map<BranchName, Datums.Source> sources,
      Consumer<PlannedDatum> to) {
    if (!arms.contains(arm)) {
      return;
    }
    List<Input> narrowed = new ArrayList<>();
    arms.forEach(one -> narrowed.add(one.equals(arm) ? only(one, match) : one));
    Iterator<Datum> datums = new Datums(scratch).of(new Input.Cross(narrowed), sources);
    while (datums.hasNext()) {
      reader.at(job, datums.next().orderKey()).ifPresent(to);
    }
  }

  /// The same input with a glob that matches one path.
  private static Input.Files only(Input.Files arm, Match match) {
    String escaped = match.path().value().replaceAll("([^A-Za-z0-9_./-])", "\\\\$1");
    String glob = match.path().isRoot() ? "/" : "/" + escaped + (match.directory() ? "/" : "");
    return new Input.Files(
            arm.name(),
            arm.branch(),
            glob,
            arm.emptyFiles(),
            arm.lazy(),
            arm.reference(),
            Optional.empty(),
            false,
            Optional.empty())
        .with(glob, arm.s3());
  }

  private interface Wanted {
    boolean test(PlannedDatum datum);
  }

  private void scan(Job job, byte[] prefix, Wanted wanted, Consumer<PlannedDatum> to) {
    Iterator<PersistentMap.Row> rows = map.scan(job.roots().datums(), prefix);
    while (rows.hasNext()) {
      PersistentMap.Row row = rows.next();
      if (row.key().length < prefix.length
          || !Arrays.equals(row.key(), 0, prefix.length, prefix, 0, prefix.length)) {
        return;
      }
      PlannedDatum datum = PlannedDatum.decode(row.value());
      if (wanted.test(datum)) {
        to.accept(datum);
      }
    }
  }

  private static boolean has(PlannedDatum datum, int leaf, FilePath match) {
    return datum.parts().stream()
        .anyMatch(part -> part.leaf() == leaf && part.path().equals(match));
  }

  private static boolean reads(PlannedDatum datum, int leaf, FilePath file) {
    return datum.parts().stream()
        .anyMatch(part ->
            part.leaf() == leaf
                && (part.path().equals(file) || (part.directory() && file.isWithin(part.path()))));
  }

  @Override
  public void close() {
    scratch.close();
  }
}
