package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Unchanged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/// Repos, branches, tags and commits: reads, and the one way to change them, [#change].
/// Thread-safe.
///
/// A derived commit names the heads of all branches that its branch is computed from and that have
/// one; it is made once a branch of users' data among them has a commit. A source without a commit
/// is missing from its provenance and stands for no files.
public final class Versions {
  /// Chunks whose decoded nodes readers share, in bytes.
  private static final long KEPT_NODES = 16 << 20;

  /// Answers of the database that readers share.
  private static final int KEPT_ANSWERS = 1000;

  private final Metadata metadata;
  private final ChunkStore chunks;
  private final Path spillFolder;
  private final InstantSource clock;
  private final IdSource ids;
  private final OpenViews views;
  private final Showing showing;
  private final Triggers triggers;
  private final Unchanged<BranchName, Optional<Ref>> refs;
  private final Unchanged<Addresses.Parts, Reading.Shown> shown;

  /// Makes the project `default` if the database is new. `spillFolder` must exist.
  public Versions(
      Metadata metadata, ChunkStore chunks, Path spillFolder, InstantSource clock, IdSource ids) {
    this.metadata = metadata;
    this.chunks = chunks;
    this.spillFolder = spillFolder;
    this.clock = clock;
    this.ids = ids;
    this.views = new OpenViews(metadata, chunks, spillFolder);
    this.showing = new Showing(views, new SharedReader(chunks, KEPT_NODES));
    this.triggers = new Triggers(this);
    this.refs = new Unchanged<>(metadata, KEPT_ANSWERS);
    this.shown = new Unchanged<>(metadata, KEPT_ANSWERS);
    String standard = RepoName.DEFAULT_PROJECT;
    if (ask(snapshot -> snapshot.project(standard)).isEmpty()) {
      Project _ = change(Call.SYSTEM, c -> c.createProject(standard, ""));
    }
  }

  // Change.

  /// Runs one transaction: all of it happens, or nothing. What is returned is durable. Heads that
  /// moved propagate downstream in the same transaction. The idempotency key of the call is not
  /// looked at: doors use the form with a [Reply].
  public <T> T change(Call call, Function<Change, T> work) {
    return run(
        new Call(call.principal(), call.message()),
        ids.next(),
        clock.instant(),
        Optional.empty(),
        work);
  }

  /// The same, exactly once for an idempotency key: where the principal of the call has used the
  /// key within a day, nothing is changed and the answer is the one of then. A call without a key
  /// runs as in the other form. Refusals are not remembered.
  public <T> T change(Call call, Reply<T> reply, Function<Change, T> work) {
    return run(call, ids.next(), clock.instant(), Optional.of(reply), work);
  }

  /// The same for a commit set whose id was given out before: the [Change#set] of an earlier change
  /// that made no commit. Each such id MUST be used once at most.
  public <T> T change(Call call, CommitId set, Reply<T> reply, Function<Change, T> work) {
    return run(call, set, clock.instant(), Optional.of(reply), work);
  }

  /// The answer that [#change] would give to a repeat, without running anything.
  public <T> Optional<T> remembered(Call call, Reply<T> reply) {
    if (call.idempotencyKey().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return metadata.read(rows -> Answers.find(rows, call, now, reply));
  }

  <T> T run(
      Call call, CommitId set, Instant now, Optional<Reply<T>> reply, Function<Change, T> work) {
    AtomicReference<Optional<Change>> done = new AtomicReference<>(Optional.empty());
    T answer =
        metadata.write(writer -> {
          if (reply.isPresent()) {
            Optional<T> first = Answers.find(writer, call, now, reply.get());
            if (first.isPresent()) {
              return first.get();
            }
          }
          Change change = new Change(writer, call, set, now);
          T result = work.apply(change);
          change.propagate();
          reply.ifPresent(r -> Answers.remember(writer, call, now, r.write(result)));
          done.set(Optional.of(change));
          return result;
        });
    done.get()
        .ifPresent(change -> {
          new Recording(this).record(change);
          triggers.settle(change.watched());
        });
    return answer;
  }

  /// Writes the record of an open commit that is about to finish with these files into the session
  /// that holds them. Publish the session, then finish it with [Change#finish(Sealed)]: this way
  /// files and record are one pack. A commit that is not open is refused.
  public Sealed seal(ChunkStore.Session session, CommitName name, Fileset files) {
    return seal(session, name, files, Journal.State.EMPTY, "");
  }

  /// The same of a commit that users wrote to, whose journal was read up to a state, with the
  /// message that the call which finishes it brings; empty for none.
  Sealed seal(
      ChunkStore.Session session,
      CommitName name,
      Fileset files,
      Journal.State read,
      String message) {
    Instant at = clock.instant();
    CommitRecord.OfCommit found =
        ask(snapshot -> {
          CommitRow row = snapshot.needCommit(name);
          if (!row.commit().isOpen()) {
            throw new Fault.Conflict(
                    "The commit `%s` has ended; expected an open one.".formatted(name),
                    Optional.empty())
                .asException();
          }
          return CommitRecord.of(snapshot, row, new Commit.Finished(files, at), message);
        });
    found.upTo(read).write(session);
    return new Sealed(name, files, at);
  }

  // Reads of names.

  /// In name order; the cursor is a [Page#next] or empty, the limit 1 to 10,000.
  public Page<Project> projects(String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).projects(cursor, limit));
  }

  public Project project(String name) {
    return ask(snapshot -> snapshot.needProject(name));
  }

  /// In name order, of one project or all, of one type or both.
  public Page<Repo> repos(
      Optional<String> project, Optional<RepoName.Type> type, String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).repos(project, type, cursor, limit));
  }

  /// The repo, or `Fault.NotFound` with the nearest name.
  public Repo repo(RepoName name) {
    return ask(snapshot -> snapshot.needRepo(name));
  }

  public Optional<Repo> findRepo(RepoName name) {
    return ask(snapshot -> snapshot.repo(name));
  }

  /// Branches and tags of a repo in name order.
  public Page<Ref> refs(RepoName repo, String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).refs(repo, ref -> true, cursor, limit));
  }

  /// Branches alone (`branches` true) or tags alone.
  public Page<Ref> refs(RepoName repo, boolean branches, String cursor, int limit) {
    Predicate<Ref> kind = ref -> ref instanceof Ref.Branch == branches;
    return ask(snapshot -> new Listing(snapshot).refs(repo, kind, cursor, limit));
  }

  public Optional<Ref> findRef(BranchName name) {
    return refs.get(name, rows -> new Snapshot(rows).ref(name));
  }

  /// Repos, branches, tags and commits that a person may mean by a word, of all projects, at most
  /// so many of each; at most 10,000 names are looked at.
  public Search.Found search(String word, int each) {
    return ask(snapshot -> new Search(snapshot).find(word, each));
  }

  /// The branch, or `Fault.NotFound` with the nearest name.
  public Ref.Branch branch(BranchName name) {
    return ask(snapshot -> snapshot.needBranch(name));
  }

  /// Which commits of a branch are kept; all without a rule.
  public Optional<KeepRule> rule(BranchName name) {
    return ask(snapshot -> snapshot.rule(name));
  }

  /// Branches that are computed from this branch or tag, directly.
  public List<BranchName> subscribers(BranchName name) {
    return ask(snapshot -> snapshot.subscribers(name));
  }

  // Reads of commits.

  /// The commit itself, open or not; `Fault.NotFound` says who deleted it where that is known.
  public Commit inspect(CommitName name) {
    return ask(snapshot -> snapshot.needCommit(name)).commit();
  }

  public Optional<Commit> find(CommitName name) {
    return ask(snapshot -> snapshot.commit(name)).map(CommitRow::commit);
  }

  /// What stayed of a commit whose repo was deleted.
  public Optional<Stub> stub(CommitName name) {
    return ask(snapshot -> snapshot.stub(name));
  }

  /// The commit of an address in any form of design S3: `repo`, `repo@branch`, `repo@tag`,
  /// `repo@id`, `repo@prefix` (8 or more digits), `project/repo@…`, with `^`, `^3`, `~3`, `.N`. A
  /// branch means its head, open or not. An id whose set has no commit in the repo means the commit
  /// that the set used. A prefix of several commits is `Fault.Conflict`.
  public Commit resolve(String project, String address) {
    return ask(snapshot -> new Addresses(snapshot).commit(project, address)).commit();
  }

  /// The same for a repo and what stands behind its `@`.
  public Commit resolve(RepoName repo, String place) {
    return resolve(repo.project(), repo.local() + "@" + place);
  }

  /// All commits of a repo that pass the filter, newest first.
  public Page<Commit> commits(RepoName repo, Predicate<Commit> wanted, String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).commits(repo, wanted, cursor, limit));
  }

  /// A commit and its ancestors that pass the filter, newest first.
  public Page<Commit> history(CommitName from, Predicate<Commit> wanted, String cursor, int limit) {
    return ask(snapshot ->
        new Listing(snapshot).history(snapshot.needCommit(from), wanted, cursor, limit));
  }

  /// The commits of a set, in the order they were started; empty if there is none.
  public List<Commit> set(CommitId id) {
    return ask(snapshot -> snapshot.set(id)).stream().map(CommitRow::commit).toList();
  }

  /// The commits that were made from this one, directly, oldest first.
  public Page<CommitName> derived(CommitName source, String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).derived(source, cursor, limit));
  }

  /// The commits whose parent is this one.
  public Page<CommitName> children(CommitName parent, String cursor, int limit) {
    return ask(snapshot -> new Listing(snapshot).children(parent, cursor, limit));
  }

  /// The newest finished commit in the history of a branch.
  public Optional<Commit> newestFinished(BranchName branch) {
    return ask(snapshot -> snapshot.finished(branch)).map(CommitRow::commit);
  }

  /// The nearest finished ancestor of a commit: what it builds on. Failed ones are passed by.
  public Optional<Commit> nearestFinished(CommitName name) {
    return ask(snapshot -> new History(snapshot).nearestFinished(snapshot.needCommit(name)))
        .map(CommitRow::commit);
  }

  /// What a read of the address shows (design S1): of a branch that users write to its head, with
  /// what an open one has acknowledged; of an output branch its newest finished commit, with a note
  /// if the head is another; of everything else exactly that commit. An output that is not finished
  /// is `Fault.Conflict`, a failed commit `Fault.Failed`, a branch without commits
  /// `Fault.NotFound`.
  public ReadView read(String project, String address) {
    Addresses.Parts parts = Addresses.split(project, address);
    return showing.of(() ->
        shown.get(
            parts, rows -> new Reading(new Snapshot(rows)).show(parts.repo(), parts.place())));
  }

  /// The same for a repo and what stands behind its `@`.
  public ReadView read(RepoName repo, String place) {
    return read(repo.project(), repo.local() + "@" + place);
  }

  /// What a read of exactly this commit shows.
  public ReadView read(CommitName name) {
    return showing.of(() ->
        ask(snapshot ->
            new Reading.Shown(Reading.checked(snapshot.needCommit(name)), Optional.empty())));
  }

  /// Whether a commit is there and open, as one transaction sees it.
  public boolean isOpen(Metadata.Reader rows, CommitName name) {
    return new Snapshot(rows).commit(name).filter(row -> row.commit().isOpen()).isPresent();
  }

  /// Waits until a commit is not open any more, and returns it. `Fault.TimedOut` if the time passes
  /// before.
  public Commit wait(CommitName name, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long position = metadata.position();
      Commit commit = inspect(name);
      if (!commit.isOpen()) {
        return commit;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new Fault.TimedOut("The end of the commit `%s`".formatted(name), timeout)
            .asException();
      }
      long _ = metadata.awaitAfter(position, Duration.ofNanos(left));
    }
  }

  // The feed.

  /// The position of the newest event, 0 if there is none.
  public long position() {
    return metadata.position();
  }

  /// Events after a position, oldest first, at most `limit`.
  public List<Event.Positioned> events(long after, int limit) {
    return metadata.events(after, limit).stream()
        .map(event -> new Event.Positioned(event.position(), Event.decode(event.value())))
        .toList();
  }

  /// What moves branches that follow others.
  public Triggers triggers() {
    return triggers;
  }

  // What the rooms behind this one build on.

  /// Where all rooms keep their rows.
  public Metadata metadata() {
    return metadata;
  }

  public ChunkStore chunks() {
    return chunks;
  }

  public InstantSource clock() {
    return clock;
  }

  /// Where temporary files may be put.
  public Path spillFolder() {
    return spillFolder;
  }

  IdSource ids() {
    return ids;
  }

  OpenViews views() {
    return views;
  }

  <T> T ask(Function<Snapshot, T> question) {
    return metadata.read(reader -> question.apply(new Snapshot(reader)));
  }
}
