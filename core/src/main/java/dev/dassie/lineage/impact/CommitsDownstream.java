package dev.dassie.lineage.impact;

import dev.dassie.fileset.Fileset;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.Versions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Goes downstream from commit to commit, breadth first.
final class CommitsDownstream extends Downstream {
  private static final int PAGE = 1_000;

  private record Waiting(int depth, CommitName commit, String cursor) {}

  private final Versions versions;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Set<CommitName> seen = new HashSet<>();

  CommitsDownstream(Versions versions, CommitName first) {
    this.versions = versions;
    waiting.add(new Waiting(0, first, ""));
  }

  @Override
  boolean more() {
    Optional<Waiting> next = Optional.ofNullable(waiting.pollFirst());
    next.ifPresent(this::take);
    return next.isPresent();
  }

  private void take(Waiting from) {
    Page<CommitName> page = versions.derived(from.commit(), from.cursor(), PAGE);
    page.next()
        .ifPresent(cursor -> waiting.addFirst(new Waiting(from.depth(), from.commit(), cursor)));
    for (CommitName name : page.items()) {
      if (seen.add(name)) {
        versions.find(name).ifPresent(commit -> list(from, commit));
        waiting.add(new Waiting(from.depth() + 1, name, ""));
      }
    }
  }

  private void list(Waiting from, Commit commit) {
    Optional<Fileset> files = commit.finishedFiles();
    list(
        new Affected.OfCommit(
            from.depth() + 1,
            commit.name(),
            commit.branch(),
            switch (commit.state()) {
              case Commit.Open _ -> "open";
              case Commit.Finished _ -> "finished";
              case Commit.Failed _ -> "failed";
            },
            files.map(Fileset::files).orElse(0L),
            files.map(Fileset::size).orElse(0L),
            from.commit()));
  }

  @Override
  public void close() {
    waiting.clear();
  }
}
