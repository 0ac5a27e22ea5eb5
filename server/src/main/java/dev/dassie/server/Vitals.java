package dev.dassie.server;

import dev.dassie.Dassie;
import dev.dassie.api.Json;
import dev.dassie.content.ObjectStore;
import dev.dassie.job.Executor;
import dev.dassie.job.Job;
import dev.dassie.server.http.Metrics;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What `/api/v1/status` and the gauges of `/metrics` say. Counting repos and packs costs as much
/// as there are; nothing asks for it in a loop. Thread-safe.
final class Vitals {
  private static final int PAGE = 1000;
  private static final int LIVE = 10_000;
  private static final Duration RECENT = Duration.ofSeconds(30);

  private final Home home;
  private final Dassie dassie;
  private final Executor executor;
  private final Stores stores;
  private final Instant started = Instant.now();
  private Optional<Taken> taken = Optional.empty();

  Vitals(Home home, Dassie dassie, Executor executor, Stores stores) {
    this.home = home;
    this.dassie = dassie;
    this.executor = executor;
    this.stores = stores;
  }

  void bindTo(Metrics metrics) {
    metrics.gauge(
        "dassie.jobs.running",
        "Jobs that run",
        this,
        vitals -> vitals.live(Job.State.RUNNING).size());
    metrics.gauge(
        "dassie.jobs.waiting",
        "Jobs that wait",
        this,
        vitals -> vitals.live(Job.State.WAITING).size());
    metrics.gauge(
        "dassie.datums.pending",
        "Datums of running jobs that have not ended",
        this,
        vitals ->
            vitals.live(Job.State.RUNNING).stream()
                .map(Job::datums)
                .mapToLong(counts -> counts.total() - counts.ended())
                .sum());
    metrics.gauge(
        "dassie.feed.position",
        "Changes of state so far",
        this,
        vitals -> vitals.dassie.versions().position());
  }

  /// The status as it was at most half a minute ago, for pages that are asked for again and again.
  synchronized ObjectNode recent() {
    Instant now = Instant.now();
    if (taken.isEmpty() || Duration.between(taken.get().at(), now).compareTo(RECENT) > 0) {
      taken = Optional.of(new Taken(status(), now));
    }
    return taken.get().status().put("uptime_s", Duration.between(started, now).toSeconds());
  }

  private record Taken(ObjectNode status, Instant at) {}

  private List<Job> live(Job.State state) {
    return dassie.jobs().live(LIVE).stream().filter(job -> job.state() == state).toList();
  }

  ObjectNode status() {
    ObjectNode status =
        Json.object()
            .put("version", Build.CURRENT.version())
            .put("home", home.folder().toString())
            .put("pid", ProcessHandle.current().pid())
            .put("uptime_s", Duration.between(started, Instant.now()).toSeconds());
    status
        .putObject("executor")
        .put("name", executor.name())
        .put("sandbox", executor.sandbox())
        .put("note", executor.note());
    status
        .putObject("counts")
        .put("repos", count(this::repos))
        .put("pipelines", count(cursor -> dassie.pipelines().list(Optional.empty(), cursor, PAGE)))
        .put("jobs_running", live(Job.State.RUNNING).size());
    storage(status.putObject("storage"));
    return status;
  }

  private Page<?> repos(String cursor) {
    return dassie.versions().repos(Optional.empty(), Optional.of(RepoName.Type.USER), cursor, PAGE);
  }

  private static long count(Function<String, Page<?>> pages) {
    long count = 0;
    Optional<String> next = Optional.of("");
    while (next.isPresent()) {
      Page<?> page = pages.apply(next.get());
      count += page.items().size();
      next = page.next();
    }
    return count;
  }

  private void storage(ObjectNode storage) {
    ObjectStore.Usage usage = stores.objects().usage("packs/");
    storage
        .put("packs", usage.objects())
        .put("bytes", usage.bytes())
        .put("store", stores.store())
        .put("database", stores.database());
  }
}
