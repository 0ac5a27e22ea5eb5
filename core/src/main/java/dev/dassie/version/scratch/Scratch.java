package dev.dassie.version.scratch;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.IdSource;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.UploadLimits;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// One branch with one open commit, beside all repos of an instance: nothing in its database, its
/// feed, its archives or a rebuild knows of it. Names live in memory; bytes are chunks of the
/// instance, kept from collections until this is closed. It ends with the process. Thread-safe.
public final class Scratch implements AutoCloseable {
  /// The longest that the names, journals and parts of one take in memory.
  static final long MAX_BYTES = 64 << 20;

  private static final int BRANCH_DIGITS = 30;

  private final ChunkStore.Hold hold;
  private final Versions versions;
  private final Files files;
  private final Multiparts multiparts;
  private final BranchName branch;
  private final CommitName commit;
  private final Instant begun;
  private final long most;
  private final AtomicLong came = new AtomicLong();

  /// @param chunks those of the instance
  /// @param spillFolder where temporary files may be put; it must exist
  /// @param most bytes that may come to it, see [#takes]; 0 is without a limit
  public Scratch(
      ChunkStore chunks, Path spillFolder, InstantSource clock, IdSource ids, long most) {
    this.most = most;
    this.hold = chunks.hold();
    this.versions = new Versions(new MemoryMetadata(MAX_BYTES), chunks, spillFolder, clock, ids);
    this.files = new Files(versions);
    this.multiparts = new Multiparts(versions, ids, this::writer, UploadLimits.USUAL);
    RepoName repo = new RepoName(RepoName.DEFAULT_PROJECT, "scratch");
    // No branch of the instance has the name: whoever compares names takes none for this.
    this.branch = new BranchName(repo, "s" + ids.next().value().substring(0, BRANCH_DIGITS));
    Repo _ = versions.change(Call.SYSTEM, change -> change.createRepo(repo, ""));
    Commit open = versions.change(Call.SYSTEM, change -> change.startCommit(branch));
    this.commit = open.name();
    this.begun = open.started();
  }

  public Versions versions() {
    return versions;
  }

  public Multiparts multiparts() {
    return multiparts;
  }

  /// The branch; its head is open and stays it.
  public BranchName branch() {
    return branch;
  }

  /// When it was made.
  public Instant begun() {
    return begun;
  }

  /// Counts bytes that come, whatever becomes of them; false from where they are more than may
  /// come.
  public boolean takes(long bytes) {
    return came.addAndGet(bytes) <= most || most == 0;
  }

  /// Bytes that may come; 0 is without a limit.
  public long most() {
    return most;
  }

  /// Whether more wanted to come.
  public boolean isOver() {
    return !takes(0);
  }

  /// A writer into the open commit, whichever branch is named.
  public FileWriter writer(Call call, BranchName named) {
    return files.write(call, commit);
  }

  /// All that has been acknowledged, published.
  public Fileset files() {
    return files.folded(commit);
  }

  @Override
  public void close() {
    hold.close();
  }
}
