package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Counts what the arms of an input find, and what of it makes no datum. Not thread-safe.
final class Counting {
  private static final int EXAMPLES = 5;

  private final Input input;
  private final Map<BranchName, Datums.Source> sources;
  private final long limit;
  private final Filesets filesets;
  private final Set<String> used = new HashSet<>();
  private boolean allUsed = true;

  Counting(
      ChunkStore.Session session, Input input, Map<BranchName, Datums.Source> sources, long limit) {
    this.input = input;
    this.sources = sources;
    this.limit = limit;
    this.filesets = new Filesets(session);
    if (input.keyed()) {
      Iterator<Datum> datums = new Datums(session).of(input, sources);
      for (long i = 0; i < limit && datums.hasNext(); i++) {
        datums.next().parts().forEach(part -> used.add(Match.leafPlace(part)));
      }
      allUsed = !datums.hasNext();
    }
  }

  List<Datums.Unmatched> counts() {
    List<Datums.Unmatched> counts = new ArrayList<>();
    for (Input.Files files : input.arms()) {
      Optional<Datums.Source> source = Optional.ofNullable(sources.get(files.branch()));
      counts.add(
          source.isEmpty()
              ? new Datums.Unmatched(
                  files.name(), files.branch(), files.glob(), 0, true, 0, 0, List.of())
              : count(new Arm(files), source.get()));
    }
    return counts;
  }

  private Datums.Unmatched count(Arm arm, Datums.Source source) {
    long matches = 0;
    long alone = 0;
    List<Datum.Part> examples = new ArrayList<>();
    Iterator<Entry> found = arm.matches(filesets, source.files());
    while (found.hasNext() && matches < limit) {
      Datum.Part part = arm.part(source.commit(), found.next());
      matches++;
      if (input.keyed() && allUsed && !used.contains(Match.leafPlace(part))) {
        alone++;
        if (examples.size() < EXAMPLES) {
          examples.add(part);
        }
      }
    }
    Walked walked = walk(arm, source);
    Input.Files files = arm.files();
    return new Datums.Unmatched(
        files.name(),
        files.branch(),
        files.glob(),
        walked.unmatched(),
        walked.whole() && allUsed && !found.hasNext(),
        matches,
        alone,
        examples);
  }

  private record Walked(long unmatched, boolean whole) {}

  private Walked walk(Arm arm, Datums.Source source) {
    Iterator<Entry> matches = arm.matches(filesets, source.files());
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
    return new Walked(unmatched, !files.hasNext());
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
