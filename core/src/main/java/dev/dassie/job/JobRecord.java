package dev.dassie.job;

import dev.dassie.metadata.Metadata;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.Event;
import dev.dassie.version.Sealed;
import dev.dassie.version.Versions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The transactions that change a job and its output commit together. Thread-safe.
final class JobRecord {
  private static final int SWEEP = 1_000;

  private JobRecord() {}

  /// The kind of the event that says a job is in a state now, e.g. `job.running`.
  static String kind(Job.State state) {
    return "job." + state.word();
  }

  /// Writes a job, new or changed, and tells the feed.
  static void write(Change change, Job job, boolean added) {
    if (added) {
      JobTable.add(change.rows(), job);
    } else {
      JobTable.put(change.rows(), job);
    }
    long _ = change.append(event(change, job));
  }

  private static Event event(Change change, Job job) {
    Map<String, String> details =
        Map.of(
            "pipeline", job.name().pipeline(), "state", job.state().word(), "reason", job.reason());
    return new Event(
        kind(job.state()),
        job.name().project(),
        Optional.of(job.output().repo().local()),
        Optional.of(job.output().branch()),
        Optional.of(job.name().id()),
        change.call().principal(),
        change.now(),
        details);
  }

  /// Takes a job that waits, or that an earlier server left running, under a new lease. Nothing if
  /// it has ended.
  static Optional<Long> begin(Versions versions, Job running) {
    return versions.change(
        Call.SYSTEM,
        change -> {
          Job now = JobTable.get(change.rows(), running.name());
          if (now.state().ended()) {
            return Optional.empty();
          }
          long lease = Leases.grant(change.rows(), running.name());
          write(change, running, false);
          return Optional.of(lease);
        });
  }

  /// Ends a job well: its output commit finishes in the same transaction. False if it has ended
  /// otherwise, or the lease is not good any more.
  static boolean succeed(Versions versions, Job job, long lease, Sealed output) {
    return versions.change(
        Call.SYSTEM,
        change -> {
          if (!mayEnd(change, job, lease)) {
            return false;
          }
          Commit _ = change.finish(output);
          write(change, finished(job, Job.State.SUCCESS, "", change.now()), false);
          Leases.end(change.rows(), job.name());
          return true;
        });
  }

  /// Finishes the output commit of a job that goes on with its egress, for this reason. False as in
  /// [#succeed].
  static boolean compute(Versions versions, Job job, long lease, Sealed output, String reason) {
    return versions.change(
        Call.SYSTEM,
        change -> {
          if (!mayEnd(change, job, lease)) {
            return false;
          }
          Commit _ = change.finish(output);
          write(change, job.with(Job.State.RUNNING, reason), false);
          return true;
        });
  }

  /// Says what a job does, while its lease is good.
  static void say(Versions versions, JobName name, long lease, String reason) {
    Boolean _ =
        versions.change(
            Call.SYSTEM,
            change -> {
              Job now = JobTable.get(change.rows(), name);
              boolean mine = Leases.current(change.rows(), name).equals(Optional.of(lease));
              if (mine && now.state() == Job.State.RUNNING) {
                write(change, now.with(Job.State.RUNNING, reason), false);
              }
              return mine;
            });
  }

  /// Ends a job after its egress.
  static void egressed(
      Versions versions, JobName name, long lease, Job.State state, String reason) {
    Boolean _ =
        versions.change(
            Call.SYSTEM,
            change -> {
              Job now = JobTable.get(change.rows(), name);
              boolean mine = Leases.current(change.rows(), name).equals(Optional.of(lease));
              if (mine && !now.state().ended()) {
                write(change, finished(now, state, reason, change.now()), false);
                Leases.end(change.rows(), name);
              }
              return mine;
            });
  }

  /// Ends a job otherwise: its output commit fails with the same reason. `last` is false where its
  /// datums still run and are recorded. False if it has ended before.
  static boolean end(
      Versions versions, Call call, Job job, Job.State state, String reason, boolean last) {
    return versions.change(
        call,
        change -> {
          Job now = JobTable.get(change.rows(), job.name());
          if (now.state().ended()) {
            return false;
          }
          failOutput(change, job, reason);
          write(change, finished(job, state, reason, change.now()), false);
          if (last) {
            Leases.end(change.rows(), job.name());
          }
          return true;
        });
  }

  /// Stops a job that has not ended; its lease stays good for what is on its way to be recorded.
  static boolean stop(Change change, JobName name, String reason) {
    Job now = JobTable.get(change.rows(), name);
    if (now.state().ended()) {
      return false;
    }
    failOutput(change, now, reason);
    write(change, finished(now, Job.State.STOPPED, reason, change.now()), false);
    return true;
  }

  /// Fails the output commit of a job if it is still open.
  static void failOutput(Change change, Job job, String reason) {
    if (change.commit(job.name().output()).filter(Commit::isOpen).isPresent()) {
      Commit _ = change.fail(job.name().output(), reason);
    }
  }

  /// Adds what is known only at the end to a job that has ended already, and gives the lease back.
  /// False where the lease is not good any more.
  static boolean complete(Versions versions, JobName name, long lease, UnaryOperator<Job> more) {
    return versions
        .metadata()
        .write(rows -> {
          boolean mine = Leases.current(rows, name).equals(Optional.of(lease));
          if (mine) {
            JobTable.put(rows, more.apply(JobTable.get(rows, name)));
            Leases.end(rows, name);
          }
          return mine;
        });
  }

  /// Keeps which datums of a job took longest.
  static void slowest(Metadata metadata, JobName name, List<byte[]> orders) {
    boolean _ =
        metadata.write(rows -> {
          Slowest.put(rows, name, orders);
          return true;
        });
  }

  /// Deletes the short-lived rows of a job that has ended.
  static void sweep(Metadata metadata, JobName name) {
    int found;
    do {
      found =
          metadata.write(rows -> {
            var some = FailedRows.scan(rows, name, SWEEP);
            FailedRows.delete(rows, some);
            return some.size();
          });
    } while (found == SWEEP);
  }

  private static boolean mayEnd(Change change, Job job, long lease) {
    return !JobTable.get(change.rows(), job.name()).state().ended()
        && Leases.current(change.rows(), job.name()).equals(Optional.of(lease))
        && change.commit(job.name().output()).filter(Commit::isOpen).isPresent();
  }

  private static Job finished(Job job, Job.State state, String reason, Instant at) {
    Job.Times times = new Job.Times(job.times().created(), job.times().started(), Optional.of(at));
    return job.with(state, reason).with(times);
  }
}
