package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what an address names (design S3): `repo`, `repo@branch`, `repo@tag`, `repo@id`,
/// `repo@prefix`, each with `^`, `^3`, `~3` or `.N` behind.
final class Addresses {
  /// Commits of a set that are looked at to find the one which the set used.
  private static final int MAX_VISITED = 10_000;

  /// Candidates of a prefix that are counted.
  private static final int MAX_COUNTED = 100;

  private static final Pattern STEP = Pattern.compile("\\^(\\d{0,18})|~(\\d{0,18})|\\.(\\d{1,18})");
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{8,31}");

  private final Snapshot snapshot;
  private final History history;

  Addresses(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.history = new History(snapshot);
  }

  /// What an address says: the ref, if it is one and nothing stands behind it, and the commit.
  record Found(Optional<Ref> ref, Optional<CommitRow> commit) {}

  /// A repo and what stands behind its `@`.
  record Parts(RepoName repo, String place) {}

  static Parts split(String project, String address) {
    int at = address.indexOf('@');
    RepoName repo = RepoName.parse(project, at < 0 ? address : address.substring(0, at));
    String place = at < 0 ? BranchName.DEFAULT_BRANCH : address.substring(at + 1);
    return new Parts(repo, place);
  }

  /// The commit of an address; a branch without commits is refused.
  CommitRow commit(String project, String address) {
    Parts parts = split(project, address);
    Found found = find(parts.repo(), parts.place());
    return found
        .commit()
        .orElseThrow(() ->
            new Fault.NotFound(
                    "commit",
                    parts.repo() + "@" + parts.place(),
                    Optional.of("The branch has no commit yet."))
                .asException());
  }

  Found find(RepoName repo, String place) {
    int end = 0;
    while (end < place.length() && "^~.".indexOf(place.charAt(end)) < 0) {
      end++;
    }
    Found start = start(repo, place.substring(0, end));
    return end == place.length() ? start : step(repo, place, end, start);
  }

  private Found step(RepoName repo, String place, int end, Found start) {
    Optional<CommitRow> row = start.commit();
    Matcher steps = STEP.matcher(place);
    int position = end;
    while (position < place.length()) {
      steps.region(position, place.length());
      if (!steps.lookingAt()) {
        throw new Fault.Invalid(
                "The commit address", repo + "@" + place, "`^`, `^3`, `~3` or `.3` behind a name")
            .asException();
      }
      Optional<CommitRow> from = row;
      row =
          steps.group(3) != null
              ? from.flatMap(r -> history.atDepth(r, Long.parseLong(steps.group(3))))
              : from.flatMap(r -> history.atDepth(r, r.depth() - back(steps)));
      position = steps.end();
    }
    if (row.isEmpty()) {
      throw new Fault.NotFound(
              "commit",
              repo + "@" + place,
              Optional.of(
                  "The history of `%s@%s` has %d commits."
                      .formatted(
                          repo,
                          place.substring(0, end),
                          start.commit().map(CommitRow::depth).orElse(0L))))
          .asException();
    }
    return new Found(Optional.empty(), row);
  }

  private static long back(Matcher steps) {
    String digits = steps.group(1) != null ? steps.group(1) : steps.group(2);
    return digits.isEmpty() ? 1 : Long.parseLong(digits);
  }

  private Found start(RepoName repo, String name) {
    if (Names.isCommitId(name)) {
      return new Found(Optional.empty(), Optional.of(byId(repo, new CommitId(name))));
    }
    Optional<Ref> ref = snapshot.ref(new BranchName(repo, name));
    if (ref.isPresent()) {
      Optional<CommitRow> head =
          ref.get().head().map(id -> snapshot.needCommit(new CommitName(repo, id)));
      return new Found(ref, head);
    }
    if (PREFIX.matcher(name).matches()) {
      return new Found(Optional.empty(), Optional.of(byPrefix(repo, name)));
    }
    throw snapshot.missingRef(repo, name).asException();
  }

  private CommitRow byId(RepoName repo, CommitId id) {
    CommitName name = new CommitName(repo, id);
    return snapshot
        .commit(name)
        .or(() -> used(repo, id))
        .orElseThrow(() -> snapshot.missing(name).asException());
  }

  private CommitRow byPrefix(RepoName repo, String prefix) {
    String key = repo.key() + "/";
    List<Row> own = snapshot.rows().scan(Tables.COMMIT, key + prefix, "", MAX_COUNTED);
    if (own.size() > 1) {
      throw new Fault.Conflict(
              "`%s@%s` could be any of %s%d commits; expected a prefix that only one has."
                  .formatted(
                      repo, prefix, own.size() == MAX_COUNTED ? "at least " : "", own.size()),
              Optional.of(
                  "The first two are `%s` and `%s`."
                      .formatted(
                          own.get(0).name().substring(key.length()),
                          own.get(1).name().substring(key.length()))))
          .asException();
    }
    if (own.size() == 1) {
      return CommitRow.decode(own.getFirst().value());
    }
    List<Row> sets = snapshot.rows().scan(Tables.BY_SET, prefix, "", 1);
    if (sets.size() == 1) {
      String id = sets.getFirst().name().substring(0, 32);
      // `0` is the character after the slash behind the id: the first row of another set.
      if (snapshot.rows().scan(Tables.BY_SET, prefix, id + "0", 1).isEmpty()) {
        return byId(repo, new CommitId(id));
      }
    }
    throw snapshot.missingRef(repo, prefix).asException();
  }

  /// The commit of the repo that a set used: the nearest one upstream of the set's own commits.
  private Optional<CommitRow> used(RepoName repo, CommitId set) {
    Deque<CommitRow> queue = new ArrayDeque<>(snapshot.set(set));
    Set<CommitName> seen = new HashSet<>();
    while (!queue.isEmpty() && seen.size() < MAX_VISITED) {
      for (Commit.Source source : queue.remove().commit().provenance()) {
        if (!seen.add(source.commit())) {
          continue;
        }
        Optional<CommitRow> row = snapshot.commit(source.commit());
        if (source.commit().repo().equals(repo)) {
          return row;
        }
        row.ifPresent(queue::add);
      }
    }
    return Optional.empty();
  }
}
