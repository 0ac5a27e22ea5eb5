package dev.dassie.lineage.reason;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Executor;
import dev.dassie.job.Job;
import dev.dassie.job.Recipes;
import dev.dassie.job.Results;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds why two commits of a repo differ, through provenance: down to files that nobody derived,
/// code and parameters (design L5). Thread-safe.
public final class Causes {
  private static final int MAX_CAUSES = 1_000;
  private static final int MAX_PAIRS = 1_000;

  private final Versions versions;
  private final DatumReader reader;
  private final Runs runs;
  private final Comparison comparison;

  public Causes(Versions versions, Results results, Recipes recipes, Executor executor) {
    this.versions = versions;
    this.reader = new DatumReader(versions, results);
    this.runs = new Runs(versions, reader, recipes, executor);
    this.comparison = new Comparison(versions.chunks());
  }

  /// One difference that nothing else explains.
  ///
  /// @param depth stages upstream of what was asked for
  /// @param before the commit without it
  /// @param after the commit with it: a user's, or the output of the pipeline whose code or
  ///   parameter differs
  public record Cause(int depth, CommitName before, Commit after, Difference difference) {}

  private record Pair(int depth, CommitName before, CommitName after) {}

  /// What made `after` differ from `before`, nearest first.
  public List<Cause> between(CommitName before, CommitName after) {
    if (!before.repo().equals(after.repo())) {
      throw new Fault.Invalid(
              "The other commit", before.toString(), "one of the repo `%s`".formatted(after.repo()))
          .asException();
    }
    Deque<Pair> waiting = new ArrayDeque<>(List.of(new Pair(0, before, after)));
    Set<Pair> seen = new HashSet<>(waiting);
    List<Cause> causes = new ArrayList<>();
    while (!waiting.isEmpty() && causes.size() < MAX_CAUSES && seen.size() < MAX_PAIRS) {
      Pair pair = waiting.removeFirst();
      for (Pair next : look(pair, causes)) {
        if (seen.add(next)) {
          waiting.add(next);
        }
      }
    }
    return causes;
  }

  /// Adds what is a cause, and answers with what is to be looked at upstream.
  private List<Pair> look(Pair pair, List<Cause> causes) {
    Optional<Commit> after = versions.find(pair.after());
    Optional<Job> was = reader.maker(pair.before());
    Optional<Job> is = reader.maker(pair.after());
    if (after.isEmpty()) {
      return List.of();
    }
    if (was.isEmpty() || is.isEmpty()) {
      changed(pair, after.get()).ifPresent(causes::add);
      return List.of();
    }
    for (Difference difference : runs.computations(was.get(), is.get())) {
      causes.add(new Cause(pair.depth(), pair.before(), after.get(), difference));
    }
    List<Pair> upstream = new ArrayList<>();
    for (Difference difference : runs.data(was.get(), is.get())) {
      Optional<Difference.Files> files = difference.files().filter(some -> some.count() > 0);
      Optional<CommitName> old = files.flatMap(Difference.Files::before);
      Optional<CommitName> now = files.flatMap(Difference.Files::after);
      if (old.isPresent() && now.isPresent() && old.get().repo().equals(now.get().repo())) {
        upstream.add(new Pair(pair.depth() + 1, old.get(), now.get()));
      } else if (files.isPresent()) {
        causes.add(new Cause(pair.depth(), pair.before(), after.get(), difference));
      }
    }
    return upstream;
  }

  private Optional<Cause> changed(Pair pair, Commit after) {
    Optional<Fileset> old = versions.find(pair.before()).flatMap(Commit::finishedFiles);
    Optional<Fileset> now = after.finishedFiles();
    if (old.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    Difference.Files files =
        comparison.changed(
            Optional.of(pair.before()),
            Optional.of(pair.after()),
            old.get(),
            now.get(),
            FilePath.ROOT,
            path -> true);
    Difference difference =
        new Difference(
            Difference.Kind.INPUT,
            pair.after().repo().local(),
            Optional.of(pair.before().toString()),
            Optional.of(pair.after().toString()),
            Optional.of(files));
    return files.count() == 0
        ? Optional.empty()
        : Optional.of(new Cause(pair.depth(), pair.before(), after, difference));
  }
}
