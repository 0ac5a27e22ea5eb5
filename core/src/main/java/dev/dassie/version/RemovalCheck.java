package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether single commits may be taken out of history (design S9): nothing that something depends
/// on. A refusal is `Fault.Conflict` and says what that is. Changes nothing.
final class RemovalCheck {
  /// Commits made from one, at any distance, that go with it.
  private static final int MAX_DERIVED = 1_000;

  /// Names in a refusal.
  private static final int NAMED = 3;

  private final Snapshot snapshot;

  RemovalCheck(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// A commit that nothing comes after and, with `recursive`, all that was made from it; older ones
  /// come first.
  List<CommitRow> deletable(CommitName name, boolean recursive) {
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
    return all;
  }

  /// A commit whose data is in the commits after it; else as [#deletable].
  List<CommitRow> squashable(CommitName name, boolean recursive) {
    List<CommitRow> all = all(name, recursive);
    for (CommitRow row : all) {
      refuseRefs(row, "squashed", false);
      if (children(row).isEmpty()) {
        throw new Fault.Conflict(
                "The commit `%s` cannot be squashed, no commit comes after it to keep its data."
                    .formatted(row.name()),
                Optional.of("`dassie delete commit` removes it with its data."))
            .asException();
      }
      refuseUnfinished(row, "squashed");
    }
    return all;
  }

  /// A commit that ended, that no branch or tag names, and that the rule of its branch lets go of,
  /// with all that was made from it, of which the same holds. Nothing need come after them.
  List<CommitRow> expirable(CommitName name, Thresholds thresholds) {
    List<CommitRow> all = all(name, true);
    for (CommitRow row : all) {
      thresholds.learn(snapshot, Thresholds.branch(row));
      thresholds
          .keeps(row)
          .ifPresent(why -> {
            String subject =
                row.name().equals(name)
                    ? "It"
                    : "`%s` was made from it, which".formatted(row.name());
            throw new Fault.Conflict("%s %s.".formatted(subject, why), Optional.empty())
                .asException();
          });
      refuseRefs(row, "let go", false);
      refuseUnfinished(row, "let go");
    }
    return all;
  }

  private void refuseUnfinished(CommitRow row, String done) {
    for (CommitRow child : children(row)) {
      if (!(child.commit().state() instanceof Commit.Finished)) {
        throw new Fault.Conflict(
                "The commit `%s` cannot be %s, `%s` after it is not finished."
                    .formatted(row.name(), done, child.name()),
                Optional.empty())
            .asException();
      }
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

  /// Refuses while a tag or branch names it, or a branch reads exactly it; the branch it was made
  /// on may let go of it.
  private void refuseRefs(CommitRow row, String done, boolean ownMayMove) {
    BranchName pinned = new BranchName(row.name().repo(), row.name().id().value());
    for (BranchName reader : snapshot.subscribers(pinned)) {
      throw new Fault.Conflict(
              "The commit `%s` cannot be %s, the branch `%s` reads it."
                  .formatted(row.name(), done, reader),
              Optional.of("Delete the pipeline that writes `%s` first.".formatted(reader)))
          .asException();
    }
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

  /// The commits that come directly after one.
  List<CommitRow> children(CommitRow row) {
    return snapshot.all(Tables.CHILD, row.name().key() + "/").stream()
        .flatMap(found ->
            snapshot
                .commit(new CommitName(row.name().repo(), new CommitId(Tables.last(found.name()))))
                .stream())
        .toList();
  }
}
