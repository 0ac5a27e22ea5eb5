package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.RepoName;
import java.util.Optional;
import java.util.function.Consumer;

/// Versions of pipelines as they stand in archives (docs/format.md, "Archives"): a flag, whether it
/// is the newest of a pipeline that is there, and the record.
public final class PortablePipelines {
  private PortablePipelines() {}

  /// Gives all versions of all pipelines, also of those that were deleted with their output kept.
  public static void each(Metadata.Reader rows, Consumer<byte[]> sink) {
    PipelineTable.versions(
        rows,
        pipeline -> {
          boolean newest =
              PipelineTable.find(rows, pipeline.spec().repo())
                  .filter(now -> now.specCommit().equals(pipeline.specCommit()))
                  .isPresent();
          Encoder out = new Encoder().bool(newest);
          pipeline.write(out);
          sink.accept(out.toBytes());
        });
  }

  /// Refuses what is no version.
  public static void check(byte[] item) {
    Item _ = decode(item);
  }

  /// Takes a version within a transaction, after the commit that holds its spec. Returns the output
  /// repo of a pipeline that is new or newer by it; one that is here as new stays.
  public static Optional<RepoName> take(Change change, byte[] item) {
    Item found = decode(item);
    Pipeline theirs = found.pipeline();
    boolean held = change.commit(theirs.specCommit()).flatMap(Commit::finishedFiles).isPresent();
    if (!held || change.repo(theirs.spec().repo()).isEmpty()) {
      throw new Fault.Corrupt(
              "The pipeline `%s` of an archive".formatted(theirs.spec().repo()),
              "its repo and the commit of its spec",
              "none")
          .asException();
    }
    Optional<Pipeline> here = PipelineTable.find(change.rows(), theirs.spec().repo());
    boolean newest =
        found.newest() && here.filter(now -> now.version() >= theirs.version()).isEmpty();
    if (newest) {
      PipelineTable.put(change.rows(), theirs);
      change.quiet(theirs.spec().output(), theirs.spec().quiet());
      new CronWork(change).adopt(theirs.spec(), theirs.state() == Pipeline.State.RUNNING);
      new PipelineWork(change, true, "").tell(here.isEmpty(), theirs);
    } else if (PipelineTable.version(change.rows(), theirs.specCommit()).isEmpty()) {
      PipelineTable.putVersion(change.rows(), theirs);
    }
    return newest ? Optional.of(theirs.spec().repo()) : Optional.empty();
  }

  private record Item(boolean newest, Pipeline pipeline) {}

  private static Item decode(byte[] bytes) {
    Decoder in = new Decoder("A pipeline of an archive", bytes);
    Item item = new Item(in.bool(), Pipeline.read(in));
    if (in.remaining() > 0) {
      throw new Fault.Corrupt("A pipeline of an archive", "its end", in.remaining() + " more bytes")
          .asException();
    }
    Drafts.check(item.pipeline().spec());
    return item;
  }
}
