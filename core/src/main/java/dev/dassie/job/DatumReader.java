package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads the datums of recorded jobs with what became of them. Thread-safe.
public final class DatumReader {
  private static final int MIN_PREFIX = 8;
  static final int WHOLE_ID = 64;

  private final Versions versions;
  private final Results results;
  private final PersistentMap map;
  private final Places places = new Places();

  public DatumReader(Versions versions, Results results) {
    this.versions = versions;
    this.results = results;
    this.map = new PersistentMap(versions.chunks());
  }

  /// A datum and its place.
  public record Row(byte[] order, PlannedDatum datum) {}

  /// The job that made a commit, if it ended well.
  public Optional<Job> maker(CommitName commit) {
    if (commit.repo().type() != RepoName.Type.USER) {
      return Optional.empty();
    }
    JobName name = new JobName(commit.repo().project(), commit.repo().name(), commit.id());
    return versions
        .metadata()
        .read(rows -> JobTable.find(rows, name))
        .filter(job -> job.state() == Job.State.SUCCESS);
  }

  /// The planned datum at an order key.
  public Optional<PlannedDatum> at(Job job, byte[] order) {
    return map.get(job.roots().datums(), order).map(PlannedDatum::decode);
  }

  /// What ran a result.
  public RunContext context(Digest context) {
    return RunContext.decode(versions.chunks().read(context));
  }

  /// The datum of a job by its id or the first 8 or more digits of it: looks at one after another,
  /// unless it was found lately.
  public Row find(Job job, String id) {
    return seen(job, id).orElseGet(() -> saw(job, search(job, id)));
  }

  /// The same by its whole id, if there is such a datum.
  Optional<Row> whole(Job job, String id) {
    return seen(job, id)
        .or(() -> candidates(job, id).stream().findFirst().map(row -> saw(job, row)));
  }

  private Optional<Row> seen(Job job, String id) {
    return job.roots()
        .datums()
        .node()
        .flatMap(root -> places.find(root, id))
        .flatMap(order -> at(job, order).map(datum -> new Row(order, datum)));
  }

  /// Remembers where a datum stands.
  Row saw(Job job, Row row) {
    job.roots()
        .datums()
        .node()
        .ifPresent(root -> places.saw(root, row.datum().id().toString(), row.order()));
    return row;
  }

  private List<Row> candidates(Job job, String id) {
    List<Row> found = new ArrayList<>();
    // Of a prefix there may be a second one; a whole id is there once.
    int enough = id.length() == WHOLE_ID ? 1 : 2;
    if (id.length() >= MIN_PREFIX) {
      Iterator<Row> rows = scan(job, new byte[0]);
      while (rows.hasNext() && found.size() < enough) {
        Row row = rows.next();
        if (row.datum().id().toString().startsWith(id)) {
          found.add(row);
        }
      }
    }
    return found;
  }

  private Row search(Job job, String id) {
    List<Row> found = candidates(job, id);
    if (found.size() > 1) {
      throw new Fault.Conflict(
              "Several datums of the job `%s` begin with `%s`.".formatted(job.name(), id),
              Optional.of("Give more digits."))
          .asException();
    }
    if (found.isEmpty()) {
      throw new Fault.NotFound(
              "datum of the job `%s`".formatted(job.name()),
              id,
              Optional.of("Give its id or the first 8 or more digits of it."))
          .asException();
    }
    return found.getFirst();
  }

  /// The datums of a job that failed or recovered, in datum order, with what became of them.
  public Iterator<DatumView> endings(Job job) {
    return each(bad(job, new byte[0]), row -> views(job, List.of(row)).getFirst());
  }

  /// Whether any datum has failed or recovered so far.
  boolean hasBad(Job job) {
    return job.roots().endings().count() > 0
        || (job.state() != Job.State.SUCCESS
            && !versions.metadata().read(rows -> FailedRows.scan(rows, job.name(), 1)).isEmpty());
  }

  /// The planned datums of those that failed or recovered, from an order key on.
  Iterator<Row> bad(Job job, byte[] from) {
    return each(
        map.scan(job.roots().endings(), from),
        row -> new Row(row.key(), at(job, row.key()).orElseThrow()));
  }

  /// The planned datums from an order key on.
  public Iterator<Row> scan(Job job, byte[] from) {
    return each(
        map.scan(job.roots().datums(), from),
        row -> new Row(row.key(), PlannedDatum.decode(row.value())));
  }

  private static <F, T> Iterator<T> each(Iterator<F> from, Function<F, T> change) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public T next() {
        return change.apply(from.next());
      }
    };
  }

  /// What became of some datums, in their order.
  public List<DatumView> views(Job job, List<Row> rows) {
    Map<Digest, Result> found = results.find(rows.stream().map(row -> row.datum().key()).toList());
    Map<Digest, RunContext> contexts = new HashMap<>();
    List<DatumView> views = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Optional<Result> result =
          ending(job, row).or(() -> Optional.ofNullable(found.get(row.datum().key())));
      Optional<RunContext> context =
          result.map(one -> contexts.computeIfAbsent(one.context(), this::context));
      views.add(view(job, row.datum(), result, context));
    }
    return views;
  }

  /// How a datum failed or recovered in this job, from its map or while it runs from its rows.
  private Optional<Result> ending(Job job, Row row) {
    if (job.roots().endings().count() > 0) {
      return map.get(job.roots().endings(), row.order()).map(Result::decode);
    }
    return job.state() == Job.State.SUCCESS
        ? Optional.empty()
        : versions.metadata().read(rows -> FailedRows.find(rows, job.name(), row.datum().key()));
  }

  private static DatumView view(
      Job job, PlannedDatum datum, Optional<Result> result, Optional<RunContext> context) {
    return new DatumView(
        job.name(),
        datum.id().toString(),
        datum.key().toString(),
        state(job, result),
        inputs(job, datum),
        result.map(one -> one.ending().tries()).orElse(List.of()),
        context.filter(one -> !one.isTrial()).map(RunContext::job),
        context.map(RunContext::sandbox).orElse(""),
        result.map(Result::reason).orElse(""));
  }

  /// What a datum reads, and where.
  public static List<DatumView.In> inputs(Job job, PlannedDatum datum) {
    return inputs(job.inputs(), datum);
  }

  static List<DatumView.In> inputs(List<Job.Source> sources, PlannedDatum datum) {
    List<DatumView.In> inputs = new ArrayList<>();
    for (PlannedDatum.Part part : datum.parts()) {
      Job.Source source = sources.get(part.leaf());
      inputs.add(
          new DatumView.In(
              source.name(),
              part.path(),
              part.directory(),
              part.hash(),
              source.branch(),
              source.commit()));
    }
    return inputs;
  }

  private static DatumView.State state(Job job, Optional<Result> result) {
    if (result.isEmpty()) {
      return DatumView.State.WAITING;
    }
    DatumView.State ended = ended(result.get());
    boolean reused =
        ended == DatumView.State.SUCCESS
            && !job.context().equals(Optional.of(result.get().context()));
    return reused ? DatumView.State.SKIPPED : ended;
  }

  /// What a run made of a datum.
  static DatumView.State ended(Result result) {
    return switch (result.ending()) {
      case Ending.Failed _ -> DatumView.State.FAILED;
      case Ending.Recovered _ -> DatumView.State.RECOVERED;
      case Ending.Succeeded _ -> DatumView.State.SUCCESS;
    };
  }
}
