package dev.dassie.remote;

import dev.dassie.job.PortableJobs;
import dev.dassie.job.PortableResults;
import dev.dassie.pipeline.PortablePipelines;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.version.Change;
import dev.dassie.version.Portable;
import dev.dassie.version.RepoImport;
import dev.dassie.version.RepoName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The transaction of an import. It reads the spool as it goes: a history is longer than what the
/// heap should hold.
final class ArchiveImport {
  private final Change change;
  private final PortableResults results;
  private final Optional<RepoName> as;
  private final RepoImport repos;
  private final Set<RepoName> pipelines = new HashSet<>();
  private long jobs;

  ArchiveImport(Change change, PortableResults results, Optional<RepoName> as) {
    this.change = change;
    this.results = results;
    this.as = as;
    this.repos = new RepoImport(change);
  }

  Archives.Imported run(ItemSpool spool, long chunks, long bytes) {
    spool.each(this::take);
    RepoImport.Counts counts = repos.done(pipelines);
    return new Archives.Imported(
        counts.repos(), counts.commits(), counts.refs(), pipelines.size(), jobs, chunks, bytes);
  }

  private void take(Frame item) {
    switch (item.kind()) {
      case VERSION -> repos.take(Intake.named(Portable.decode(item.bytes()), as));
      case PIPELINE -> PortablePipelines.take(change, item.bytes()).ifPresent(pipelines::add);
      case JOB -> jobs += PortableJobs.take(change, item.bytes()) ? 1 : 0;
      case RESULT -> results.take(change.rows(), item.bytes());
      case RESULTS, DATA, TREE, END -> {}
    }
  }
}
