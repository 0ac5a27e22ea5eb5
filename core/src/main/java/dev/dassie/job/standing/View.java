package dev.dassie.job.standing;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.job.JobInputs;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.Input;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Ref;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The data that a process shows: of every input the newest finished commit, whole. Nothing for a
/// spout.
///
/// @param sources one per files input, left to right
/// @param telling content of those inputs whose changes matter
record View(List<Source> sources, List<Hash> telling) {
  /// Paths that the globs of one process may match; a folder that is matched counts once.
  static final int MOST_PATHS = 100_000;

  /// What a spout has.
  static final View NONE = new View(List.of(), List.of());

  View {
    sources = List.copyOf(sources);
    telling = List.copyOf(telling);
  }

  /// One input and what it reads.
  record Source(Input.Files input, CommitName commit, Fileset files) {}

  /// What there is to show now.
  sealed interface Found {}

  record Whole(View view) implements Found {}

  /// An input has nothing to show.
  record Lacking(String sentence) implements Found {}

  /// Of one commit set an input is finished and another is not: shown together they would be of
  /// different times.
  record Mixed(String sentence) implements Found {}

  static Found of(Versions versions, Input input) {
    List<Source> sources = new ArrayList<>();
    List<Hash> telling = new ArrayList<>();
    Set<BranchName> quiet = input.quiet();
    for (Input.Files arm : input.arms()) {
      Optional<Commit> commit = JobInputs.newest(versions, arm.branch());
      Optional<Fileset> files = commit.flatMap(Commit::finishedFiles);
      if (files.isEmpty()) {
        return new Lacking("The input `%s` has no finished commit.".formatted(arm.branch()));
      }
      sources.add(new Source(arm, commit.get().name(), files.get()));
      if (!quiet.contains(arm.branch())) {
        telling.add(files.get().hash());
      }
    }
    Optional<CommitName> open = unfinished(versions, sources);
    return open.isPresent()
        ? new Mixed("New data is shown when `%s` has finished.".formatted(open.get()))
        : new Whole(new View(sources, telling));
  }

  /// A head that is open and belongs to the set of a commit that would be shown beside it.
  private static Optional<CommitName> unfinished(Versions versions, List<Source> sources) {
    Set<CommitId> sets =
        sources.stream().map(source -> source.commit().id()).collect(Collectors.toSet());
    return sources.stream()
        .map(source -> source.input().branch())
        .filter(branch -> !branch.isPinned())
        .flatMap(branch ->
            versions
                .findRef(branch)
                .flatMap(Ref::head)
                .filter(sets::contains)
                .map(id -> new CommitName(branch.repo(), id))
                .flatMap(versions::find)
                .filter(Commit::isOpen)
                .map(Commit::name)
                .stream())
        .findFirst();
  }

  /// Whether a process that shows another view shows this one as well.
  boolean isAs(View other) {
    return telling.equals(other.telling);
  }

  /// What it is made from.
  List<Commit.Source> commits() {
    return sources.stream()
        .map(source -> new Commit.Source(source.commit(), source.input().branch().branch()))
        .toList();
  }

  /// The files as parts of one datum; refused where a glob matches nothing or too much.
  List<Task.Part> parts(Filesets filesets) {
    List<Task.Part> parts = new ArrayList<>();
    for (Source source : sources) {
      int before = parts.size();
      add(parts, source, filesets);
      if (parts.size() == before) {
        throw new Fault.Conflict(
                "The glob `%s` of the input `%s` matches nothing in `%s`."
                    .formatted(
                        source.input().glob(), source.input().name(), source.input().branch()),
                Optional.empty())
            .asException();
      }
    }
    return parts;
  }

  private static void add(List<Task.Part> parts, Source source, Filesets filesets) {
    Set<FilePath> folders = new HashSet<>();
    Iterator<Entry> matches = new Arm(source.input()).matches(filesets, source.files());
    while (matches.hasNext()) {
      Entry match = matches.next();
      if (isWithin(match.path(), folders)) {
        continue;
      }
      if (match instanceof Entry.Directory folder) {
        folders.add(folder.path());
      }
      if (parts.size() == MOST_PATHS) {
        throw new Fault.Invalid(
                "The glob of the input `%s`".formatted(source.input().name()),
                source.input().glob(),
                "one that matches at most 100,000 files and folders; `/` is the whole repo")
            .asException();
      }
      parts.add(
          new Task.Part(
              source.input().name(),
              match,
              source.commit().id().value(),
              source.input().emptyFiles()));
    }
  }

  /// Whether a folder that is shown holds the path.
  private static boolean isWithin(FilePath path, Set<FilePath> folders) {
    FilePath at = path;
    while (!folders.isEmpty() && !at.isRoot()) {
      at = at.parent();
      if (folders.contains(at)) {
        return true;
      }
    }
    return false;
  }
}
