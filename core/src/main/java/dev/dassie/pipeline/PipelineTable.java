package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The rows of this room: the newest version of each pipeline, and each version by its spec commit
/// (docs/format.md, "Pipelines").
final class PipelineTable {
  static final String NEWEST = "pipeline";
  static final String VERSIONS = "pipeline_version";
  static final int BATCH = 1000;

  private PipelineTable() {}

  static Optional<Pipeline> find(Metadata.Reader rows, RepoName name) {
    return rows.get(new Metadata.Key(NEWEST, name.key())).map(PipelineTable::decode);
  }

  static Optional<Pipeline> version(Metadata.Reader rows, CommitName spec) {
    return rows.get(new Metadata.Key(VERSIONS, spec.key())).map(PipelineTable::decode);
  }

  /// Writes a version that is the newest.
  static void put(Metadata.Writer rows, Pipeline pipeline) {
    Encoder out = new Encoder();
    pipeline.write(out);
    rows.put(new Metadata.Key(NEWEST, pipeline.spec().repo().key()), out.toBytes());
    rows.put(new Metadata.Key(VERSIONS, pipeline.specCommit().key()), out.toBytes());
  }

  /// Writes a version that is not the newest.
  static void putVersion(Metadata.Writer rows, Pipeline pipeline) {
    Encoder out = new Encoder();
    pipeline.write(out);
    rows.put(new Metadata.Key(VERSIONS, pipeline.specCommit().key()), out.toBytes());
  }

  /// All versions of all pipelines.
  static void versions(Metadata.Reader rows, Consumer<Pipeline> action) {
    String after = "";
    List<Metadata.Row> batch;
    do {
      batch = rows.scan(VERSIONS, "", after, BATCH);
      batch.forEach(row -> action.accept(decode(row.value())));
      after = batch.isEmpty() ? after : batch.getLast().name();
    } while (batch.size() == BATCH);
  }

  /// Forgets that there is such a pipeline; its versions stay.
  static void remove(Metadata.Writer rows, Pipeline pipeline) {
    rows.delete(new Metadata.Key(NEWEST, pipeline.spec().repo().key()));
  }

  /// Forgets all versions.
  static void removeVersions(Metadata.Writer rows, Pipeline pipeline) {
    String prefix = pipeline.spec().specRepo().key() + "/";
    while (true) {
      List<Metadata.Row> batch = rows.scan(VERSIONS, prefix, "", BATCH);
      batch.forEach(row -> rows.delete(new Metadata.Key(VERSIONS, row.name())));
      if (batch.size() < BATCH) {
        return;
      }
    }
  }

  /// Pipelines of one project (`project/`) or all (empty), by name, after the name `after`.
  static List<Pipeline> list(Metadata.Reader rows, String prefix, String after, int limit) {
    return rows.scan(NEWEST, prefix, after, limit).stream()
        .map(row -> decode(row.value()))
        .toList();
  }

  /// The first pipeline of a project (`project/`) that is as asked for.
  static Optional<Pipeline> find(Metadata.Reader rows, String prefix, Predicate<Pipeline> wanted) {
    String after = "";
    while (true) {
      List<Pipeline> batch = list(rows, prefix, after, BATCH);
      Optional<Pipeline> found = batch.stream().filter(wanted).findFirst();
      if (found.isPresent() || batch.size() < BATCH) {
        return found;
      }
      after = batch.getLast().spec().repo().key();
    }
  }

  /// All pipelines that read a repo, but not the one that writes it.
  static List<Pipeline> readersOf(Metadata.Reader rows, RepoName repo) {
    List<Pipeline> readers = new ArrayList<>();
    String after = "";
    while (true) {
      List<Pipeline> batch = list(rows, "", after, BATCH);
      for (Pipeline pipeline : batch) {
        if (pipeline.spec().input().branches().stream()
            .anyMatch(branch -> branch.repo().equals(repo))) {
          readers.add(pipeline);
        }
      }
      if (batch.size() < BATCH) {
        return readers;
      }
      after = batch.getLast().spec().repo().key();
    }
  }

  static Pipeline decode(byte[] bytes) {
    return Pipeline.read(new Decoder("A pipeline record", bytes));
  }
}
