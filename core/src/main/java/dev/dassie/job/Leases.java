package dev.dassie.job;

import dev.dassie.metadata.Metadata;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Who may write results for a job: whoever holds its newest lease. Numbers only grow, over all
/// jobs and restarts, so work under an older one is told apart and refused (fencing). Rows of table
/// `lease`; callers bring the transaction.
final class Leases {
  private static final String TABLE = "lease";
  private static final Metadata.Key LAST = new Metadata.Key("lease_last", "number");

  private Leases() {}

  /// Grants a new lease of the job; all earlier ones of it end.
  static long grant(Metadata.Writer rows, JobName job) {
    long number = rows.get(LAST).map(Leases::number).orElse(0L) + 1;
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    rows.put(LAST, bytes);
    rows.put(new Metadata.Key(TABLE, job.key()), bytes);
    return number;
  }

  /// The lease that is good for the job now.
  static Optional<Long> current(Metadata.Reader rows, JobName job) {
    return rows.get(new Metadata.Key(TABLE, job.key())).map(Leases::number);
  }

  static void end(Metadata.Writer rows, JobName job) {
    rows.delete(new Metadata.Key(TABLE, job.key()));
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
