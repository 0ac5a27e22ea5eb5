package dev.dassie.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Job records and their indexes as rows. Callers bring the transaction.
final class JobTable {
  static final String JOB = "job";
  static final String BY_PROJECT = "job_by_project";
  private static final String BY_PIPELINE = "job_by_pipeline";
  private static final String LIVE = "job_live";
  private static final int BATCH = 500;
  private static final Metadata.Key LAST = new Metadata.Key("job_last", "sequence");

  private JobTable() {}

  static Optional<Job> find(Metadata.Reader rows, JobName name) {
    return rows.get(new Metadata.Key(JOB, name.key()))
        .map(bytes -> JobCodec.decode(name.key(), bytes));
  }

  static Job get(Metadata.Reader rows, JobName name) {
    return find(rows, name)
        .orElseThrow(() ->
            new Fault.NotFound(
                    "job",
                    name.toString(),
                    Optional.of("`dassie list job` shows the jobs that there are."))
                .asException());
  }

  /// The sequence number of the next job to be added.
  static long nextSequence(Metadata.Reader rows) {
    return rows.get(LAST).map(bytes -> Long.parseLong(new String(bytes, UTF_8), 16)).orElse(0L) + 1;
  }

  /// Adds a job under the next sequence number, which it MUST carry.
  static void add(Metadata.Writer rows, Job job) {
    rows.put(LAST, ordered(job.sequence()).getBytes(UTF_8));
    index(job).forEach(key -> rows.put(key, indexed(job.name())));
    put(rows, job);
  }

  /// The rows of indexes that a job has for good.
  static List<Metadata.Key> index(Job job) {
    String at = ordered(job.sequence());
    String project = job.name().project();
    return List.of(
        new Metadata.Key(BY_PROJECT, project + "/" + at),
        new Metadata.Key(BY_PIPELINE, project + "/" + job.name().pipeline() + "/" + at));
  }

  /// What such a row holds.
  static byte[] indexed(JobName name) {
    return name.key().getBytes(UTF_8);
  }

  /// The row that a job has while it waits or runs.
  static Metadata.Key live(Job job) {
    return new Metadata.Key(LIVE, ordered(job.sequence()));
  }

  /// Writes a job that is there already.
  static void put(Metadata.Writer rows, Job job) {
    rows.put(new Metadata.Key(JOB, job.name().key()), JobCodec.encode(job));
    if (job.state().ended()) {
      rows.delete(live(job));
    } else {
      rows.put(live(job), indexed(job.name()));
    }
  }

  /// Jobs that wait or run, oldest first, after a sequence number.
  static List<Job> live(Metadata.Reader rows, long after, int limit) {
    return read(rows, rows.scan(LIVE, "", after == 0 ? "" : ordered(after), limit));
  }

  /// Jobs of a project, or of one of its pipelines, newest first, before a sequence number (0: from
  /// the newest).
  static List<Job> newest(
      Metadata.Reader rows, String project, Optional<String> pipeline, long before, int limit) {
    String table = pipeline.isPresent() ? BY_PIPELINE : BY_PROJECT;
    String prefix = project + "/" + pipeline.map(name -> name + "/").orElse("");
    String from = before == 0 ? "" : prefix + ordered(before);
    return read(rows, rows.scanBackwards(table, prefix, from, limit));
  }

  /// All jobs, those of a project in the order they were made.
  static void each(Metadata.Reader rows, Consumer<Job> action) {
    String after = "";
    List<Metadata.Row> batch;
    do {
      batch = rows.scan(BY_PROJECT, "", after, BATCH);
      read(rows, batch).forEach(action);
      after = batch.isEmpty() ? after : batch.getLast().name();
    } while (batch.size() == BATCH);
  }

  private static List<Job> read(Metadata.Reader rows, List<Metadata.Row> index) {
    List<Job> jobs = new ArrayList<>(index.size());
    for (Metadata.Row row : index) {
      find(rows, JobName.parse(new String(row.value(), UTF_8))).ifPresent(jobs::add);
    }
    return jobs;
  }

  private static String ordered(long sequence) {
    return "%016x".formatted(sequence);
  }
}
