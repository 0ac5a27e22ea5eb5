package dev.dassie.version.merge;

import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Compares two filesets with what both come from, path by path in path order: what only `ours`
/// changed stays, what only `theirs` changed is taken over, what both changed alike is settled, the
/// rest is a conflict. Reads what differs from `base` and nothing else. Not thread-safe.
///
/// Where one side has a file and the other a directory, and both differ from the base, the path is
/// one conflict that stands for all beneath it. One of the two sides then has a file at that very
/// path added or removed, so it is found while the differences are walked.
final class ThreeWay implements Iterator<MergeStep> {
  private final Filesets reader;
  private final Fileset base;
  private final Fileset ours;
  private final Fileset theirs;
  private final Choices choices;
  private final Iterator<Difference> left;
  private final Iterator<Difference> right;
  private final List<FilePath> units = new ArrayList<>();
  private Optional<Difference> our = Optional.empty();
  private Optional<Difference> their = Optional.empty();
  private Optional<MergeStep> next = Optional.empty();

  ThreeWay(Filesets reader, Fileset base, Fileset ours, Fileset theirs, Choices choices) {
    this.reader = reader;
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
    this.choices = choices;
    this.left = reader.diff(base, ours, FilePath.ROOT);
    this.right = reader.diff(base, theirs, FilePath.ROOT);
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      our = our.isEmpty() && left.hasNext() ? Optional.of(left.next()) : our;
      their = their.isEmpty() && right.hasNext() ? Optional.of(right.next()) : their;
      if (their.isEmpty() && our.isEmpty()) {
        return false;
      }
      take();
    }
    return true;
  }

  @Override
  public MergeStep next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    MergeStep step = next.orElseThrow();
    next = Optional.empty();
    return step;
  }

  /// Looks at the first path that either side changed.
  private void take() {
    FilePath path = first();
    Optional<Difference> mine = our.filter(difference -> difference.path().equals(path));
    Optional<Difference> other = their.filter(difference -> difference.path().equals(path));
    our = mine.isPresent() ? Optional.empty() : our;
    their = other.isPresent() ? Optional.empty() : their;
    units.removeIf(unit -> isPast(unit, path));
    if (units.stream().anyMatch(path::isWithin)) {
      return;
    }
    if (isClash(path, mine, other)) {
      units.add(path);
      next = Optional.of(step(path, Optional.of(MergeStep.Conflict.FILE_AND_DIRECTORY)));
    } else if (other.isPresent() && mine.isEmpty()) {
      next = Optional.of(step(path, Optional.empty()));
    } else if (mine.isPresent()
        && other.isPresent()
        && !mine.get().now().equals(other.get().now())) {
      next = Optional.of(step(path, Optional.of(conflict(mine.get(), other.get()))));
    }
  }

  private FilePath first() {
    if (our.isEmpty() || their.isEmpty()) {
      return our.or(() -> their).orElseThrow().path();
    }
    FilePath mine = our.get().path();
    FilePath other = their.get().path();
    return mine.compareTo(other) <= 0 ? mine : other;
  }

  /// Whether all beneath a unit lies before a path that is not before the unit.
  private static boolean isPast(FilePath unit, FilePath path) {
    int length = unit.value().length();
    return !path.value().startsWith(unit.value())
        || (path.value().length() > length && path.value().charAt(length) > '/');
  }

  private boolean isClash(FilePath path, Optional<Difference> mine, Optional<Difference> other) {
    boolean appears =
        mine.filter(ThreeWay::comesOrGoes).isPresent()
            || other.filter(ThreeWay::comesOrGoes).isPresent();
    if (!appears) {
      return false;
    }
    Optional<Entry> ourEntry = reader.find(ours, path);
    Optional<Entry> theirEntry = reader.find(theirs, path);
    if (ourEntry.isEmpty()
        || theirEntry.isEmpty()
        || ourEntry.get() instanceof Entry.File == theirEntry.get() instanceof Entry.File) {
      return false;
    }
    Optional<Entry> old = reader.find(base, path);
    return !same(old, ourEntry.get()) && !same(old, theirEntry.get());
  }

  private static boolean comesOrGoes(Difference difference) {
    return difference.old().isEmpty() || difference.now().isEmpty();
  }

  private static boolean same(Optional<Entry> one, Entry other) {
    return one.filter(entry ->
            entry.hash().equals(other.hash())
                && (!(entry instanceof Entry.File file) || file.equals(other)))
        .isPresent();
  }

  private static MergeStep.Conflict conflict(Difference mine, Difference other) {
    if (mine.old().isEmpty()) {
      return MergeStep.Conflict.BOTH_ADDED;
    }
    if (mine.now().isEmpty()) {
      return MergeStep.Conflict.DELETED_BY_US;
    }
    return other.now().isEmpty()
        ? MergeStep.Conflict.DELETED_BY_THEM
        : MergeStep.Conflict.BOTH_CHANGED;
  }

  private MergeStep step(FilePath path, Optional<MergeStep.Conflict> conflict) {
    Optional<Side> side = conflict.isEmpty() ? Optional.of(Side.THEIRS) : choices.of(path);
    return new MergeStep(
        path,
        conflict,
        side,
        reader.find(base, path),
        reader.find(ours, path),
        reader.find(theirs, path));
  }
}
