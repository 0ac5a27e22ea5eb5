package dev.dassie.server.http;

import dev.dassie.fault.DassieException;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.LogLine;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Sends log lines as datums end: looks again and again, the more seldom the longer a look takes,
/// and passes over what it has sent. For one request.
final class LogFollower {
  private static final Duration LEAST = Duration.ofMillis(500);
  private static final Duration MOST = Duration.ofSeconds(15);

  /// A look may take at most one part in so many of the time.
  private static final int SHARE = 10;

  private final Versions versions;
  private final Jobs jobs;
  private final Waits waits;
  private final Lines lines;

  /// Tries that were sent, as hashes of datum and number.
  private final Set<Long> sent = new HashSet<>();

  LogFollower(Versions versions, Jobs jobs, Waits waits, Lines lines) {
    this.versions = versions;
    this.jobs = jobs;
    this.waits = waits;
    this.lines = lines;
  }

  /// Follows jobs until they have ended; without a job the pipeline, from its newest job on, until
  /// the client goes.
  void follow(List<LogLine.Query> queries) throws IOException, InterruptedException {
    lines.beat();
    try {
      for (LogLine.Query query : queries) {
        if (query.job().isPresent()) {
          job(query, query.job().get());
        } else {
          pipeline(query);
        }
      }
    } catch (DassieException e) {
      lines.fail(e);
    }
  }

  private void pipeline(LogLine.Query query) throws IOException, InterruptedException {
    long last = 0;
    boolean first = true;
    while (true) {
      Optional<Job> next = after(query, last, first);
      if (next.isPresent()) {
        job(first ? query : untailed(query), next.get().name());
        last = next.get().sequence();
        first = false;
      } else {
        pause(MOST, versions.position());
      }
    }
  }

  /// The newest job that has started where there is none before, else the oldest behind one.
  private Optional<Job> after(LogLine.Query query, long sequence, boolean newest) {
    List<Job> started =
        jobs
            .list(query.project(), Optional.of(query.pipeline()), Optional.empty(), "", 100)
            .items()
            .stream()
            .filter(job -> job.times().started().isPresent() && job.sequence() > sequence)
            .toList();
    if (started.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(newest ? started.getFirst() : started.getLast());
  }

  private static LogLine.Query untailed(LogLine.Query query) {
    return new LogLine.Query(
        query.project(),
        query.pipeline(),
        query.job(),
        query.datum(),
        query.since(),
        Optional.empty());
  }

  private void job(LogLine.Query query, JobName name) throws IOException, InterruptedException {
    sent.clear();
    LogLine.Query look = of(query, name);
    while (true) {
      long position = versions.position();
      boolean ended = jobs.inspect(name).state().ended();
      long start = System.nanoTime();
      look(look);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (ended) {
        return;
      }
      look = untailed(look);
      Duration pause = took.multipliedBy(SHARE);
      pause(
          pause.compareTo(LEAST) < 0 ? LEAST : pause.compareTo(MOST) > 0 ? MOST : pause, position);
    }
  }

  private static LogLine.Query of(LogLine.Query query, JobName name) {
    return new LogLine.Query(
        query.project(),
        name.pipeline(),
        Optional.of(name),
        query.datum(),
        query.since(),
        query.tail());
  }

  private void look(LogLine.Query query) throws IOException {
    Set<Long> now = new HashSet<>();
    Iterator<LogLine> found = jobs.logs(query);
    while (found.hasNext()) {
      LogLine line = found.next();
      long hash =
          ((long) line.datum().hashCode() << 32) ^ Objects.hash(line.number(), line.started());
      if (!sent.contains(hash)) {
        lines.send(JobJson.line(line));
        now.add(hash);
      }
    }
    sent.addAll(now);
    lines.flush();
  }

  /// Waits for something to happen, at most so long.
  private void pause(Duration atMost, long position) throws IOException, InterruptedException {
    lines.beat();
    long _ = waits.during(() -> versions.metadata().awaitAfter(position, atMost));
  }
}
