package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes single commits out of history in a transaction (design S9): nothing that something depends
/// on, and always with a stub left behind.
final class CommitRemoval {
  /// Commits behind one that is squashed: each gets its new place.
  private static final int MAX_DESCENDANTS = 100_000;

  private final Change change;
  private final Snapshot snapshot;
  private final RemovalCheck check;

  CommitRemoval(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
    this.check = new RemovalCheck(snapshot);
  }

  /// Removes a commit that nothing comes after; heads go back to its parent.
  void delete(CommitName name, boolean recursive) {
    for (CommitRow row : check.deletable(name, recursive).reversed()) {
      moveBack(row);
      remove(row);
    }
  }

  /// Removes a commit whose data is in the commits after it.
  void squash(CommitName name, boolean recursive) {
    take(check.squashable(name, recursive));
  }

  /// Removes a commit that its branch's rule lets go of, with what was made from it.
  void expire(CommitName name, Thresholds thresholds) {
    take(check.expirable(name, thresholds));
  }

  private void take(List<CommitRow> all) {
    for (CommitRow row : all.reversed()) {
      replace(row);
      remove(row);
    }
  }

  /// The branch of a commit that goes has the parent as its head.
  private void moveBack(CommitRow row) {
    BranchName name = new BranchName(row.name().repo(), row.commit().branch());
    Optional<Ref.Branch> branch = snapshot.branch(name);
    if (branch.flatMap(Ref.Branch::head).filter(row.name().id()::equals).isPresent()) {
      change.refs().moveBack(branch.get(), new History(snapshot).parent(row));
    }
  }

  /// The commits behind one that is squashed get its place in history.
  private void replace(CommitRow row) {
    Optional<CommitRow> parent = new History(snapshot).parent(row);
    Deque<CommitRow> queue = new ArrayDeque<>();
    for (CommitRow child : check.children(row)) {
      change.delete(Tables.child(row.name(), child.name().id()));
      parent.ifPresent(
          above -> change.put(Tables.child(above.name(), child.name().id()), Tables.NOTHING));
      queue.add(move(child, parent));
    }
    Set<CommitName> done = new LinkedHashSet<>();
    while (!queue.isEmpty()) {
      CommitRow above = queue.remove();
      done.add(above.name());
      check.children(above).forEach(child -> queue.add(move(child, Optional.of(above))));
      if (done.size() > MAX_DESCENDANTS) {
        throw new Fault.Conflict(
                "More than %d commits come after `%s`.".formatted(MAX_DESCENDANTS, row.name()),
                Optional.of("Squash a newer one."))
            .asException();
      }
    }
  }

  private CommitRow move(CommitRow row, Optional<CommitRow> parent) {
    Commit old = row.commit();
    Commit commit =
        new Commit(
            old.name(),
            old.branch(),
            parent.map(above -> above.name().id()),
            old.provenance(),
            old.author(),
            old.message(),
            old.started(),
            old.metadata(),
            old.state());
    CommitRow moved =
        change
            .commits()
            .place(commit, row.order(), row.output(), parent)
            .withNearest(row.nearest());
    change.put(Tables.commit(row.name()), moved.encode());
    return moved;
  }

  private void remove(CommitRow row) {
    Stub stub = new Stub(row.commit(), change.call().principal(), change.now());
    new Removal(change).deleteCommit(row, Optional.of(stub));
    change.removed().add(stub);
    Event event = Event.of(Event.COMMIT_DELETED, row.commit(), change.call(), change.now());
    String reason = change.call().message();
    change.append(reason.isEmpty() ? event : event.with("reason", reason));
  }
}
