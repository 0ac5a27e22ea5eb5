package dev.dassie.lineage.verdict;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Keeps verdicts of commands on commits, and lists the commits between a good and a bad one with
/// what is known of them (design L5). Thread-safe.
public final class Verdicts {
  /// The most commits between good and bad.
  public static final int MAX_COMMITS = 100_000;

  private static final String TABLE = "verdict";
  private static final Pattern COMMAND = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_EXIT = 255;
  private static final int PAGE = 1_000;

  /// Rows that are looked at with each that is written, for ones that have outlived their commits.
  private static final int TIDIED = 100;

  private final Versions versions;
  private final Metadata metadata;

  public Verdicts(Versions versions) {
    this.versions = versions;
    this.metadata = versions.metadata();
  }

  /// A finished commit, and what the command said of it.
  public record Candidate(Commit commit, Optional<Verdict> verdict) {}

  /// The finished commits after `good` up to `bad`, oldest first. `Fault.Conflict` where `good` is
  /// not in the history of `bad`.
  ///
  /// @param command SHA-256 of the command, 64 hex digits
  public List<Candidate> between(CommitName good, CommitName bad, String command) {
    check(command);
    if (!good.repo().equals(bad.repo())) {
      throw new Fault.Invalid(
              "The good commit", good.toString(), "one of the repo `%s`".formatted(bad.repo()))
          .asException();
    }
    List<Commit> found = new ArrayList<>();
    String cursor = "";
    Optional<String> next = Optional.of(cursor);
    while (next.isPresent() && found.size() <= MAX_COMMITS) {
      Page<Commit> page = versions.history(bad, commit -> true, next.get(), PAGE);
      for (Commit commit : page.items()) {
        if (commit.name().equals(good)) {
          return candidates(found, command);
        }
        if (commit.finishedFiles().isPresent()) {
          found.add(commit);
        }
      }
      next = page.next();
    }
    if (found.size() > MAX_COMMITS) {
      throw new Fault.Invalid(
              "The number of commits between good and bad",
              "more than %,d".formatted(MAX_COMMITS),
              "fewer")
          .asException();
    }
    throw new Fault.Conflict(
            "The commit `%s` is not in the history of `%s`.".formatted(good, bad),
            Optional.of("Name the older one, the good one, first."))
        .asException();
  }

  private List<Candidate> candidates(List<Commit> newestFirst, String command) {
    List<Candidate> candidates = new ArrayList<>(newestFirst.size());
    for (int from = 0; from < newestFirst.size(); from += PAGE) {
      List<Commit> some = newestFirst.subList(from, Math.min(newestFirst.size(), from + PAGE));
      candidates.addAll(
          metadata.read(rows ->
              some.stream()
                  .map(commit ->
                      new Candidate(
                          commit, rows.get(key(commit.name(), command)).map(Verdict::decode)))
                  .toList()));
    }
    return candidates.reversed();
  }

  /// Remembers what a command said, in place of what it said before.
  public Verdict put(Call call, CommitName commit, String command, int exitCode) {
    check(command);
    if (exitCode < 0 || exitCode > MAX_EXIT) {
      throw new Fault.Invalid("The exit code", Integer.toString(exitCode), "0 to 255")
          .asException();
    }
    Commit _ = versions.inspect(commit);
    Verdict verdict =
        new Verdict(
            Verdict.Kind.of(exitCode), exitCode, versions.clock().instant(), call.principal());
    List<Metadata.Row> old =
        metadata.read(rows -> rows.scan(TABLE, "", key(commit, command).name(), TIDIED));
    List<Metadata.Key> gone =
        old.stream()
            .filter(row -> versions.find(commit(row.name())).isEmpty())
            .map(row -> new Metadata.Key(TABLE, row.name()))
            .toList();
    return metadata.write(rows -> {
      gone.forEach(rows::delete);
      rows.put(key(commit, command), verdict.encode());
      return verdict;
    });
  }

  private static void check(String command) {
    if (!COMMAND.matcher(command).matches()) {
      throw new Fault.Invalid("The command", command, "its SHA-256 as 64 hex digits").asException();
    }
  }

  private static Metadata.Key key(CommitName commit, String command) {
    return new Metadata.Key(TABLE, commit.repo().key() + "/" + command + "/" + commit.id().value());
  }

  private static CommitName commit(String name) {
    int id = name.lastIndexOf('/');
    int command = name.lastIndexOf('/', id - 1);
    return new CommitName(
        RepoName.parse(RepoName.DEFAULT_PROJECT, name.substring(0, command)),
        new CommitId(name.substring(id + 1)));
  }
}
