package dev.dassie.version;

import dev.dassie.content.Digest;
import dev.dassie.content.DigestSet;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/// Tells all that one snapshot knows about repos: commits with their history, branches, tags, and
/// what is left of commits that provenance names. Open commits are left out; what stands behind one
/// follows the commit before it. For one transaction.
public final class RepoExport {
  /// Index rows that are held at once, over all repos.
  private static final int HELD = 20_000;

  private final Snapshot snapshot;
  private final DigestSet told;
  private final Consumer<Portable> sink;
  private final Set<RepoName> repos = new HashSet<>();
  private final boolean whole;

  /// @param told what was told already; an empty set
  /// @param whole whether all of the instance is told: branches with what computes them, projects
  ///   without repos, what is left of deleted repos. Else branches are as users' own.
  public RepoExport(Metadata.Reader rows, DigestSet told, boolean whole, Consumer<Portable> sink) {
    this.snapshot = new Snapshot(rows);
    this.told = told;
    this.whole = whole;
    this.sink = sink;
  }

  /// Tells of all repos of all projects.
  public void all() {
    for (Row row : snapshot.all(Tables.PROJECT, "")) {
      sink.accept(
          new Portable.OfProject(
              Tables.decode("A project record", row.value(), Wire::readProject)));
    }
    some(
        snapshot.all(Tables.REPO, "").stream()
            .map(row -> Tables.decode("A repo record", row.value(), Wire::readRepo).name())
            .toList());
    each(Tables.STUB, "", row -> left(Tables.decodeStub(row.value())));
  }

  /// Tells of these repos, which must be there: the repos first, then their commits in the order
  /// they were started, then what was taken out of history, tags and branches.
  public void some(List<RepoName> names) {
    repos.addAll(names);
    for (RepoName name : names) {
      Repo repo = snapshot.needRepo(name);
      sink.accept(new Portable.OfRepo(snapshot.needProject(name.project()), repo));
    }
    commits(names);
    for (RepoName name : names) {
      each(Tables.STUB, name.key() + "/", row -> left(Tables.decodeStub(row.value())));
      for (Ref ref : snapshot.refs(name)) {
        ref(ref).ifPresent(sink);
        if (whole) {
          snapshot
              .rule(ref.name())
              .ifPresent(rule -> sink.accept(new Portable.OfRule(ref.name(), rule)));
          GatherRule.of(snapshot.rows(), ref.name())
              .ifPresent(rule -> sink.accept(new Portable.OfGathering(ref.name(), rule)));
        }
      }
    }
  }

  /// One repo's commits that are still to come, oldest first.
  private static final class Cursor {
    private final String prefix;
    private final int batch;
    private final Deque<Row> rows = new ArrayDeque<>();
    private String after = "";
    private boolean more = true;

    Cursor(RepoName repo, int batch) {
      this.prefix = repo.key() + "/";
      this.batch = batch;
    }

    boolean fill(Snapshot snapshot) {
      if (rows.isEmpty() && more) {
        List<Row> found = snapshot.rows().scan(Tables.BY_REPO, prefix, after, batch);
        more = found.size() == batch;
        after = found.isEmpty() ? after : found.getLast().name();
        rows.addAll(found);
      }
      return !rows.isEmpty();
    }

    String order() {
      return Tables.last(rows.getFirst().name());
    }

    CommitName take(RepoName repo) {
      return new CommitName(repo, new CommitId(Snapshot.text(rows.removeFirst())));
    }
  }

  private record Next(RepoName repo, Cursor cursor) {}

  private void commits(List<RepoName> names) {
    int batch = Math.clamp(HELD / Math.max(1, names.size()), 1, Snapshot.BATCH);
    PriorityQueue<Next> queue =
        new PriorityQueue<>(
            Comparator.<Next, String>comparing(next -> next.cursor().order())
                .thenComparing(next -> next.repo().key()));
    for (RepoName name : names) {
      Next next = new Next(name, new Cursor(name, batch));
      if (next.cursor().fill(snapshot)) {
        queue.add(next);
      }
    }
    while (!queue.isEmpty()) {
      Next next = queue.remove();
      snapshot.commit(next.cursor().take(next.repo())).ifPresent(this::commit);
      if (next.cursor().fill(snapshot)) {
        queue.add(next);
      }
    }
  }

  private void commit(CommitRow row) {
    Commit commit = row.commit();
    if (commit.isOpen()) {
      return;
    }
    commit.provenance().forEach(source -> source(source.commit()));
    RepoName repo = row.name().repo();
    BranchName branch = new BranchName(repo, commit.branch());
    Ref.Branch recorded =
        snapshot.branch(branch).orElseGet(() -> CommitRecord.gone(branch, commit));
    sink.accept(
        new Portable.OfRecord(
            new CommitRecord.OfCommit(
                snapshot.needProject(repo.project()),
                snapshot.needRepo(repo),
                whole ? withHead(recorded, Optional.empty()) : plain(recorded, Optional.empty()),
                behind(row),
                new History(snapshot).nearestFinished(row).map(before -> before.name().id()),
                whole && row.output(),
                snapshot.merged(row),
                0)));
  }

  /// The commit as a child of the nearest one before it that is not open.
  private Commit behind(CommitRow row) {
    Optional<CommitRow> parent = closed(new History(snapshot).parent(row));
    Commit old = row.commit();
    return new Commit(
        old.name(),
        old.branch(),
        parent.map(before -> before.name().id()),
        old.provenance(),
        old.author(),
        old.message(),
        old.started(),
        old.metadata(),
        old.state());
  }

  private Optional<CommitRow> closed(Optional<CommitRow> from) {
    Optional<CommitRow> row = from;
    while (row.filter(found -> found.commit().isOpen()).isPresent()) {
      row = row.flatMap(new History(snapshot)::parent);
    }
    return row;
  }

  /// A commit that provenance names and that is not told as a commit stays as a stub, with all that
  /// it was made from.
  private void source(CommitName name) {
    Deque<CommitName> queue = new ArrayDeque<>(List.of(name));
    while (!queue.isEmpty()) {
      CommitName next = queue.remove();
      Optional<Commit> commit = snapshot.commit(next).map(CommitRow::commit);
      if (commit.filter(found -> repos.contains(next.repo()) && !found.isOpen()).isPresent()) {
        continue;
      }
      Optional<Stub> stub =
          commit
              .map(found -> new Stub(found, Stub.ELSEWHERE, found.started()))
              .or(() -> snapshot.stub(next));
      if (stub.isPresent() && told.add(digest(next))) {
        tell(stub.get());
        stub.get().commit().provenance().forEach(source -> queue.add(source.commit()));
      }
    }
  }

  /// What is left of a commit: of a repo that is told, that it was taken out.
  private void left(Stub stub) {
    if (told.add(digest(stub.commit().name()))) {
      tell(stub);
    }
  }

  private void tell(Stub stub) {
    RepoName repo = stub.commit().name().repo();
    Optional<CommitRecord> removed =
        repos.contains(repo) && !stub.deletedBy().equals(Stub.ELSEWHERE)
            ? CommitRecord.removed(snapshot, stub)
            : Optional.empty();
    sink.accept(
        removed.<Portable>map(Portable.OfRecord::new).orElseGet(() -> new Portable.OfStub(stub)));
  }

  private Optional<Portable> ref(Ref ref) {
    RepoName repo = ref.name().repo();
    return switch (ref) {
      case Ref.Tag tag ->
          snapshot
              .commit(new CommitName(repo, tag.commit()))
              .filter(row -> !row.commit().isOpen())
              .map(row ->
                  new Portable.OfRecord(
                      new CommitRecord.OfTag(
                          snapshot.needProject(repo.project()), snapshot.needRepo(repo), tag)));
      case Ref.Branch branch -> {
        Optional<CommitRow> head =
            branch.head().flatMap(id -> snapshot.commit(new CommitName(repo, id)));
        Optional<CommitId> id = closed(head).map(row -> row.name().id());
        yield Optional.of(new Portable.OfBranch(whole ? withHead(branch, id) : plain(branch, id)));
      }
    };
  }

  private static Ref.Branch withHead(Ref.Branch branch, Optional<CommitId> head) {
    return new Ref.Branch(
        branch.name(),
        head,
        branch.provenance(),
        branch.pipeline(),
        branch.author(),
        branch.created(),
        branch.metadata());
  }

  /// Without what computes it: where it arrives, users write to it.
  private static Ref.Branch plain(Ref.Branch branch, Optional<CommitId> head) {
    return new Ref.Branch(
        branch.name(),
        head,
        List.of(),
        Optional.empty(),
        branch.author(),
        branch.created(),
        branch.metadata());
  }

  private void each(String table, String prefix, Consumer<Row> action) {
    String after = "";
    List<Row> batch;
    do {
      batch = snapshot.rows().scan(table, prefix, after, Snapshot.BATCH);
      batch.forEach(action);
      after = batch.isEmpty() ? after : batch.getLast().name();
    } while (batch.size() == Snapshot.BATCH);
  }

  private static Digest digest(CommitName name) {
    return Digest.of(name.key().getBytes(StandardCharsets.UTF_8));
  }

  /// The repos that are there, in the order given; one that is not is refused with the nearest
  /// name.
  public static List<RepoName> check(Versions versions, List<RepoName> names) {
    if (names.isEmpty()) {
      throw new Fault.Invalid("The list of repos", "", "at least one").asException();
    }
    names.forEach(name -> {
      Repo _ = versions.repo(name);
    });
    return names.stream().distinct().toList();
  }
}
