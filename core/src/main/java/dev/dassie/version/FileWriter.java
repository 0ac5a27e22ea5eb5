package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.split.Split;
import dev.dassie.fileset.split.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
  private final List<Consumer<Edit>> watchers = new ArrayList<>();
  private final List<Consumer<Commit>> afterwards = new ArrayList<>();
  private Terms terms = Terms.NONE;

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
    Body body = store(bytes);
    put(checked, executable, body, append, contentType);
    return body;
  }

  /// Stores the bytes up to the end of the stream for a later put.
  public Body store(InputStream bytes) {
    return filesets.write(bytes, chunks);
  }

  /// The body of pieces of stored bodies one behind the other, by reference, for a later put.
  public Body join(Iterable<Filesets.Piece> pieces) {
    return filesets.join(pieces, chunks);
  }

  /// The same for a body that is stored already.
  public void put(
      FilePath path, boolean executable, Body body, boolean append, Optional<String> contentType) {
    put(path, executable, body, append, FileAttributes.ofType(contentType));
  }

  /// The same with attributes, which replace all that the file had. A file that is appended to
  /// keeps its own where only a content type, or nothing, comes; its entity tag and its checksums
  /// go.
  public void put(
      FilePath path, boolean executable, Body body, boolean append, FileAttributes attributes) {
    add(
        append
            ? new Operation.Append(named(path), executable, body, attributes)
            : new Operation.Plain(new Edit.Put(named(path), executable, body, attributes)));
  }

  /// Puts a file of a view at a path, or behind the bytes of the file there, by reference.
  public void copy(
      ReadView view, Entry.File file, FilePath to, boolean append, FileAttributes attributes) {
    put(to, file.executable(), view.taken(file, chunks), append, attributes);
  }

  /// Puts a file of a view at a path by reference, with these attributes.
  public void copy(ReadView view, FilePath source, FilePath to, FileAttributes attributes) {
    Optional<Entry> found = view.reader().find(view.files(), source);
    if (!(found.orElse(null) instanceof Entry.File file)) {
      throw new Fault.NotFound("file", source.toString(), Optional.empty()).asException();
    }
    copy(view, file, to, false, attributes);
  }

  /// Puts the marker of a directory, which so has a name even without files.
  public void mark(FilePath directory, FileAttributes attributes) {
    add(new Operation.Plain(new Edit.Mark(named(directory), Optional.of(attributes))));
  }

  /// Takes the marker of a directory away; no error where it has none.
  public void unmark(FilePath directory) {
    add(new Operation.Plain(new Edit.Mark(named(directory), Optional.empty())));
  }

  /// Removes a file, never a directory; no error where there is none.
  public void remove(FilePath path) {
    add(new Operation.Plain(new Edit.Remove(named(path))));
  }

  /// Makes [#commit] refuse (`Fault.PreconditionFailed`) unless a path is so when what is written
  /// becomes visible. Writers that become visible together see what those before them did.
  public void onlyIf(Precondition precondition) {
    terms = terms.and(precondition);
  }

  /// Writes further rows in the transaction in which this becomes visible, and only then. The work
  /// may run several times, for transactions that fail; what it throws refuses the commit.
  public void along(Consumer<Change> rows) {
    terms = terms.and(rows);
  }

  /// Tells a watcher of each edit from now on, as it comes; an append comes as a put.
  public void watch(Consumer<Edit> watcher) {
    watchers.add(watcher);
  }

  /// Is told of the commit after [#commit] made everything visible, before it returns.
  public void after(Consumer<Commit> told) {
    afterwards.add(told);
  }

  /// Lets the files go into an open commit of the branch, which is started if there is none: then
  /// `rows` are written in the transaction that starts it.
  public void intoOpen(Consumer<Change> rows) {
    terms = terms.opening(rows);
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
    terms = terms.onto(commit);
  }

  /// Removes a file, or a directory with all beneath it.
  public void delete(FilePath path) {
    add(new Operation.Plain(new Edit.Delete(path)));
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
          put(to, file.executable(), file.body(), append, filesets.attributes(from, source));
      case Entry.Directory directory -> {
        if (append) {
          filesets
              .walk(from, source, Optional.empty())
              .forEachRemaining(file -> appendBeneath(from, source, file, to));
        } else {
          add(new Operation.Plain(new Edit.Graft(to, directory)));
          describe(from, source, to);
        }
      }
    }
  }

  private void appendBeneath(Fileset from, FilePath source, Entry.File file, FilePath to) {
    put(
        file.path().from(source).under(to),
        file.executable(),
        file.body(),
        true,
        FileAttributes.ofType(filesets.contentType(from, file.path())));
  }

  /// Gives what was put as a whole the attributes that it had.
  private void describe(Fileset from, FilePath source, FilePath to) {
    filesets
        .described(from, source)
        .forEachRemaining(edit -> {
          FilePath path = edit.path().from(source).under(to);
          if (edit instanceof Edit.Describe described) {
            add(new Operation.Plain(new Edit.Describe(path, described.attributes())));
          } else if (edit instanceof Edit.Mark mark && !path.isRoot()) {
            add(new Operation.Plain(new Edit.Mark(path, mark.attributes())));
          }
        });
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
    Commit commit = write.outcome();
    afterwards.forEach(told -> told.accept(commit));
    return commit;
  }

  private void add(Operation operation) {
    spool.add(operation);
    if (!watchers.isEmpty()) {
      Edit edit =
          switch (operation) {
            case Operation.Plain plain -> plain.edit();
            case Operation.Append append ->
                new Edit.Put(
                    append.path(), append.executable(), append.body(), append.attributes());
          };
      watchers.forEach(watcher -> watcher.accept(edit));
    }
  }

  /// All that was written, for whoever leads.
  Write ready(boolean finish) {
    if (!chunks.isSmall() && chunks.newBytes() > PUBLISHED_EARLY) {
      chunks.publish();
    }
    return new Write(call, branch, commit, id, chunks, spool, finish, terms);
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
