package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.job.bucket.Grants;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Page;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Asks and stops jobs. Thread-safe.
public final class Jobs {
  private static final int SCAN = 256;

  /// Datums that one page of those in one state looks at.
  private static final int PAGE = 4_096;

  /// Of a job of so many datums all are looked at to find the slowest.
  static final int LOOKED_AT = 512;

  /// The scheduler is this far behind the feed at most before a question is answered without it.
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private final Versions versions;
  private final Metadata metadata;
  private final Scheduler scheduler;
  private final DatumReader reader;

  public Jobs(Versions versions, Results results, Scheduler scheduler) {
    this.versions = versions;
    this.metadata = versions.metadata();
    this.scheduler = scheduler;
    this.reader = new DatumReader(versions, results);
  }

  /// What the code that runs reaches through S3.
  public Grants grants() {
    return scheduler.engine().grants();
  }

  /// Jobs of a project, newest first; of one pipeline and in one state if given. A page may have
  /// fewer than `limit` items and still a cursor; the cursor of the first page is empty.
  public Page<Job> list(
      String project,
      Optional<String> pipeline,
      Optional<Job.State> state,
      String cursor,
      int limit) {
    if (cursor.isEmpty()) {
      scheduler.awaitHandled(metadata.position(), BEHIND);
    }
    long before = cursor.isEmpty() ? 0 : sequence(cursor);
    List<Job> items = new ArrayList<>();
    for (int round = 0; round < SCAN; round++) {
      long from = before;
      List<Job> jobs = metadata.read(rows -> JobTable.newest(rows, project, pipeline, from, SCAN));
      for (Job job : jobs) {
        before = job.sequence();
        if (state.isEmpty() || state.get() == job.state()) {
          items.add(current(job));
        }
        if (items.size() == limit) {
          return new Page<>(items, Optional.of("%x".formatted(before)));
        }
      }
      if (jobs.size() < SCAN) {
        return new Page<>(items, Optional.empty());
      }
    }
    return new Page<>(items, Optional.of("%x".formatted(before)));
  }

  /// The newest jobs of each of some pipelines, newest first, at most `each`, from one look at the
  /// records; empty lists of those that have none. What waiting jobs wait for is not looked up.
  public Map<RepoName, List<Job>> newest(Collection<RepoName> pipelines, int each) {
    scheduler.awaitHandled(metadata.position(), BEHIND);
    Map<RepoName, List<Job>> found = new HashMap<>();
    metadata
        .read(rows -> {
          Map<RepoName, List<Job>> all = new HashMap<>();
          for (RepoName pipeline : pipelines) {
            Optional<String> name = Optional.of(pipeline.name());
            all.put(pipeline, JobTable.newest(rows, pipeline.project(), name, 0, each));
          }
          return all;
        })
        .forEach(
            (pipeline, jobs) -> found.put(pipeline, jobs.stream().map(this::counted).toList()));
    return found;
  }

  /// A job with the counts that are known only while it runs.
  private Job counted(Job job) {
    return job.state() == Job.State.RUNNING
        ? scheduler.run(job.name()).map(JobRun::counts).map(job::with).orElse(job)
        : job;
  }

  private static long sequence(String cursor) {
    try {
      return Long.parseLong(cursor, 16);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("The cursor", cursor, "one that a list answered").asException();
    }
  }

  /// Jobs that wait or run, of all projects, oldest first, at most `limit`.
  public List<Job> live(int limit) {
    return metadata.read(rows -> JobTable.live(rows, 0, limit)).stream()
        .map(this::counted)
        .toList();
  }

  /// The job as it stands; `Fault.NotFound` if there is none.
  public Job inspect(JobName name) {
    scheduler.awaitHandled(metadata.position(), BEHIND);
    return current(metadata.read(rows -> JobTable.get(rows, name)));
  }

  /// The job as it stands, if there is one.
  public Optional<Job> find(JobName name) {
    scheduler.awaitHandled(metadata.position(), BEHIND);
    return metadata.read(rows -> JobTable.find(rows, name)).map(this::current);
  }

  /// A job with what is known only while it waits or runs.
  private Job current(Job job) {
    return switch (job.state()) {
      case RUNNING -> counted(job);
      case WAITING -> job.with(job.state(), blocker(job));
      default -> job;
    };
  }

  /// What a waiting job waits for (design D11).
  private String blocker(Job job) {
    Optional<Commit> output = versions.find(job.name().output());
    if (output.isPresent()) {
      for (Commit.Source source : output.get().provenance()) {
        if (versions.find(source.commit()).filter(Commit::isOpen).isPresent()) {
          return "It waits for the commit `%s` of branch `%s` to finish."
              .formatted(source.commit(), source.branch());
        }
      }
    }
    return older(job)
        .map(one -> "It waits for the older job `%s` to end.".formatted(one.name()))
        .orElse("It is being planned.");
  }

  /// The oldest job of the same pipeline before this one that has not ended.
  public Optional<Job> older(Job job) {
    JobName name = job.name();
    List<Job> before =
        metadata.read(rows ->
            JobTable.newest(
                rows, name.project(), Optional.of(name.pipeline()), job.sequence(), SCAN));
    return before.reversed().stream().filter(one -> !one.state().ended()).findFirst();
  }

  /// The run before: the newest job of the pipeline before this one whose output finished.
  public Optional<Job> before(Job job) {
    Optional<CommitId> base =
        job.base()
            .or(() ->
                versions
                    .find(job.name().output())
                    .flatMap(output -> versions.nearestFinished(output.name()))
                    .map(commit -> commit.name().id()));
    return base.flatMap(id ->
        find(new JobName(job.name().project(), job.name().pipeline(), id))
            .filter(found -> found.state() == Job.State.SUCCESS));
  }

  /// What holds up a job that runs, if anything does.
  public Optional<Pending> held(JobName name) {
    return scheduler.run(name).flatMap(JobRun::held);
  }

  /// Where a datum without result stands; nothing where the job does not run.
  public Optional<Pending> pending(JobName name, Digest key) {
    return scheduler.run(name).map(run -> run.pending(key));
  }

  /// What a datum that runs has written so far; nothing where it does not run, or not here, or
  /// where that cannot be told ([Executor#written]).
  public Optional<Written> written(JobName name, Digest key) throws InterruptedException {
    return scheduler.run(name).isPresent()
        ? scheduler.engine().executor().written(key)
        : Optional.empty();
  }

  /// Waits until a job has ended, and returns it. `Fault.TimedOut` if the time passes before.
  public Job await(JobName name, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Job _ = inspect(name);
    while (true) {
      long position = metadata.position();
      Job job = metadata.read(rows -> JobTable.get(rows, name));
      if (job.state().ended()) {
        return job;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new Fault.TimedOut("The end of the job `%s`".formatted(name), timeout).asException();
      }
      long _ = metadata.awaitAfter(position, Duration.ofNanos(left));
    }
  }

  /// Stops a job that waits or runs; its output commit fails, its results stay. `Fault.Conflict` if
  /// it has ended.
  public Job stop(Call call, JobName name) {
    scheduler.awaitHandled(metadata.position(), BEHIND);
    boolean _ =
        versions.change(
            call,
            Reply.DONE,
            change -> {
              String why = call.message().isEmpty() ? "" : ": " + call.message();
              String reason = "`%s` stopped the job%s.".formatted(call.principal(), why);
              if (!JobRecord.stop(change, name, reason)) {
                Job.State state = JobTable.get(change.rows(), name).state();
                throw new Fault.Conflict(
                        "The job `%s` has ended already (%s).".formatted(name, state.word()),
                        Optional.empty())
                    .asException();
              }
              return true;
            });
    return inspect(name);
  }

  /// Datums of a job in datum order, in one state if given. A page looks at 4,096 of them at most,
  /// so it may have fewer than `limit` items and still a cursor; the cursor of the first page is
  /// empty.
  public Page<DatumView> datums(
      JobName name, Optional<DatumView.State> state, String cursor, int limit) {
    Job job = inspect(name);
    // Where all have ended, their counts tell of which state there is none.
    if (state.isPresent()
        && job.state().ended()
        && job.datums().ended() == job.datums().total()
        && job.datums().of(state.get()) == 0) {
      return new Page<>(List.of(), Optional.empty());
    }
    boolean bad =
        state.equals(Optional.of(DatumView.State.FAILED))
            || state.equals(Optional.of(DatumView.State.RECOVERED));
    // Those that failed or recovered have a map of their own: the cost follows them.
    Iterator<DatumReader.Row> rows =
        bad && (job.roots().endings().count() > 0 || !reader.hasBad(job))
            ? reader.bad(job, order(cursor))
            : reader.scan(job, order(cursor));
    List<DatumView> items = new ArrayList<>();
    int looked = 0;
    while (items.size() < limit && rows.hasNext() && (state.isEmpty() || looked < PAGE)) {
      List<DatumReader.Row> some = some(rows, Math.min(SCAN, limit - items.size()));
      looked += some.size();
      some.forEach(row -> reader.saw(job, row));
      reader.views(job, some).stream()
          .filter(view -> state.isEmpty() || state.get() == view.state())
          .forEach(items::add);
    }
    return new Page<>(
        items,
        rows.hasNext()
            ? Optional.of(HexFormat.of().formatHex(rows.next().order()))
            : Optional.empty());
  }

  /// The datums that ran for this job and took longest, the longest first, at most `limit` and at
  /// most 32. Of a job of more than 512 datums those of its last run: a restart of the server
  /// forgets those before it.
  public List<DatumView> slowest(JobName name, int limit) {
    Job job = inspect(name);
    List<DatumReader.Row> rows = new ArrayList<>();
    if (job.roots().datums().count() <= LOOKED_AT) {
      reader.scan(job, new byte[0]).forEachRemaining(rows::add);
    } else {
      for (byte[] order : slowestOrders(name)) {
        reader.at(job, order).ifPresent(datum -> rows.add(new DatumReader.Row(order, datum)));
      }
    }
    List<DatumView> slowest =
        reader.views(job, rows).stream()
            .filter(
                view -> view.state() != DatumView.State.SKIPPED && view.wallMicros().isPresent())
            .sorted(
                Comparator.comparingLong((DatumView view) -> view.wallMicros().orElse(0L))
                    .reversed())
            .limit(Math.min(limit, Slowest.MOST))
            .toList();
    Set<String> ids = slowest.stream().map(DatumView::id).collect(Collectors.toSet());
    rows.stream()
        .filter(row -> ids.contains(row.datum().id().toString()))
        .forEach(row -> reader.saw(job, row));
    return slowest;
  }

  private List<byte[]> slowestOrders(JobName name) {
    return scheduler
        .run(name)
        .map(JobRun::slowest)
        .or(() -> metadata.read(rows -> Slowest.find(rows, name)))
        .orElse(List.of());
  }

  /// Reads the datums of jobs; it remembers where those stand that it found.
  public DatumReader reader() {
    return reader;
  }

  private static byte[] order(String cursor) {
    try {
      return HexFormat.of().parseHex(cursor);
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid("The cursor", cursor, "one that a list answered").asException();
    }
  }

  /// The datum of a job by its id or the first 8 or more digits of it.
  public DatumView datum(JobName name, String id) {
    Job job = inspect(name);
    return reader.views(job, List.of(reader.find(job, id))).getFirst();
  }

  /// The same as it was planned.
  PlannedDatum planned(Job job, String id) {
    return reader.find(job, id).datum();
  }

  /// Ends the run of a datum that runs now and runs it again. `Fault.Conflict` if it does not run.
  public DatumView restart(JobName name, String id) {
    Job job = inspect(name);
    DatumReader.Row row = reader.find(job, id);
    boolean running = scheduler.run(name).filter(run -> run.restart(row.datum().key())).isPresent();
    if (!running) {
      throw new Fault.Conflict(
              "The datum `%s` does not run now, expected one that does."
                  .formatted(row.datum().id().toString().substring(0, 12)),
              Optional.of("`dassie rerun pipeline` runs again what failed."))
          .asException();
    }
    return reader.views(job, List.of(row)).getFirst();
  }

  private static List<DatumReader.Row> some(Iterator<DatumReader.Row> rows, int limit) {
    List<DatumReader.Row> some = new ArrayList<>();
    while (rows.hasNext() && some.size() < limit) {
      some.add(rows.next());
    }
    return some;
  }

  /// Lines that the code of datums wrote, also of datums that were skipped: then from the run that
  /// made the result. Of the newest job that has started where only a pipeline is given. Read as
  /// the iterator goes.
  public Iterator<LogLine> logs(LogLine.Query query) {
    Optional<JobName> name = query.job().or(() -> newestStarted(query));
    return name.isEmpty()
        ? java.util.Collections.emptyIterator()
        : new LogReader(versions, reader).lines(inspect(name.get()), query);
  }

  private Optional<JobName> newestStarted(LogLine.Query query) {
    return list(query.project(), Optional.of(query.pipeline()), Optional.empty(), "", SCAN)
        .items()
        .stream()
        .filter(job -> job.times().started().isPresent())
        .map(Job::name)
        .findFirst();
  }
}
