package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.job.standing.ProcessLine;
import dev.dassie.job.standing.Standing;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// What processes that stay wrote. Thread-safe.
final class ProcessLogs {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final int BEAT = 40;

  private final Pipelines pipelines;
  private final Standing standing;
  private final Waits waits;

  ProcessLogs(Pipelines pipelines, Standing standing, Waits waits) {
    this.pipelines = pipelines;
    this.standing = standing;
    this.waits = waits;
  }

  /// Whether the code of the pipeline is a process that stays.
  boolean has(RepoName output) {
    return pipelines
        .find(output.project(), output.name())
        .filter(pipeline -> pipeline.spec().running().stays())
        .isPresent();
  }

  /// Which lines: of processes that began at a time or later, and of those the last `tail`.
  record Query(RepoName output, Optional<Instant> since, Optional<Integer> tail) {}

  /// Sends what there is, and with `follow` what comes, until the client or the pipeline goes.
  void send(Query query, boolean follow, Lines to) throws IOException, InterruptedException {
    long position = -1;
    Deque<ProcessLine> last = new ArrayDeque<>();
    List<ProcessLine> some = standing.lines(query.output(), position);
    while (!some.isEmpty()) {
      position = some.getLast().position();
      for (ProcessLine line : some) {
        if (isOf(line, query)) {
          last.add(line);
        }
        if (last.size() > query.tail().orElse(Integer.MAX_VALUE)) {
          last.remove();
        }
      }
      if (query.tail().isEmpty()) {
        send(last, query, to);
      }
      some = standing.lines(query.output(), position);
    }
    send(last, query, to);
    if (follow) {
      follow(query, position, to);
    }
  }

  private void follow(Query query, long from, Lines to) throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long position = from;
    for (long looks = 0; has(query.output()); looks++) {
      List<ProcessLine> some = standing.lines(query.output(), position);
      if (some.isEmpty()) {
        if (looks % BEAT == 0) {
          to.beat();
        }
        boolean _ = waits.during(() -> never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        continue;
      }
      position = some.getLast().position();
      for (ProcessLine line : some) {
        if (isOf(line, query)) {
          to.send(json(line, query));
        }
      }
      to.flush();
    }
  }

  private static boolean isOf(ProcessLine line, Query query) {
    return query.since().isEmpty() || !line.at().isBefore(query.since().get());
  }

  private static void send(Deque<ProcessLine> lines, Query query, Lines to) throws IOException {
    for (ProcessLine line : lines) {
      to.send(json(line, query));
    }
    lines.clear();
  }

  private static ObjectNode json(ProcessLine line, Query query) {
    ObjectNode json =
        Json.object()
            .putNull("job")
            .put("pipeline", query.output().name())
            .putNull("datum")
            .putNull("try")
            .put("started", line.started().toString())
            .put("line", line.line());
    json.putArray("inputs");
    return json;
  }
}
