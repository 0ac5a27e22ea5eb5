package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Glob;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cuts the input of a pipeline into datums. Thread-safe; its iterators are not.
///
/// An input is read as a union of crosses of files: every way to choose one arm of each union. A
/// datum of several arms that would do the same work comes once.
public final class Datums {
  /// The most ways to choose one arm of each union of an input.
  public static final int MAX_COMBINATIONS = 256;

  private final Filesets filesets;

  public Datums(Filesets filesets) {
    this.filesets = filesets;
  }

  /// What a branch stood at.
  public record Source(CommitId commit, Fileset files) {}

  /// How many files of a branch no glob of an arm matched. `exact` is false where counting ended
  /// early, then there are at least `files`.
  public record Unmatched(String name, BranchName branch, String glob, long files, boolean exact) {}

  /// All datums, in the order of [Datum#orderKey], computed as they are asked for: memory does not
  /// grow with their number. A branch that `sources` lacks contributes nothing.
  public Iterator<Datum> of(Input input, Map<BranchName, Source> sources) {
    List<Iterator<Datum>> streams = new ArrayList<>();
    for (List<Input.Files> arms : combinations(input)) {
      if (arms.stream().allMatch(arm -> sources.containsKey(arm.branch()))) {
        List<CrossCursor.Arm> matches = new ArrayList<>();
        for (Input.Files arm : arms) {
          matches.add(arm(arm, sources));
        }
        streams.add(new CrossCursor(matches));
      }
    }
    return new DatumMerge(streams);
  }

  /// Counts the files that are in no datum, per arm, looking at no more than `limit` files of each.
  public List<Unmatched> unmatched(Input input, Map<BranchName, Source> sources, long limit) {
    List<Unmatched> counts = new ArrayList<>();
    for (Input.Files arm : input.arms()) {
      Optional<Source> source = Optional.ofNullable(sources.get(arm.branch()));
      counts.add(
          source.isEmpty()
              ? new Unmatched(arm.name(), arm.branch(), arm.glob(), 0, true)
              : count(arm, source.get(), limit));
    }
    return counts;
  }

  /// Every way to choose one arm of each union, each sorted by input name; more than
  /// [#MAX_COMBINATIONS] are refused.
  public static List<List<Input.Files>> combinations(Input input) {
    List<List<Input.Files>> sorted = new ArrayList<>();
    for (List<Input.Files> arms : expand(input)) {
      List<Input.Files> copy = new ArrayList<>(arms);
      copy.sort(Comparator.comparing(Input.Files::name));
      sorted.add(List.copyOf(copy));
    }
    return sorted;
  }

  private static List<List<Input.Files>> expand(Input input) {
    List<List<Input.Files>> ways = new ArrayList<>();
    switch (input) {
      case Input.Files files -> ways.add(List.of(files));
      case Input.Union union -> union.parts().forEach(part -> ways.addAll(expand(part)));
      case Input.Cross cross -> {
        ways.add(List.of());
        for (Input part : cross.parts()) {
          List<List<Input.Files>> longer = product(ways, expand(part));
          ways.clear();
          ways.addAll(longer);
        }
      }
    }
    return limited(ways);
  }

  private static List<List<Input.Files>> product(
      List<List<Input.Files>> left, List<List<Input.Files>> right) {
    List<List<Input.Files>> ways = new ArrayList<>();
    for (List<Input.Files> one : left) {
      for (List<Input.Files> other : right) {
        List<Input.Files> both = new ArrayList<>(one);
        both.addAll(other);
        ways.add(both);
      }
      limited(ways);
    }
    return ways;
  }

  private static List<List<Input.Files>> limited(List<List<Input.Files>> ways) {
    if (ways.size() > MAX_COMBINATIONS) {
      throw new Fault.Invalid(
              "The number of ways to choose one arm of each union",
              (MAX_COMBINATIONS + 1) + " or more",
              "at most " + MAX_COMBINATIONS)
          .asException();
    }
    return ways;
  }

  private CrossCursor.Arm arm(Input.Files arm, Map<BranchName, Source> sources) {
    Source source = Optional.ofNullable(sources.get(arm.branch())).orElseThrow();
    Glob glob = Glob.parse(arm.glob());
    return new CrossCursor.Arm(
        entry -> new Datum.Part(arm.name(), arm.branch(), source.commit(), entry, arm.emptyFiles()),
        () -> matches(source.files(), glob));
  }

  private Iterator<Entry> matches(Fileset files, Glob glob) {
    if (glob.matches(FilePath.ROOT, true)) {
      return Collections.<Entry>singleton(filesets.rootDirectory(files)).iterator();
    }
    return filesets.glob(files, glob, Optional.empty());
  }

  private Unmatched count(Input.Files arm, Source source, long limit) {
    Glob glob = Glob.parse(arm.glob());
    Iterator<Entry> matches = matches(source.files(), glob);
    Iterator<Entry.File> files = filesets.walk(source.files(), FilePath.ROOT, Optional.empty());
    Optional<Entry> match = matches.hasNext() ? Optional.of(matches.next()) : Optional.empty();
    long seen = 0;
    long unmatched = 0;
    while (files.hasNext() && seen < limit) {
      FilePath path = files.next().path();
      seen++;
      // Both come in tree order, so matches that end before the file can be passed by for good.
      while (match.isPresent() && isBefore(match.get(), path)) {
        match = matches.hasNext() ? Optional.of(matches.next()) : Optional.empty();
      }
      if (match.isEmpty() || !path.isWithin(match.get().path())) {
        unmatched++;
      }
    }
    return new Unmatched(arm.name(), arm.branch(), arm.glob(), unmatched, !files.hasNext());
  }

  /// Whether `match` and all that lies beneath it come before `path` in the order of a tree, where
  /// a directory stands as if its name ended with a slash.
  private static boolean isBefore(Entry match, FilePath path) {
    if (path.isWithin(match.path())) {
      return false;
    }
    String place = match.path().value() + (match instanceof Entry.Directory ? "/" : "");
    return Arrays.compareUnsigned(
            place.getBytes(StandardCharsets.UTF_8), path.value().getBytes(StandardCharsets.UTF_8))
        < 0;
  }
}
