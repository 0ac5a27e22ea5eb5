package dev.dassie.version;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The finished commits of a history in which a path became another than it was in the finished
/// commit before, newest first. Computed as it is read: a commit costs one look at the path. Not
/// thread-safe.
public final class PathHistory implements Iterator<PathHistory.Found> {
  private static final int PAGE = 200;

  private final Versions versions;
  private final Filesets reader;
  private final CommitName from;
  private final FilePath path;
  private final Deque<Commit> page = new ArrayDeque<>();
  private Optional<String> cursor = Optional.of("");
  private Optional<State> newer = Optional.empty();
  private Optional<Found> next = Optional.empty();

  /// One commit and what it made of the path: a file or directory, or nothing.
  public record Found(Commit commit, Optional<Entry> old, Optional<Entry> now) {}

  private record State(Commit commit, Optional<Entry> entry) {}

  /// Begins at a commit; only it and its ancestors are looked at.
  public PathHistory(Versions versions, CommitName from, FilePath path) {
    this.versions = versions;
    this.reader = new Filesets(versions.chunks());
    this.from = from;
    this.path = path;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      Optional<Commit> commit = finished();
      Optional<State> older =
          commit.map(
              there -> new State(there, reader.find(there.finishedFiles().orElseThrow(), path)));
      if (newer.isEmpty() && older.isEmpty()) {
        return false;
      }
      Optional<Entry> old = older.flatMap(State::entry);
      next =
          newer
              .filter(state -> !same(state.entry(), old))
              .map(state -> new Found(state.commit(), old, state.entry()));
      newer = older;
    }
    return true;
  }

  @Override
  public Found next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Found found = next.orElseThrow();
    next = Optional.empty();
    return found;
  }

  private static boolean same(Optional<Entry> one, Optional<Entry> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() && other.isEmpty();
    }
    return one.get().hash().equals(other.get().hash())
        && (!(one.get() instanceof Entry.File file) || file.equals(other.get()));
  }

  private Optional<Commit> finished() {
    while (page.isEmpty() && cursor.isPresent()) {
      Page<Commit> more =
          versions.history(from, commit -> commit.finishedFiles().isPresent(), cursor.get(), PAGE);
      page.addAll(more.items());
      cursor = more.next();
    }
    return Optional.ofNullable(page.poll());
  }
}
