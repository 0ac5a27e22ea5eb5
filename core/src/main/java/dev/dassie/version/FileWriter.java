package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Files on their way into a branch or an open commit. Bytes are stored as they come; nothing is
/// visible before [#commit], which shows all of it at once. Closing without it leaves nothing
/// behind. Not thread-safe: each writer has its own; any number may write to one branch.
public final class FileWriter implements AutoCloseable {
  /// A batch with more edits goes to the open commit's tree at once, not through its journal.
  private static final int MAX_JOURNALED = 256;

  /// The head may move this often under a writer before it gives up. Writers of this process take
  /// turns; only moves of heads come between.
  private static final int MAX_TRIES = 20;

  /// Data that was stored is made durable before the branch is locked if it is more than this.
  private static final long PUBLISHED_EARLY = 1 << 20;

  private final Versions versions;
  private final Files files;
  private final Call call;
  private final BranchName branch;
  private final Optional<CommitName> commit;
  private final CommitId id;
  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final Spool spool;

  FileWriter(
      Versions versions, Files files, Call call, BranchName branch, Optional<CommitName> commit) {
    this.versions = versions;
    this.files = files;
    this.call = call;
    this.branch = branch;
    this.commit = commit;
    this.id = versions.ids().next();
    this.session = versions.chunks().session();
    this.filesets = new Filesets(session);
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
    Body body = filesets.write(bytes, session);
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
    if (session.newBytes() > PUBLISHED_EARLY) {
      session.publish();
    }
    ReentrantLock lock = files.lock(branch);
    lock.lock();
    try {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        try {
          return attempt(finish);
        } catch (Moved moved) {
          commit
              .or(() -> Optional.of(new CommitName(branch.repo(), id)))
              .ifPresent(versions.views()::forget);
        }
      }
    } finally {
      lock.unlock();
    }
    throw new Fault.Conflict(
            "The branch `%s` moved %d times while this was written to it."
                .formatted(branch, MAX_TRIES),
            Optional.of("Repeat the command."))
        .asException();
  }

  private Commit attempt(boolean finish) {
    Targets.Target target = versions.ask(snapshot -> Targets.find(snapshot, branch, commit));
    return switch (target) {
      case Targets.Fresh fresh -> intoNewCommit(fresh);
      case Targets.Open open -> {
        if (finish) {
          yield finishing(open);
        }
        boolean few =
            spool.size() <= MAX_JOURNALED && open.state().rows() + spool.size() <= Journal.MAX_ROWS;
        yield few ? intoJournal(open.name()) : intoBase(open);
      }
    };
  }

  private Commit intoNewCommit(Targets.Fresh fresh) {
    Fileset tree = applied(fresh.base(), List.of());
    Instant now = versions.clock().instant();
    Commit.Finished state = new Commit.Finished(tree, now);
    Targets.record(fresh, branch, id, call, state).write(session);
    session.publish();
    return versions.run(
        call,
        id,
        now,
        Optional.of(Reply.COMMIT),
        change -> {
          expect(Targets.find(change.snapshot(), branch, commit), fresh);
          return change.putFinishedAndRecorded(branch, tree);
        });
  }

  /// Few edits are checked against what the commit holds, in memory, and then are rows.
  private Commit intoJournal(CommitName name) {
    OpenViews.View view = versions.views().of(name);
    Overlay nodes = new Overlay(view.nodes(), session);
    Fileset tree;
    List<Edit> edits;
    try (Resolution resolution =
        new Resolution(view.files(), session, nodes, versions.spillFolder(), true)) {
      spool.forEach(resolution::add);
      tree = resolution.tree();
      edits = resolution.edits();
    }
    session.publish();
    Journal.State after =
        new Journal.State(view.state().next() + edits.size(), view.state().rows() + edits.size());
    Commit written =
        inOpen(
            new Targets.Open(name, view.base(), view.state()),
            (change, row) -> {
              long sequence = view.state().next();
              for (Edit edit : edits) {
                change.put(Tables.journal(name, sequence++), Journal.encode(edit));
              }
              change.put(Tables.journalState(name), after.encode());
              return row.commit();
            });
    versions.views().remember(name, new OpenViews.View(view.base(), after, tree, view.nodes()));
    return written;
  }

  /// Many edits, or a full journal: the commit gets a new base, and the journal is empty.
  private Commit intoBase(Targets.Open open) {
    Fileset tree = applied(open.base(), journaled(open));
    session.publish();
    return inOpen(
        open,
        (change, row) -> {
          change.commits().rebase(row, tree);
          change.commits().clearJournal(open.name());
          Journal.State after = new Journal.State(open.state().next() + 1, 0);
          change.put(Tables.journalState(open.name()), after.encode());
          return change.commit(open.name()).orElseThrow();
        });
  }

  private Commit finishing(Targets.Open open) {
    Fileset tree = applied(open.base(), journaled(open));
    Sealed ready = versions.seal(session, open.name(), tree, call.message());
    session.publish();
    Commit finished = inOpen(open, (change, row) -> change.finish(ready));
    versions.views().forget(open.name());
    return finished;
  }

  private List<Edit> journaled(Targets.Open open) {
    return versions.ask(snapshot -> {
      expect(Targets.find(snapshot, branch, Optional.of(open.name())), open);
      return Journal.edits(snapshot, open.name(), 0);
    });
  }

  private Fileset applied(Fileset base, List<Edit> before) {
    try (Resolution resolution =
        new Resolution(base, session, session, versions.spillFolder(), false)) {
      before.forEach(edit -> resolution.add(new Operation.Plain(edit)));
      spool.forEach(resolution::add);
      return resolution.tree();
    }
  }

  /// Runs a transaction that changes an open commit, if it is still as `open` says.
  private Commit inOpen(Targets.Open open, OpenWork work) {
    return versions.run(
        call,
        id,
        versions.clock().instant(),
        Optional.of(Reply.COMMIT),
        change -> {
          expect(Targets.find(change.snapshot(), branch, commit), open);
          return work.run(change, change.commits().needOpen(open.name()));
        });
  }

  private interface OpenWork {
    Commit run(Change change, CommitRow row);
  }

  private static void expect(Targets.Target now, Targets.Target before) {
    if (!now.equals(before)) {
      throw new Moved();
    }
  }

  private static FilePath named(FilePath path) {
    if (path.isRoot()) {
      throw new Fault.Invalid("The path", "/", "a file's path, not the root").asException();
    }
    return path;
  }

  @Override
  public void close() {
    try (session) {
      spool.close();
    }
  }

  /// What the writer stood on is not there any more; it begins anew.
  private static final class Moved extends RuntimeException {
    Moved() {
      super("the branch moved", null, false, false);
    }
  }
}
