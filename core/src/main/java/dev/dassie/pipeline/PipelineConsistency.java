package dev.dassie.pipeline;

import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.Consistency.Gap;
import dev.dassie.version.Ref;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Checks the records of pipelines against one another and against the branches that they write.
/// Reads page by page. Thread-safe.
public final class PipelineConsistency {
  private final Versions versions;

  public PipelineConsistency(Versions versions) {
    this.versions = versions;
  }

  /// Tells every record that is missing.
  public void check(Consumer<Gap> found) {
    walk((gap, key, value) -> found.accept(gap));
  }

  /// Writes what is missing, from the other record of the same version, and returns how many.
  public long repair() {
    long[] repaired = {0};
    walk((gap, key, value) -> {
      boolean _ =
          versions
              .metadata()
              .write(rows -> {
                rows.put(key, value);
                return true;
              });
      repaired[0]++;
    });
    return repaired[0];
  }

  private interface Visitor {
    /// A record that is missing, and what it is.
    void missing(Gap gap, Metadata.Key key, byte[] value);
  }

  private void walk(Visitor visitor) {
    each(PipelineTable.NEWEST, row -> visitVersion(row, visitor));
    Newest newest = new Newest(visitor);
    each(PipelineTable.VERSIONS, newest::add);
    newest.end();
  }

  private void visitVersion(Row row, Visitor visitor) {
    Pipeline pipeline = PipelineTable.decode(row.value());
    if (ask(rows -> PipelineTable.version(rows, pipeline.specCommit())).isEmpty()
        && ask(rows -> PipelineTable.find(rows, pipeline.spec().repo())).isPresent()) {
      String message =
          "It is version %d of the pipeline `%s`, which has no record."
              .formatted(pipeline.version(), pipeline.spec().repo());
      visitor.missing(
          new Gap(pipeline.spec().specRepo().key(), pipeline.specCommit().id().value(), message),
          new Metadata.Key(PipelineTable.VERSIONS, pipeline.specCommit().key()),
          row.value());
    }
  }

  /// Finds the newest version of each pipeline among all, which come pipeline by pipeline.
  private final class Newest {
    private final Visitor visitor;
    private Optional<Pipeline> last = Optional.empty();
    private byte[] value = {};

    Newest(Visitor visitor) {
      this.visitor = visitor;
    }

    void add(Row row) {
      Pipeline next = PipelineTable.decode(row.value());
      boolean same = last.filter(one -> one.spec().repo().equals(next.spec().repo())).isPresent();
      if (!same) {
        end();
      }
      if (!same || next.version() > last.orElseThrow().version()) {
        last = Optional.of(next);
        value = row.value();
      }
    }

    /// Whether there is a pipeline is asked before whether its branch says so: both go at once.
    void end() {
      if (last.isEmpty()) {
        return;
      }
      PipelineSpec spec = last.get().spec();
      boolean gone = ask(rows -> PipelineTable.find(rows, spec.repo())).isEmpty();
      if (gone && isWritten(spec)) {
        visitor.missing(
            new Gap(spec.repo().key(), "", "The pipeline that writes the repo has no record."),
            new Metadata.Key(PipelineTable.NEWEST, spec.repo().key()),
            value);
      }
    }

    private boolean isWritten(PipelineSpec spec) {
      return versions
          .findRef(spec.output())
          .filter(ref ->
              ref instanceof Ref.Branch branch
                  && branch.pipeline().equals(Optional.of(spec.name())))
          .isPresent();
    }
  }

  private <T> T ask(Function<Metadata.Reader, T> question) {
    return versions.metadata().read(question);
  }

  private void each(String table, Consumer<Row> action) {
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch = ask(rows -> rows.scan(table, "", from, PipelineTable.BATCH));
      batch.forEach(action);
      if (batch.size() < PipelineTable.BATCH) {
        return;
      }
      after = batch.getLast().name();
    }
  }
}
