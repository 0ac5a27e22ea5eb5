package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.split.Split;
import dev.dassie.fileset.split.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Files on their way into a branch or an open commit. Bytes are stored as they come; nothing is
/// visible before [#commit], which shows all of it at once. Closing without it leaves nothing
/// behind. Not thread-safe: each writer has its own; any number may write to one branch.
public final class FileWriter implements AutoCloseable {
  /// Data that was stored is made durable before the write waits for its turn if it is more than
  /// this.
  private static final long PUBLISHED_EARLY = 1 << 20;

  private final Versions versions;
  private final Files files;
  private final Call call;
  private final BranchName branch;
  private final Optional<CommitName> commit;
  private final CommitId id;
  private final Staging chunks;
  private final Filesets filesets;
  private final Spool spool;
  private Optional<Expected> expected = Optional.empty();

  FileWriter(
      Versions versions, Files files, Call call, BranchName branch, Optional<CommitName> commit) {
    this.versions = versions;
    this.files = files;
    this.call = call;
    this.branch = branch;
    this.commit = commit;
    this.id = versions.ids().next();
    this.chunks = new Staging(versions.chunks());
    this.filesets = new Filesets(chunks);
    this.spool = new Spool(versions.spillFolder());
  }

  /// Puts the bytes up to the end of the stream at a path: in place of the file that is there, or
  /// behind its bytes with `append`. A path that is a directory is refused by [#commit]. Returns
  /// what was stored of the stream.
  public Body put(
      FilePath path,
      boolean executable,
      InputStream bytes,
      boolean append,
      Optional<String> contentType) {
    FilePath checked = named(path);
    Body body = filesets.write(bytes, chunks);
    put(checked, executable, body, append, contentType);
    return body;
  }

  /// The same for a body that is stored already.
  public void put(
      FilePath path, boolean executable, Body body, boolean append, Optional<String> contentType) {
    spool.add(
        append
            ? new Operation.Append(named(path), executable, body, contentType)
            : new Operation.Plain(new Edit.Put(named(path), executable, body, contentType)));
  }

  /// Puts a stream of records as parts, files named by [Split#name] in a directory at a path, in
  /// place of what is there. What the stream breaks off in is refused: `Fault.Invalid`.
  ///
  /// @throws IOException when the stream fails
  public void putParts(FilePath path, InputStream bytes, Split rule, Optional<String> contentType)
      throws IOException {
    delete(named(path));
    Splitter parts = new Splitter(bytes, rule);
    long number = 0;
    for (Optional<InputStream> part = parts.next(); part.isPresent(); part = parts.next()) {
      Body _ = put(path.child(Split.name(number++)), false, part.get(), false, contentType);
    }
  }

  /// Makes [#commit] refuse (`Fault.Conflict`) unless what is written stands on this commit: the
  /// newest finished one of the branch, the open one that it goes into, or none. What is computed
  /// from a listing stays true so.
  public void onlyOnto(Optional<CommitId> commit) {
    expected = Optional.of(new Expected(commit));
  }

  /// Removes a file, or a directory with all beneath it.
  public void delete(FilePath path) {
    spool.add(new Operation.Plain(new Edit.Delete(path)));
  }

  /// Puts a file or directory of a fileset that is published at a path, by reference. A file goes
  /// behind the bytes that are there with `append`; a directory replaces what is there, or with
  /// `append` each of its files is put so.
  public void copy(Fileset from, FilePath source, FilePath to, boolean append) {
    Entry entry =
        filesets
            .find(from, source)
            .orElseThrow(() ->
                new Fault.NotFound("file", source.toString(), Optional.empty()).asException());
    filesets.reuse(entry, chunks);
    switch (entry) {
      case Entry.File file ->
          put(to, file.executable(), file.body(), append, filesets.contentType(from, source));
      case Entry.Directory directory -> {
        if (append) {
          filesets
              .walk(from, source, Optional.empty())
              .forEachRemaining(file -> appendBeneath(from, source, file, to));
        } else {
          spool.add(new Operation.Plain(new Edit.Graft(to, directory)));
        }
      }
    }
  }

  private void appendBeneath(Fileset from, FilePath source, Entry.File file, FilePath to) {
    String rest =
        source.isRoot()
            ? file.path().value()
            : file.path().value().substring(source.value().length() + 1);
    put(
        new FilePath(rest).under(to),
        file.executable(),
        file.body(),
        true,
        filesets.contentType(from, file.path()));
  }

  /// Makes everything visible and durable at once, and returns the commit: a new finished one, or
  /// the open one that it went into. Under the idempotency key of the call this happens once. A
  /// file and a directory that would share a path are `Fault.Conflict`, and nothing is changed.
  public Commit commit() {
    return committed(false);
  }

  Commit finish() {
    return committed(true);
  }

  private Commit committed(boolean finish) {
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    if (first.isPresent()) {
      return first.get();
    }
    Write write = ready(finish);
    files.pass(write);
    return write.outcome();
  }

  /// All that was written, for whoever leads.
  Write ready(boolean finish) {
    if (!chunks.isSmall() && chunks.newBytes() > PUBLISHED_EARLY) {
      chunks.publish();
    }
    return new Write(call, branch, commit, id, chunks, spool, finish, expected);
  }

  private static FilePath named(FilePath path) {
    if (path.isRoot()) {
      throw new Fault.Invalid("The path", "/", "a file's path, not the root").asException();
    }
    return path;
  }

  @Override
  public void close() {
    try (chunks) {
      spool.close();
    }
  }
}
