package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Says what the jobs of commits would do that are not made. Plans as a job does, in a session that
/// is not published; costs as much as the plan of the job. For one question, its commits in the
/// order in which they are made from each other; not thread-safe.
public final class Forecasts {
  private static final int GROUP = 256;
  private static final int EXAMPLES = 10;
  private static final int MEASURED = 200;

  /// Keys that are held to count equal ones once.
  private static final int DISTINCT = 1_000_000;

  private final Versions versions;
  private final Results results;
  private final Recipes recipes;
  private final Executor executor;
  private final ChunkStore.Session scratch;
  private final Filesets filesets;
  private final Map<CommitName, Optional<Fileset>> known = new HashMap<>();

  /// @param scratch takes what is planned; the files of the commits can be read from it
  public Forecasts(
      Versions versions,
      Results results,
      Recipes recipes,
      Executor executor,
      ChunkStore.Session scratch) {
    this.versions = versions;
    this.results = results;
    this.recipes = recipes;
    this.executor = executor;
    this.scratch = scratch;
    this.filesets = new Filesets(scratch);
  }

  /// Says what a commit would hold that is not there; nothing where that is not known.
  public void know(CommitName commit, Optional<Fileset> files) {
    known.put(commit, files);
  }

  /// What the job of an output commit would do.
  ///
  /// @param source the content of the code that comes with the spec
  public Forecast of(Commit output, PipelineSpec spec, CommitName version, Optional<Hash> source) {
    JobName name =
        new JobName(
            output.name().repo().project(), output.name().repo().name(), output.name().id());
    Optional<Job> base = base(output);
    int cores = Runtime.getRuntime().availableProcessors();
    Forecast empty =
        new Forecast(
            name,
            Optional.empty(),
            Optional.empty(),
            base.map(job -> job.roots().datums().count()).orElse(0L),
            base,
            base.flatMap(this::measured),
            Math.clamp(spec.parallelism(), 1, cores),
            Optional.empty(),
            List.of(),
            Optional.empty());
    Forecast made = of(empty, output, spec, version, source);
    know(output.name(), made.output());
    return made;
  }

  private Forecast of(
      Forecast empty, Commit output, PipelineSpec spec, CommitName version, Optional<Hash> source) {
    List<Job.Source> sources = new ArrayList<>();
    List<Optional<Fileset>> files = new ArrayList<>();
    for (Input.Files arm : spec.input().arms()) {
      Optional<CommitName> commit = JobInputs.commit(arm, output);
      Optional<Fileset> read = commit.flatMap(this::files);
      if (commit.isPresent() && read.isEmpty()) {
        return with(empty, Optional.empty(), atMost(spec.input()), List.of(), Optional.empty());
      }
      sources.add(new Job.Source(arm.name(), arm.branch(), commit, arm.emptyFiles()));
      files.add(read);
    }
    try {
      return planned(empty, spec, version, source, new JobInputs(sources, files));
    } catch (DassieException e) {
      return new Forecast(
          empty.job(),
          Optional.empty(),
          Optional.empty(),
          empty.now(),
          empty.base(),
          empty.datum(),
          empty.slots(),
          Optional.empty(),
          List.of(),
          Optional.of(e.fault().message()));
    }
  }

  /// The files of a commit; nothing where they are not known yet.
  public Optional<Fileset> files(CommitName commit) {
    Optional<Optional<Fileset>> told = Optional.ofNullable(known.get(commit));
    return told.orElseGet(() -> versions.find(commit).flatMap(Commit::finishedFiles));
  }

  /// Where each input is a whole branch there is one datum for each way to combine them.
  private static Optional<Long> atMost(Input input) {
    boolean whole = input.arms().stream().allMatch(arm -> arm.glob().equals("/"));
    return whole && !input.keyed()
        ? Optional.of((long) Datums.combinations(input).size())
        : Optional.empty();
  }

  private Optional<Job> base(Commit output) {
    BranchName branch = new BranchName(output.name().repo(), output.branch());
    return versions
        .newestFinished(branch)
        .flatMap(commit ->
            versions
                .metadata()
                .read(rows ->
                    JobTable.find(
                        rows,
                        new JobName(
                            commit.name().repo().project(),
                            commit.name().repo().name(),
                            commit.name().id()))))
        .filter(job -> job.state() == Job.State.SUCCESS);
  }

  /// The mean time of the first datums of a job whose results are known.
  private Optional<Duration> measured(Job job) {
    List<Digest> keys = new ArrayList<>();
    Iterator<PersistentMap.Row> rows =
        new PersistentMap(scratch).scan(job.roots().datums(), new byte[0]);
    while (rows.hasNext() && keys.size() < MEASURED) {
      keys.add(PlannedDatum.decode(rows.next().value()).key());
    }
    Map<Digest, Result> found = results.find(keys);
    long micros =
        found.values().stream()
            .flatMap(result -> result.ending().tries().stream())
            .mapToLong(Ending.Try::wallMicros)
            .sum();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(micros * 1_000 / found.size()));
  }

  private Forecast planned(
      Forecast empty,
      PipelineSpec spec,
      CommitName version,
      Optional<Hash> source,
      JobInputs inputs) {
    Environment environment = recipes.environment(executor, spec);
    DatumKey keys = new DatumKey(environment.facts(), spec.transform(), source, spec.salt());
    Plan plan =
        new Plan(
            scratch,
            spec.input(),
            inputs,
            keys,
            spec.everyJob() ? Optional.of(empty.job()) : Optional.empty(),
            recipes.limit());
    PersistentMap.Root datums =
        empty
            .base()
            .map(base -> plan.after(versions, base, version, environment.facts()))
            .orElseGet(plan::whole);
    return counted(empty, spec, inputs, datums);
  }

  /// Looks at what differs from the newest job.
  private final class Count {
    private final Set<Digest> toRun = new HashSet<>();
    private final List<Forecast.Example> examples = new ArrayList<>();
    private final List<Job.Source> sources;
    private long run;
    private long removed;

    Count(List<Job.Source> sources) {
      this.sources = sources;
    }

    void group(List<Work.Changed> group) {
      List<Digest> keys =
          group.stream().flatMap(datum -> datum.now().stream()).map(PlannedDatum::key).toList();
      Map<Digest, Result> found = results.find(keys);
      for (Work.Changed datum : group) {
        if (datum.now().isEmpty()) {
          removed++;
          continue;
        }
        PlannedDatum now = datum.now().get();
        boolean first = toRun.size() >= DISTINCT || !toRun.contains(now.key());
        if (!found.containsKey(now.key()) && first) {
          run++;
          if (toRun.size() < DISTINCT) {
            toRun.add(now.key());
          }
          if (examples.size() < EXAMPLES) {
            examples.add(example(now));
          }
        }
      }
    }

    private Forecast.Example example(PlannedDatum datum) {
      return new Forecast.Example(
          datum.id().toString(),
          datum.parts().stream()
              .limit(EXAMPLES)
              .map(part -> sources.get(part.leaf()).name() + ":" + part.path())
              .toList());
    }
  }

  private Forecast counted(
      Forecast empty, PipelineSpec spec, JobInputs inputs, PersistentMap.Root datums) {
    Job.Roots old = empty.base().map(Job::roots).orElse(Job.Roots.NONE);
    Work work = new Work(scratch, old.datums(), datums, old.endings());
    Count count = new Count(inputs.sources());
    each(work, count::group);
    Forecast.Numbers numbers =
        new Forecast.Numbers(datums.count(), count.run, datums.count() - count.run, count.removed);
    Optional<Fileset> output =
        count.run == 0 ? Optional.of(output(empty, spec, work, datums)) : Optional.empty();
    return with(empty, Optional.of(numbers), Optional.empty(), count.examples, output);
  }

  private static void each(Work work, Work.Groups groups) {
    try {
      work.each(GROUP, groups);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a forecast was interrupted", e);
    }
  }

  /// What the job leaves where every datum has its result: that of the newest job with what differs
  /// where that is known, else put together anew.
  private Fileset output(Forecast empty, PipelineSpec spec, Work work, PersistentMap.Root datums) {
    Optional<Job> base =
        empty
            .base()
            .filter(job -> job.roots().endings().count() == 0)
            .filter(job -> concat(job) == spec.concat());
    if (base.isPresent()) {
      Optional<Fileset> files =
          versions.find(base.get().name().output()).flatMap(Commit::finishedFiles);
      Optional<Fileset> composed =
          files.flatMap(old -> composed(old, base.get().roots().owners(), spec, work, datums));
      if (composed.isPresent()) {
        return composed.get();
      }
    }
    Work all = new Work(scratch, PersistentMap.EMPTY, datums, PersistentMap.EMPTY);
    return composed(Filesets.EMPTY, PersistentMap.EMPTY, spec, all, datums).orElseThrow();
  }

  private boolean concat(Job job) {
    try {
      return recipes.of(job.spec()).spec().concat();
    } catch (DassieException e) {
      // Its pipeline was deleted.
      return false;
    }
  }

  /// Nothing where the result of an older datum is not kept any more.
  private Optional<Fileset> composed(
      Fileset base,
      PersistentMap.Root owners,
      PipelineSpec spec,
      Work work,
      PersistentMap.Root datums) {
    boolean[] complete = {true};
    try (Composer composer =
        new Composer(scratch, versions.spillFolder(), base, owners, spec.concat())) {
      each(
          work,
          group -> {
            Map<Work.Changed, Fileset> old = outputs(group, Work.Changed::old);
            old.forEach((datum, output) -> composer.remove(datum.order(), output));
            complete[0] &=
                old.size() == group.stream().filter(datum -> datum.old().isPresent()).count();
          });
      if (!complete[0]) {
        return Optional.empty();
      }
      each(
          work,
          group ->
              outputs(group, Work.Changed::now)
                  .forEach((datum, output) -> add(composer, datum, output)));
      return Optional.of(composer.finish((order, path) -> written(datums, order, path)).files());
    }
  }

  private static void add(Composer composer, Work.Changed datum, Fileset output) {
    composer
        .add(datum.order(), output)
        .ifPresent(collision -> {
          throw new Fault.Conflict(
                  "Two datums would write `%s`.".formatted(collision.path()), Optional.empty())
              .asException();
        });
  }

  private interface Side {
    Optional<PlannedDatum> of(Work.Changed datum);
  }

  private Map<Work.Changed, Fileset> outputs(List<Work.Changed> group, Side side) {
    Map<Digest, Result> found =
        results.find(
            group.stream().flatMap(one -> side.of(one).stream()).map(PlannedDatum::key).toList());
    Map<Work.Changed, Fileset> outputs = new LinkedHashMap<>();
    for (Work.Changed datum : group) {
      side.of(datum)
          .flatMap(one -> Optional.ofNullable(found.get(one.key())))
          .flatMap(Result::output)
          .ifPresent(output -> outputs.put(datum, output));
    }
    return outputs;
  }

  private Entry.File written(PersistentMap.Root datums, byte[] order, FilePath path) {
    return new PersistentMap(scratch)
        .get(datums, order)
        .map(PlannedDatum::decode)
        .flatMap(datum -> results.find(datum.key()))
        .flatMap(Result::output)
        .flatMap(output -> filesets.find(output, path))
        .filter(Entry.File.class::isInstance)
        .map(Entry.File.class::cast)
        .orElseThrow();
  }

  private static Forecast with(
      Forecast empty,
      Optional<Forecast.Numbers> numbers,
      Optional<Long> atMost,
      List<Forecast.Example> examples,
      Optional<Fileset> output) {
    return new Forecast(
        empty.job(),
        numbers,
        atMost,
        empty.now(),
        empty.base(),
        empty.datum(),
        empty.slots(),
        output,
        examples,
        empty.problem());
  }
}
