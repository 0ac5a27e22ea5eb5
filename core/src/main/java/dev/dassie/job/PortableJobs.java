package dev.dassie.job;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Change;
import java.util.function.Consumer;

/// Records of jobs that have ended, as they stand in archives (docs/format.md, "Archives"): their
/// place among all jobs is 0 there, they get the next one where they arrive.
public final class PortableJobs {
  private PortableJobs() {}

  /// Gives the records of all jobs that have ended, those of a project in the order they were made.
  public static void each(Metadata.Reader rows, Consumer<byte[]> sink) {
    JobTable.each(
        rows,
        job -> {
          if (job.state().ended()) {
            sink.accept(JobCodec.encode(job.at(0)));
          }
        });
  }

  /// Takes a record within a transaction, and says whether it was not here.
  public static boolean take(Change change, byte[] record) {
    Job job = decode(record);
    if (JobTable.find(change.rows(), job.name()).isPresent()) {
      return false;
    }
    JobRecord.write(change, job.at(JobTable.nextSequence(change.rows())), true);
    return true;
  }

  /// Names what the record keeps. One that is broken, or of a job that has not ended, is a fault.
  public static void reach(byte[] record, ResultHoldings.Visitor visitor) {
    ResultHoldings.job(decode(record), visitor);
  }

  private static Job decode(byte[] record) {
    Job job = JobCodec.decode("of an archive", record);
    if (!job.state().ended()) {
      throw new Fault.Corrupt(
              "The job `%s` of an archive".formatted(job.name()), "ended", job.state().word())
          .asException();
    }
    return job;
  }
}
