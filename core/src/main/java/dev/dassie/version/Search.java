package dev.dassie.version;

import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Finds what a person may mean by a word: names that have it, and commits whose ids begin with it.
public final class Search {
  /// Names that are looked at.
  private static final int MOST = 10_000;

  private static final int BATCH = 1_000;
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,32}");

  private final Snapshot snapshot;

  Search(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// What was found.
  ///
  /// @param repos of users' data and of pipelines
  /// @param commits in the order of their ids, those of a set together
  /// @param whole whether all names were looked at
  public record Found(List<Repo> repos, List<Ref> refs, List<Commit> commits, boolean whole) {
    public Found {
      repos = List.copyOf(repos);
      refs = List.copyOf(refs);
      commits = List.copyOf(commits);
    }
  }

  Found find(String word, int each) {
    String wanted = word.toLowerCase(Locale.ROOT);
    List<Repo> repos = new ArrayList<>();
    boolean all =
        look(
            Tables.REPO,
            row -> {
              boolean named = row.name().toLowerCase(Locale.ROOT).contains(wanted);
              if (named && RepoName.parse("", row.name()).type() == RepoName.Type.USER) {
                repos.add(Tables.decode("A repo record", row.value(), Wire::readRepo));
              }
              return repos.size() < each;
            });
    List<Ref> refs = new ArrayList<>();
    all &=
        look(
            Tables.REF,
            row -> {
              if (Tables.last(row.name()).toLowerCase(Locale.ROOT).contains(wanted)) {
                Ref ref = Tables.decodeRef(row.value());
                if (ref.name().repo().type() == RepoName.Type.USER) {
                  refs.add(ref);
                }
              }
              return refs.size() < each;
            });
    return new Found(repos, refs, commits(wanted, each), all);
  }

  private List<Commit> commits(String prefix, int each) {
    List<Commit> commits = new ArrayList<>();
    if (PREFIX.matcher(prefix).matches()) {
      for (Row row : snapshot.rows().scan(Tables.BY_SET, prefix, "", each)) {
        snapshot
            .commit(Tables.commitName(Snapshot.text(row)))
            .map(CommitRow::commit)
            .ifPresent(commits::add);
      }
    }
    return commits;
  }

  /// Shows rows until there is enough; false where more rows are there than are looked at.
  private boolean look(String table, Function<Row, Boolean> more) {
    String after = "";
    for (int seen = 0; seen < MOST; seen += BATCH) {
      List<Row> batch = snapshot.rows().scan(table, "", after, BATCH);
      for (Row row : batch) {
        if (!more.apply(row)) {
          return true;
        }
      }
      if (batch.size() < BATCH) {
        return true;
      }
      after = batch.getLast().name();
    }
    return false;
  }
}
