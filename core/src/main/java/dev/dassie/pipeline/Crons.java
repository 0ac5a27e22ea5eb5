package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Alarms;
import dev.dassie.version.Alarms.Alarm;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Ref;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.trigger.Schedule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes the ticks of cron inputs. A tick is one commit with an empty file named by its time, in
/// UTC, and with that one commit set. Which tick came last is written in the same transaction, so
/// that none comes twice. Ticks of a time when no server ran come when one does, the newest 1,000
/// at most; where a tick replaces the others, only the newest. Thread-safe.
public final class Crons {
  /// The kind of its alarms.
  public static final String ALARM = CronWork.ALARM;

  /// The head may move this often under a tick before it gives up.
  private static final int MAX_TRIES = 20;

  private static final System.Logger LOG = System.getLogger("dassie.cron");
  private static final Reply<List<Commit>> COMMITS =
      Reply.of(
          (out, all) -> out.list(all, (to, one) -> to.bytes(Reply.COMMIT.write(one))),
          in -> in.list(from -> Reply.COMMIT.read(from.bytes())));

  private final Versions versions;
  private final Pipelines pipelines;

  public Crons(Versions versions, Pipelines pipelines) {
    this.versions = versions;
    this.pipelines = pipelines;
  }

  /// A cron input that ticks.
  ///
  /// @param last the newest tick, or the time from which ticks count
  /// @param next when it ticks next; empty while the pipeline is stopped, or where it never does
  public record Clock(Input.Files input, Instant last, Optional<Instant> next) {
    private RepoName repo() {
      return input.branch().repo();
    }

    private Cron cron() {
      return input.starts().cron().orElseThrow();
    }
  }

  /// The clocks of a pipeline.
  public List<Clock> clocks(Pipeline pipeline) {
    return versions
        .metadata()
        .read(rows -> {
          List<Clock> clocks = new ArrayList<>();
          CronWork.clocks(pipeline.spec())
              .forEach((repo, input) ->
                  CronTable.find(rows, repo)
                      .ifPresent(row -> clocks.add(clock(pipeline, input, row.last()))));
          return clocks;
        });
  }

  private static Clock clock(Pipeline pipeline, Input.Files input, Instant last) {
    Cron cron = input.starts().cron().orElseThrow();
    boolean runs = pipeline.state() == Pipeline.State.RUNNING;
    return new Clock(input, last, cron.schedule().after(last).filter(next -> runs));
  }

  /// Makes one tick now of every cron input of a pipeline, together in one commit set. The clocks
  /// go on as if there had been none. One in a second that has a tick is named by the fraction too.
  /// Refused where the pipeline has no cron input.
  public List<Commit> run(Call call, String project, String name) {
    Optional<List<Commit>> before = versions.remembered(call, COMMITS);
    if (before.isPresent()) {
      return before.get();
    }
    Pipeline pipeline = pipelines.inspect(project, name);
    List<Input.Files> inputs = List.copyOf(CronWork.clocks(pipeline.spec()).values());
    if (inputs.isEmpty()) {
      throw new Fault.Conflict(
              "The pipeline `%s` has no cron input.".formatted(pipeline.spec().repo()),
              Optional.of("Write `input: {cron: {name: tick, spec: '@daily'}}` in its spec."))
          .asException();
    }
    return tick(call, inputs, versions.clock().instant(), true, change -> {});
  }

  /// Makes the ticks that a clock owes.
  public void ring(Alarm alarm) {
    RepoName repo = RepoName.parse("", alarm.name());
    Optional<Clock> found = find(repo);
    if (found.isEmpty()) {
      boolean _ = versions.change(Call.SYSTEM, change -> silenced(change, repo));
      return;
    }
    Clock clock = found.get();
    Cron cron = clock.cron();
    Schedule.Missed missed =
        cron.schedule()
            .missed(
                clock.last(),
                versions.clock().instant(),
                cron.overwrite() ? 1 : CronWork.MOST_MISSED);
    if (missed.more() && !cron.overwrite()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} owes more than {1} ticks since {2}; older ones are left out",
          repo,
          CronWork.MOST_MISSED,
          clock.last());
    }
    Instant last = clock.last();
    for (Instant tick : missed.ticks()) {
      Instant before = last;
      try {
        List<Commit> _ =
            tick(
                new Call(Call.SYSTEM.principal(), "tick of `%s`".formatted(cron.schedule())),
                List.of(clock.input()),
                tick,
                false,
                change -> follow(change, clock, before, tick));
      } catch (Changed _) {
        // Stopped, updated or deleted meanwhile: a new alarm says how it goes on.
        return;
      }
      last = tick;
    }
    if (missed.ticks().isEmpty()) {
      boolean _ = versions.change(Call.SYSTEM, change -> wound(change, clock));
    }
  }

  /// The input that ticks in a repo, if its pipeline runs.
  private Optional<Clock> find(RepoName repo) {
    return versions
        .metadata()
        .read(rows -> {
          Optional<CronTable.Clock> row = CronTable.find(rows, repo);
          Optional<Pipeline> pipeline =
              row.flatMap(clock -> PipelineTable.find(rows, clock.pipeline()))
                  .filter(one -> one.state() == Pipeline.State.RUNNING);
          return pipeline
              .map(one -> CronWork.clocks(one.spec()))
              .flatMap(clocks -> Optional.ofNullable(clocks.get(repo)))
              .map(input -> clock(pipeline.orElseThrow(), input, row.orElseThrow().last()));
        });
  }

  /// Takes the alarm from a repo that nothing ticks in.
  private static boolean silenced(Change change, RepoName repo) {
    Alarms.set(change.rows(), ALARM, repo.key(), Optional.empty());
    return true;
  }

  /// Sets an alarm that came too early to the next tick.
  private static boolean wound(Change change, Clock clock) {
    if (isAsBefore(change, clock, clock.last())) {
      Alarms.set(change.rows(), ALARM, clock.repo().key(), clock.next());
    }
    return true;
  }

  private static void follow(Change change, Clock clock, Instant last, Instant tick) {
    if (!isAsBefore(change, clock, last)) {
      throw new Changed();
    }
    CronTable.Clock row = CronTable.find(change.rows(), clock.repo()).orElseThrow();
    new CronWork(change).ticked(row.pipeline(), clock.repo(), clock.cron(), tick);
  }

  /// Whether the clock is still set as it was, with this last tick, and its pipeline runs.
  private static boolean isAsBefore(Change change, Clock clock, Instant last) {
    Optional<CronTable.Clock> row = CronTable.find(change.rows(), clock.repo());
    return row.filter(one -> one.last().equals(last)).isPresent()
        && row.flatMap(one -> PipelineTable.find(change.rows(), one.pipeline()))
            .filter(pipeline -> pipeline.state() == Pipeline.State.RUNNING)
            .map(pipeline -> CronWork.clocks(pipeline.spec()))
            .map(clocks -> clock.input().equals(clocks.get(clock.repo())))
            .orElse(false);
  }

  /// Makes one tick of several inputs, in one transaction with `work`.
  ///
  /// @param distinct whether its file must be a new one
  private List<Commit> tick(
      Call call, List<Input.Files> inputs, Instant at, boolean distinct, Consumer<Change> work) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      try (ChunkStore.Session session = versions.chunks().session()) {
        List<Made> made = new ArrayList<>();
        for (Input.Files input : inputs) {
          made.add(made(input, at, distinct, session));
        }
        session.publish();
        return versions.change(
            call,
            COMMITS,
            change -> {
              work.accept(change);
              return made.stream().map(one -> one.into(change)).toList();
            });
      } catch (Moved _) {
        // Another tick came first; this one is made on top of it.
      }
    }
    throw new Fault.Conflict(
            "The ticks of `%s` moved %d times while one was made."
                .formatted(inputs.getFirst().branch().repo(), MAX_TRIES),
            Optional.of("Repeat the command."))
        .asException();
  }

  /// The files of a tick, made on top of a head.
  private record Made(BranchName branch, Optional<CommitId> head, Fileset files) {
    Commit into(Change change) {
      if (!change.ref(branch).flatMap(Ref::head).equals(head)) {
        throw new Moved();
      }
      return change.putOwned(branch, files);
    }
  }

  private Made made(Input.Files input, Instant at, boolean distinct, ChunkStore.Session session) {
    BranchName branch = input.branch();
    Optional<CommitId> head = versions.findRef(branch).flatMap(Ref::head);
    Fileset newest =
        versions.newestFinished(branch).flatMap(Commit::finishedFiles).orElse(Filesets.EMPTY);
    boolean overwrite = input.starts().cron().filter(Cron::overwrite).isPresent();
    Filesets filesets = new Filesets(session);
    FilePath file = new FilePath(at.truncatedTo(ChronoUnit.SECONDS).toString());
    Instant name = at;
    while (distinct && filesets.find(newest, file).isPresent()) {
      file = new FilePath(name.toString());
      name = name.plusNanos(1);
    }
    try (Edits edits = new Edits(versions.spillFolder())) {
      edits.add(new Edit.Put(file, false, Body.Inline.EMPTY, Optional.empty()));
      Fileset base = overwrite ? Filesets.EMPTY : newest;
      return new Made(branch, head, filesets.apply(base, edits, session));
    }
  }

  private static final class Moved extends RuntimeException {
    Moved() {
      super("the branch moved", null, false, false);
    }
  }

  private static final class Changed extends RuntimeException {
    Changed() {
      super("the clock is not what it was", null, false, false);
    }
  }
}
