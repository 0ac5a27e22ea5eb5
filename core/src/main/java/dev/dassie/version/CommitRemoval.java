package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes single commits out of history in a transaction (design S9): nothing that something depends
/// on, and always with a stub left behind.
final class CommitRemoval {
  /// Commits made from one, at any distance, that go with it.
  private static final int MAX_DERIVED = 1_000;

  /// Commits behind one that is squashed: each gets its new place.
  private static final int MAX_DESCENDANTS = 100_000;

  /// Names in a refusal.
  private static final int NAMED = 3;

  private final Change change;
  private final Snapshot snapshot;

  CommitRemoval(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
  }

  /// Removes a commit that nothing comes after; heads go back to its parent.
  void delete(CommitName name, boolean recursive) {
    List<CommitRow> all = all(name, recursive);
    Set<CommitName> going =
        all.stream().map(CommitRow::name).collect(Collectors.toUnmodifiableSet());
    for (CommitRow row : all) {
      List<CommitRow> children =
          children(row).stream().filter(child -> !going.contains(child.name())).toList();
      if (!children.isEmpty()) {
        throw new Fault.Conflict(
                "The commit `%s` cannot be deleted, `%s` comes after it."
                    .formatted(row.name(), children.getFirst().name()),
                Optional.of("`dassie squash commit` takes it out and leaves its data there."))
            .asException();
      }
      refuseRefs(row, "deleted", true);
    }
    for (CommitRow row : all.reversed()) {
      moveBack(row);
      remove(row);
    }
  }

  /// Removes a commit whose data is in the commits after it.
  void squash(CommitName name, boolean recursive) {
    List<CommitRow> all = all(name, recursive);
    for (CommitRow row : all) {
      refuseRefs(row, "squashed", false);
      List<CommitRow> children = children(row);
      if (children.isEmpty()) {
        throw new Fault.Conflict(
                "The commit `%s` cannot be squashed, no commit comes after it to keep its data."
                    .formatted(row.name()),
                Optional.of("`dassie delete commit` removes it with its data."))
            .asException();
      }
      for (CommitRow child : children) {
        if (!(child.commit().state() instanceof Commit.Finished)) {
          throw new Fault.Conflict(
                  "The commit `%s` cannot be squashed, `%s` after it is not finished."
                      .formatted(row.name(), child.name()),
                  Optional.empty())
              .asException();
        }
      }
    }
    for (CommitRow row : all.reversed()) {
      replace(row);
      remove(row);
    }
  }

  /// The commit and, with `recursive`, all that was made from it; older ones come first.
  private List<CommitRow> all(CommitName name, boolean recursive) {
    CommitRow row = snapshot.needCommit(name);
    refuseMade(row);
    Map<CommitName, CommitRow> found = new LinkedHashMap<>();
    Deque<CommitRow> queue = new ArrayDeque<>(List.of(row));
    while (!queue.isEmpty()) {
      CommitRow next = queue.remove();
      if (found.put(next.name(), next) != null) {
        continue;
      }
      List<CommitRow> derived = derived(next);
      if (!derived.isEmpty() && !recursive) {
        throw new Fault.Conflict(
                "The commit `%s` is needed: %s made from it.".formatted(name, named(derived)),
                Optional.of("`--recursive` takes along all that was made from it."))
            .asException();
      }
      queue.addAll(derived);
      if (found.size() > MAX_DERIVED) {
        throw new Fault.Conflict(
                "More than %d commits were made from `%s`.".formatted(MAX_DERIVED, name),
                Optional.empty())
            .asException();
      }
    }
    for (CommitRow derived : found.values()) {
      if (derived.output() && derived.commit().isOpen()) {
        throw new Fault.Conflict(
                "The commit `%s` is needed: the job that makes `%s` from it is not over."
                    .formatted(name, derived.name()),
                Optional.of("Wait for it, or stop it with `dassie stop job`."))
            .asException();
      }
    }
    return found.values().stream().sorted(Comparator.comparingLong(CommitRow::order)).toList();
  }

  private void refuseMade(CommitRow row) {
    if (row.name().repo().type() == RepoName.Type.SPEC) {
      throw new Fault.Conflict(
              "The commit `%s` is a version of a pipeline.".formatted(row.name()),
              Optional.of("Delete the pipeline to remove it."))
          .asException();
    }
    if (!row.commit().provenance().isEmpty()) {
      throw new Fault.Conflict(
              "The commit `%s` was made from `%s`; expected one that users wrote."
                  .formatted(row.name(), row.commit().provenance().getFirst().commit()),
              Optional.of("Remove what it was made from, with `--recursive`."))
          .asException();
    }
  }

  private List<CommitRow> derived(CommitRow row) {
    String prefix = row.name().key() + "/";
    List<CommitRow> derived = new ArrayList<>();
    for (Row found : snapshot.rows().scan(Tables.DERIVED, prefix, "", MAX_DERIVED + 1)) {
      String rest = found.name().substring(prefix.length());
      snapshot
          .commit(Tables.commitName(rest.substring(rest.indexOf('/') + 1)))
          .ifPresent(derived::add);
    }
    return derived;
  }

  private static String named(List<CommitRow> rows) {
    List<String> names = rows.stream().limit(NAMED).map(row -> "`" + row.name() + "`").toList();
    String more = rows.size() > NAMED ? " and %d more".formatted(rows.size() - NAMED) : "";
    return String.join(", ", names) + more + (rows.size() == 1 ? " was" : " were");
  }

  /// Refuses while a tag or branch names it; the branch it was made on may let go of it.
  private void refuseRefs(CommitRow row, String done, boolean ownMayMove) {
    for (Row head : snapshot.all(Tables.HEAD_OF, row.name().key() + "/")) {
      String name = Tables.last(head.name());
      Optional<Ref> ref = snapshot.ref(new BranchName(row.name().repo(), name));
      boolean tag = ref.filter(Ref.Tag.class::isInstance).isPresent();
      if (!tag && ownMayMove && name.equals(row.commit().branch())) {
        continue;
      }
      throw new Fault.Conflict(
              "The commit `%s` cannot be %s, the %s `%s` names it."
                  .formatted(row.name(), done, tag ? "tag" : "branch", name),
              Optional.of(
                  tag
                      ? "Delete the tag first."
                      : "Put a commit behind it, or move the branch, first."))
          .asException();
    }
  }

  private List<CommitRow> children(CommitRow row) {
    return snapshot.all(Tables.CHILD, row.name().key() + "/").stream()
        .flatMap(found ->
            snapshot
                .commit(new CommitName(row.name().repo(), new CommitId(Tables.last(found.name()))))
                .stream())
        .toList();
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
    for (CommitRow child : children(row)) {
      change.delete(Tables.child(row.name(), child.name().id()));
      parent.ifPresent(
          above -> change.put(Tables.child(above.name(), child.name().id()), Tables.NOTHING));
      queue.add(move(child, parent));
    }
    Set<CommitName> done = new LinkedHashSet<>();
    while (!queue.isEmpty()) {
      CommitRow above = queue.remove();
      done.add(above.name());
      children(above).forEach(child -> queue.add(move(child, Optional.of(above))));
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
    change.append(Event.of(Event.COMMIT_DELETED, row.commit(), change.call(), change.now()));
  }
}
