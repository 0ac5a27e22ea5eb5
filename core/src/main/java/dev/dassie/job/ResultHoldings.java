package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.util.function.Consumer;

/// What results of computations and records of jobs keep: files, logs, contexts and maps. Reads
/// page by page. Thread-safe.
public final class ResultHoldings {
  private static final int PAGE = 500;

  private final Metadata metadata;

  public ResultHoldings(Metadata metadata) {
    this.metadata = metadata;
  }

  /// Receives what is kept.
  public interface Visitor {
    void files(Fileset files);

    /// The log of a try.
    void log(Body log);

    /// A context, a chunk that names no other.
    void context(Digest chunk);

    /// A map; `values` is to be given each of its values, and calls the other methods.
    void map(PersistentMap.Root root, Consumer<byte[]> values);
  }

  /// All results that are kept for reuse. Rows come before the map that they are folded into.
  public void results(Visitor visitor) {
    each("result", row -> result(row.value(), visitor));
    visitor.map(metadata.read(Results::root), value -> result(value, visitor));
  }

  /// All jobs with their datums, owners and endings.
  public void jobs(Visitor visitor) {
    each("job_ending", row -> result(row.value(), visitor));
    each("job", row -> job(JobCodec.decode(row.name(), row.value()), visitor));
  }

  static void job(Job job, Visitor visitor) {
    job.context().ifPresent(visitor::context);
    visitor.map(job.roots().datums(), value -> {});
    visitor.map(job.roots().owners(), value -> {});
    visitor.map(job.roots().index(), value -> {});
    visitor.map(job.roots().endings(), value -> result(value, visitor));
  }

  static void result(byte[] value, Visitor visitor) {
    Result result = Result.decode(value);
    visitor.context(result.context());
    result.output().ifPresent(visitor::files);
    result.ending().tries().forEach(one -> visitor.log(one.log()));
  }

  private void each(String table, Consumer<Row> action) {
    String after = "";
    while (true) {
      String from = after;
      var batch = metadata.read(rows -> rows.scan(table, "", from, PAGE));
      batch.forEach(action);
      if (batch.size() < PAGE) {
        return;
      }
      after = batch.getLast().name();
    }
  }
}
