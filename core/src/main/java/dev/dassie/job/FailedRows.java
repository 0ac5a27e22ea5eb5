package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.metadata.Metadata;
import java.util.List;
import java.util.Optional;

/// Endings of datums of a running job that failed or recovered, as short-lived rows, so that a
/// restart runs none of them again. When the job ends they move into its endings map.
final class FailedRows {
  private static final String TABLE = "job_ending";

  private FailedRows() {}

  static void put(Metadata.Writer rows, JobName job, Digest key, Result result) {
    rows.put(new Metadata.Key(TABLE, job.key() + "/" + key), result.encode());
  }

  static Optional<Result> find(Metadata.Reader rows, JobName job, Digest key) {
    return rows.get(new Metadata.Key(TABLE, job.key() + "/" + key)).map(Result::decode);
  }

  static void delete(Metadata.Writer rows, JobName job, Digest key) {
    rows.delete(new Metadata.Key(TABLE, job.key() + "/" + key));
  }

  /// Names of rows of the job, to delete what is left.
  static List<Metadata.Row> scan(Metadata.Reader rows, JobName job, int limit) {
    return rows.scan(TABLE, job.key() + "/", "", limit);
  }

  static void delete(Metadata.Writer rows, List<Metadata.Row> found) {
    found.forEach(row -> rows.delete(new Metadata.Key(TABLE, row.name())));
  }
}
