package dev.dassie.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.Consistency.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Checks the records of jobs against their indexes. Reads page by page. Thread-safe.
public final class JobConsistency {
  private static final int PAGE = 500;

  private final Metadata metadata;

  public JobConsistency(Metadata metadata) {
    this.metadata = metadata;
  }

  /// Tells every record that is missing.
  public void check(Consumer<Gap> found) {
    each(
        JobTable.JOB,
        row -> {
          JobName name = JobName.parse(row.name());
          for (Metadata.Key key : metadata.read(rows -> missing(rows, name))) {
            found.accept(gap(name, "is missing from the index `%s`.".formatted(key.table())));
          }
        });
    each(
        JobTable.BY_PROJECT,
        row -> {
          JobName name = JobName.parse(new String(row.value(), UTF_8));
          if (metadata.read(rows -> JobTable.find(rows, name)).isEmpty()) {
            found.accept(gap(name, "is in the list of jobs and has no record."));
          }
        });
  }

  private static Gap gap(JobName name, String message) {
    return new Gap(
        name.output().repo().key(), name.id().value(), "The job `%s` ".formatted(name) + message);
  }

  /// Writes the rows of indexes that are missing, and returns how many.
  public long repair() {
    long[] repaired = {0};
    each(
        JobTable.JOB,
        row -> {
          JobName name = JobName.parse(row.name());
          if (!metadata.read(rows -> missing(rows, name)).isEmpty()) {
            repaired[0] +=
                metadata.write(rows -> {
                  List<Metadata.Key> keys = missing(rows, name);
                  keys.forEach(key -> rows.put(key, JobTable.indexed(name)));
                  return keys.size();
                });
          }
        });
    return repaired[0];
  }

  /// The rows that a job should have and has not.
  private static List<Metadata.Key> missing(Metadata.Reader rows, JobName name) {
    Optional<Job> job = JobTable.find(rows, name);
    List<Metadata.Key> keys = new ArrayList<>();
    job.ifPresent(one -> keys.addAll(JobTable.index(one)));
    job.filter(one -> !one.state().ended()).ifPresent(one -> keys.add(JobTable.live(one)));
    keys.removeIf(key -> rows.get(key).isPresent());
    return keys;
  }

  private void each(String table, Consumer<Row> action) {
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch = metadata.read(rows -> rows.scan(table, "", from, PAGE));
      batch.forEach(action);
      if (batch.size() < PAGE) {
        return;
      }
      after = batch.getLast().name();
    }
  }
}
