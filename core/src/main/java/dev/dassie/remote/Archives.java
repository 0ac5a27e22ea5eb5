package dev.dassie.remote;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.DigestSet;
import dev.dassie.job.PortableJobs;
import dev.dassie.job.PortableResults;
import dev.dassie.job.Results;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.PortablePipelines;
import dev.dassie.remote.ArchiveFormat.Kind;
import dev.dassie.remote.ArchiveFormat.Scope;
import dev.dassie.version.Call;
import dev.dassie.version.RepoExport;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Repos with all their history, or all of an instance, as one stream of bytes, out and in
/// (docs/format.md, "Archives"). Memory does not grow with what they hold. Thread-safe.
public final class Archives {
  private final Versions versions;
  private final Results results;

  public Archives(Versions versions, Results results) {
    this.versions = versions;
    this.results = results;
  }

  /// What an import brought that was not there before.
  ///
  /// @param refs branches and tags that were made or moved
  /// @param chunks chunks of the archive
  /// @param bytes of file content that was not stored here, uncompressed
  public record Imported(
      long repos, long commits, long refs, long pipelines, long jobs, long chunks, long bytes) {}

  /// Writes an archive of repos, as one moment saw them, with what provenance says of other repos
  /// as stubs. Commits that are open are left out. What is deleted and collected while the archive
  /// is written breaks it off. The stream stays the caller's to close; one that broke off is not
  /// whole.
  public void write(List<RepoName> repos, OutputStream to) throws IOException {
    List<RepoName> names = RepoExport.check(versions, repos);
    write(Scope.REPOS, to, (rows, told, spool) -> export(rows, told, spool, false).some(names));
  }

  /// Writes an archive of the instance: all projects and repos, pipelines, jobs that have ended,
  /// and results. Otherwise as [#write].
  public void writeAll(OutputStream to) throws IOException {
    write(
        Scope.INSTANCE,
        to,
        (rows, told, spool) -> {
          export(rows, told, spool, true).all();
          PortablePipelines.each(rows, item -> spool.add(Kind.PIPELINE, item));
          PortableJobs.each(rows, item -> spool.add(Kind.JOB, item));
          PortableResults.each(rows, item -> spool.add(Kind.RESULT, item));
          spool.add(Kind.RESULTS, PortableResults.root(rows));
        });
  }

  private static RepoExport export(
      Metadata.Reader rows, DigestSet told, ItemSpool spool, boolean whole) {
    return new RepoExport(rows, told, whole, item -> spool.add(Kind.VERSION, item.encode()));
  }

  private interface Telling {
    void tell(Metadata.Reader rows, DigestSet told, ItemSpool spool);
  }

  private void write(Scope scope, OutputStream to, Telling telling) throws IOException {
    try (DigestSet told = new DigestSet(versions.spillFolder());
        ItemSpool spool = new ItemSpool(versions.spillFolder());
        ArchiveWriter archive = new ArchiveWriter(scope, to);
        Closure closure = new Closure(versions.chunks(), versions.spillFolder(), sink(archive))) {
      // Records first, at once: a slow receiver holds no snapshot of the database.
      boolean _ =
          versions
              .metadata()
              .read(rows -> {
                telling.tell(rows, told, spool);
                return true;
              });
      spool.each(item -> {
        closure.of(item);
        frame(archive, item.kind(), item.bytes());
      });
      archive.end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Closure.Sink sink(ArchiveWriter archive) {
    return new Closure.Sink() {
      @Override
      public void node(Digest id, byte[] bytes) {
        frame(archive, Kind.TREE, bytes);
      }

      @Override
      public void data(Digest id) {
        frame(archive, Kind.DATA, versions.chunks().read(id));
      }
    };
  }

  private static void frame(ArchiveWriter archive, Kind kind, byte[] bytes) {
    try {
      archive.frame(kind, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes an archive in: all of it in one transaction, or nothing. What is damaged, or lacks a
  /// chunk or commit, is refused, and so is a name that stands for something else here. What is
  /// here already stays as it is: a repeat changes nothing. Chunks that came before a refusal are
  /// garbage for the collector.
  ///
  /// @param as the name of the repo here, for an archive of one repo
  public Imported read(Call call, InputStream from, Optional<RepoName> as) throws IOException {
    try (ChunkStore.Session session = versions.chunks().session();
        DigestSet archived = new DigestSet(versions.spillFolder());
        ItemSpool spool = new ItemSpool(versions.spillFolder());
        ArchiveReader archive = new ArchiveReader(from)) {
      Intake intake = new Intake(versions, session, archived, spool, as);
      long chunks = intake.receive(archive);
      intake.check();
      long bytes = session.newBytes();
      return merging(
          spool,
          session,
          root ->
              versions.change(
                  call,
                  change -> {
                    root.accept(change.rows());
                    return new ArchiveImport(change, new PortableResults(results), as)
                        .run(spool, chunks, bytes);
                  }));
    }
  }

  /// Runs the transaction with what brings the archive's map of results in.
  private Imported merging(
      ItemSpool spool,
      ChunkStore.Session session,
      Function<Consumer<Metadata.Writer>, Imported> transaction) {
    Optional<byte[]> root = spool.only(Kind.RESULTS);
    if (root.isEmpty()) {
      session.publish();
      return transaction.apply(rows -> {});
    }
    return new PortableResults(results).with(root.get(), session, transaction);
  }
}
