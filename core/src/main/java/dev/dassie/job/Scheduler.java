package dev.dassie.job;

import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Event;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Makes jobs of what happens in the feed, and runs them: a job as soon as everything that its
/// output commit is made from is finished and no older job of its pipeline is left. A new one on
/// the same rows goes on where an earlier one ended, however it ended. Thread-safe.
public final class Scheduler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int EVENTS = 1_000;
  private static final int LIVE = 1_000;
  private static final int ATTEMPTS = 5;
  private static final long CURSOR_EVERY = 1_000;
  private static final long AHEAD = Long.MAX_VALUE;
  private static final Duration CLOSING = Duration.ofSeconds(8);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Engine engine;
  private final JobMaker maker;
  private final Board board = new Board();
  private final List<Thread> threads = new ArrayList<>();
  private final Thread follower;
  private boolean closing;
  private boolean waiting;

  /// Jobs that could not be looked at for trouble that passes.
  private final Set<JobName> again = new LinkedHashSet<>();

  /// Up to where in the feed the jobs are made; [#AHEAD] while nothing follows it.
  private long handled = AHEAD;

  /// @param recipes finds the specs of pipelines
  /// @param outlet brings outputs to places outside
  public Scheduler(
      Versions versions, Recipes recipes, Results results, Executor executor, Outlet outlet) {
    this.engine =
        new Engine(
            versions.metadata(),
            versions.chunks(),
            versions,
            recipes,
            results,
            new KeyLocks(),
            new Recorder(versions.metadata(), results),
            executor,
            outlet,
            Turns.of(executor),
            versions.spillFolder(),
            versions.clock());
    this.maker = new JobMaker(engine.versions(), engine.recipes());
    this.follower = Thread.ofVirtual().name("job-scheduler").unstarted(this::follow);
  }

  /// Takes up the jobs that are left and follows the feed from then on.
  public void start() {
    handled(0);
    follower.start();
  }

  /// The run of a job that runs here.
  synchronized Optional<JobRun> run(JobName name) {
    return board.run(name);
  }

  Engine engine() {
    return engine;
  }

  private void follow() {
    try {
      Position position = patiently(this::begun).orElse(null);
      while (position != null) {
        handled(position.cursor());
        Position from = position;
        List<Event.Positioned> events =
            patiently(() -> engine.versions().events(from.cursor(), EVENTS)).orElse(List.of());
        if (!events.isEmpty()) {
          position = patiently(() -> handledFrom(from, events)).orElse(null);
        } else if (await(position.cursor())) {
          lookAgain();
        } else {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The scheduler ended", e);
    } finally {
      handled(AHEAD);
    }
  }

  /// @param cursor up to where in the feed the jobs are made
  /// @param kept the cursor that is written down
  private record Position(long cursor, long kept) {}

  private Position begun() {
    takeUp();
    long cursor = maker.cursor();
    return new Position(cursor, cursor);
  }

  private Position handledFrom(Position from, List<Event.Positioned> events) {
    long last = events.getLast().position();
    long kept = handle(events, last) ? last : from.kept();
    if (last - kept > CURSOR_EVERY) {
      maker.cursor(last);
      kept = last;
    }
    return new Position(last, kept);
  }

  private synchronized void handled(long position) {
    handled = position;
    notifyAll();
  }

  /// Waits until what happened up to a position of the feed has become jobs, so that whoever made a
  /// commit finds its job; at most so long, and not where nothing follows the feed.
  void awaitHandled(long position, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (this) {
      try {
        long left = atMost.toMillis();
        while (handled < position && left > 0) {
          wait(left);
          left = (deadline - System.nanoTime()) / 1_000_000;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Tries until the database answers or the scheduler closes. A bug is tried a few times.
  private <T> Optional<T> patiently(Supplier<T> work) throws InterruptedException {
    Trouble trouble = new Trouble();
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(work.get());
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "The scheduler could not handle events", e);
        if (!Trouble.passes(e) && attempt == ATTEMPTS) {
          throw e;
        }
      }
      if (!pause(trouble.pause())) {
        return Optional.empty();
      }
    }
  }

  /// Waits for so long; false as soon as the scheduler closes.
  private synchronized boolean pause(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    long left = time.toMillis();
    while (!closing && left > 0) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return !closing;
  }

  /// Waits for the next event; false when the scheduler closes. Only here it may be interrupted: an
  /// interrupt elsewhere could close files that others read.
  private boolean await(long cursor) throws InterruptedException {
    Duration atMost;
    synchronized (this) {
      if (closing) {
        return false;
      }
      waiting = true;
      atMost = again.isEmpty() ? Duration.ofMinutes(1) : SOON;
    }
    try {
      long _ = engine.metadata().awaitAfter(cursor, atMost);
      return true;
    } finally {
      synchronized (this) {
        waiting = false;
      }
    }
  }

  private synchronized void takeUp() {
    long after = 0;
    List<Job> jobs;
    do {
      long from = after;
      jobs = engine.metadata().read(rows -> JobTable.live(rows, from, LIVE));
      jobs.forEach(board::add);
      after = jobs.isEmpty() ? after : jobs.getLast().sequence();
      jobs.forEach(this::evaluate);
    } while (jobs.size() == LIVE);
  }

  /// Returns whether the place in the feed was written down.
  private synchronized boolean handle(List<Event.Positioned> events, long last) {
    List<CommitName> started = new ArrayList<>();
    for (Event.Positioned one : events) {
      Event event = one.event();
      switch (event.kind()) {
        case Event.COMMIT_STARTED -> event.commitName().ifPresent(started::add);
        case Event.COMMIT_FINISHED -> event.commitName().ifPresent(this::settled);
        case Event.COMMIT_FAILED ->
            event
                .commitName()
                .ifPresent(name -> {
                  settled(name);
                  outputEnded(name);
                });
        case Event.BRANCH_CHANGED, Event.BRANCH_DELETED, Event.REPO_DELETED ->
            event.repoName().ifPresent(this::released);
        default -> {
          if (event.kind().equals(JobRecord.kind(Job.State.STOPPED))) {
            event.commitName().ifPresent(this::outputEnded);
          }
        }
      }
    }
    if (started.isEmpty() || closing) {
      return false;
    }
    JobMaker.Made made = maker.make(started, board, last);
    made.stopped().forEach(this::drop);
    made.jobs().forEach(board::add);
    made.jobs().forEach(this::evaluate);
    return !made.jobs().isEmpty();
  }

  /// A commit is not open any more.
  private void settled(CommitName commit) {
    board.unblock(commit).forEach(name -> board.find(name).ifPresent(this::evaluate));
  }

  /// The output commit of a job was ended by somebody else, or the job was stopped.
  private void outputEnded(CommitName commit) {
    if (commit.repo().type() == RepoName.Type.USER) {
      JobName name = new JobName(commit.repo().project(), commit.repo().name(), commit.id());
      board.find(name).ifPresent(job -> stopIfUnowned(job, "Its output commit was ended."));
    }
  }

  /// A branch or repo changed: a job whose pipeline does not own its branch any more is stopped.
  private void released(RepoName repo) {
    for (Job job : board.ofPipeline(repo.project(), repo.name())) {
      boolean owned =
          engine
              .versions()
              .findRef(job.output())
              .filter(ref -> ref instanceof Ref.Branch branch && branch.isOutput())
              .isPresent();
      if (!owned) {
        stopIfUnowned(job, "The pipeline `%s` was deleted.".formatted(job.name().pipeline()));
      }
    }
  }

  private void stopIfUnowned(Job job, String reason) {
    boolean ended =
        engine
            .versions()
            .change(
                Call.SYSTEM,
                change -> {
                  boolean _ = JobRecord.stop(change, job.name(), reason);
                  return JobTable.get(change.rows(), job.name()).state() == Job.State.STOPPED;
                });
    if (ended) {
      drop(job.name());
    }
  }

  /// A job whose record says that it has ended.
  private void drop(JobName name) {
    Optional<JobRun> run = board.run(name);
    if (run.isPresent()) {
      run.get().halt(new Progress.Halt.Overtaken());
    } else {
      board.remove(name).ifPresent(this::evaluate);
    }
  }

  /// A job that cannot be looked at now is looked at again soon where the trouble passes, else
  /// taken up by the next start of the server at the latest.
  private void evaluate(Job job) {
    try {
      look(job);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "Job " + job.name() + " does not go on", e);
      if (Trouble.passes(e)) {
        again.add(job.name());
      }
    }
  }

  private synchronized void lookAgain() {
    List<JobName> names = List.copyOf(again);
    again.clear();
    names.forEach(name -> board.find(name).ifPresent(this::evaluate));
  }

  private void look(Job job) {
    if (closing || board.run(job.name()).isPresent()) {
      return;
    }
    List<Commit> sources = new ArrayList<>();
    Optional<String> broken = Optional.empty();
    Optional<Commit> output = engine.versions().find(job.name().output());
    if (job.state() == Job.State.RUNNING
        && output.filter(one -> EgressRun.isLeft(engine, one)).isPresent()) {
      launch(job);
      return;
    }
    if (output.filter(Commit::isOpen).isEmpty()) {
      stopIfUnowned(job, "Its output commit was ended.");
      return;
    }
    for (Commit.Source source : output.get().provenance()) {
      Optional<Commit> commit = engine.versions().find(source.commit());
      if (commit.isEmpty()) {
        broken = Optional.of("The input `%s` was deleted.".formatted(source.commit()));
      } else if (commit.get().state() instanceof Commit.Failed) {
        broken = Optional.of("The input `%s` failed.".formatted(source.commit()));
      }
      commit.ifPresent(sources::add);
    }
    List<CommitName> open = Board.open(sources);
    if (broken.isPresent()) {
      boolean _ =
          JobRecord.end(
              engine.versions(), Call.SYSTEM, job, Job.State.UNRUNNABLE, broken.get(), true);
      board.remove(job.name()).ifPresent(this::evaluate);
    } else if (!open.isEmpty()) {
      board.block(job.name(), open);
    } else if (board.isFirst(job)) {
      launch(job);
    }
  }

  private void launch(Job job) {
    JobRun run = new JobRun(engine, job);
    board.running(run);
    threads.removeIf(thread -> !thread.isAlive());
    Runnable work =
        () -> {
          run.work();
          ended(run.name());
        };
    threads.add(Thread.ofVirtual().name("job-" + job.name()).start(work));
  }

  private synchronized void ended(JobName name) {
    Optional<Job> next = board.remove(name);
    engine.results().foldInBackground(board.runs().isEmpty());
    next.ifPresent(this::evaluate);
  }

  /// Stops what runs, within seconds; jobs go on when a new scheduler takes them up.
  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      closing = true;
      notifyAll();
      board.runs().forEach(run -> run.halt(new Progress.Halt.Closing()));
      ending = List.copyOf(threads);
      if (waiting) {
        follower.interrupt();
      }
    }
    long deadline = System.nanoTime() + CLOSING.toNanos();
    try {
      for (Thread thread : ending) {
        boolean _ = thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
      boolean _ = follower.getState() == Thread.State.NEW || follower.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.recorder().close();
  }
}
