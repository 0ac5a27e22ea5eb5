package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Lists, one page at a time, from one snapshot.
final class Listing {
  /// The longest page.
  static final int MAX_LIMIT = 10_000;

  /// Rows that a page with a filter looks at for each item that was asked for.
  private static final int LOOKED_AT = 20;

  private final Snapshot snapshot;

  Listing(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  Page<Project> projects(String cursor, int limit) {
    return rows(
        Tables.PROJECT,
        "",
        cursor,
        limit,
        row -> Tables.decode("A project record", row.value(), Wire::readProject),
        project -> true);
  }

  Page<Repo> repos(
      Optional<String> project, Optional<RepoName.Type> type, String cursor, int limit) {
    project.ifPresent(snapshot::needProject);
    return rows(
        Tables.REPO,
        project.map(name -> name + "/").orElse(""),
        cursor,
        limit,
        row -> Tables.decode("A repo record", row.value(), Wire::readRepo),
        repo -> type.isEmpty() || type.get() == repo.name().type());
  }

  Page<Ref> refs(RepoName repo, Predicate<Ref> kind, String cursor, int limit) {
    snapshot.needRepo(repo);
    return rows(
        Tables.REF, repo.key() + "/", cursor, limit, row -> Tables.decodeRef(row.value()), kind);
  }

  private <T> Page<T> rows(
      String table,
      String prefix,
      String cursor,
      int limit,
      Function<Row, T> reader,
      Predicate<T> wanted) {
    check(limit);
    List<T> items = new ArrayList<>();
    String after = cursor.isEmpty() ? "" : prefix + cursor;
    int left = LOOKED_AT * limit;
    while (left > 0) {
      int size = Math.min(Math.min(left, Snapshot.BATCH), limit + 1);
      List<Row> batch = snapshot.rows().scan(table, prefix, after, size);
      for (Row row : batch) {
        T item = reader.apply(row);
        if (wanted.test(item)) {
          if (items.size() == limit) {
            return new Page<>(items, Optional.of(after.substring(prefix.length())));
          }
          items.add(item);
        }
        after = row.name();
      }
      if (batch.size() < size) {
        return new Page<>(items, Optional.empty());
      }
      left -= size;
    }
    return new Page<>(items, Optional.of(after.substring(prefix.length())));
  }

  /// All commits of a repo, newest first. The cursor is the place of the last one handed out.
  Page<Commit> commits(RepoName repo, Predicate<Commit> wanted, String cursor, int limit) {
    check(limit);
    snapshot.needRepo(repo);
    String prefix = repo.key() + "/";
    List<Commit> items = new ArrayList<>();
    String before = cursor.isEmpty() ? "" : prefix + cursor;
    int left = LOOKED_AT * limit;
    while (left > 0) {
      int size = Math.min(Math.min(left, Snapshot.BATCH), limit + 1);
      List<Row> batch = snapshot.rows().scanBackwards(Tables.BY_REPO, prefix, before, size);
      for (Row row : batch) {
        if (items.size() == limit) {
          return new Page<>(items, Optional.of(before.substring(prefix.length())));
        }
        snapshot
            .commit(new CommitName(repo, new CommitId(Snapshot.text(row))))
            .map(CommitRow::commit)
            .filter(wanted)
            .ifPresent(items::add);
        before = row.name();
      }
      if (batch.size() < size) {
        return new Page<>(items, Optional.empty());
      }
      left -= size;
    }
    return new Page<>(items, Optional.of(before.substring(prefix.length())));
  }

  /// A commit and its ancestors. The cursor is the id of the next one.
  Page<Commit> history(CommitRow from, Predicate<Commit> wanted, String cursor, int limit) {
    check(limit);
    History history = new History(snapshot);
    Optional<CommitRow> row =
        cursor.isEmpty()
            ? Optional.of(from)
            : snapshot.commit(new CommitName(from.name().repo(), new CommitId(cursor)));
    List<Commit> items = new ArrayList<>();
    int left = LOOKED_AT * limit;
    while (row.isPresent() && items.size() < limit && left-- > 0) {
      if (wanted.test(row.get().commit())) {
        items.add(row.get().commit());
      }
      row = history.parent(row.get());
    }
    return new Page<>(items, row.map(next -> next.name().id().value()));
  }

  /// Commits derived from one, oldest first. The cursor is the row's place.
  Page<CommitName> derived(CommitName source, String cursor, int limit) {
    String prefix = source.key() + "/";
    return rows(
        Tables.DERIVED,
        prefix,
        cursor,
        limit,
        row -> {
          String rest = row.name().substring(prefix.length());
          return Tables.commitName(rest.substring(rest.indexOf('/') + 1));
        },
        name -> true);
  }

  /// The commits whose parent is this one.
  Page<CommitName> children(CommitName parent, String cursor, int limit) {
    return rows(
        Tables.CHILD,
        parent.key() + "/",
        cursor,
        limit,
        row -> new CommitName(parent.repo(), new CommitId(Tables.last(row.name()))),
        name -> true);
  }

  private static void check(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new Fault.Invalid("The limit", Integer.toString(limit), "1 to " + MAX_LIMIT)
          .asException();
    }
  }
}
