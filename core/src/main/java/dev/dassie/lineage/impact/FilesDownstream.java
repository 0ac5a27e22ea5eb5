package dev.dassie.lineage.impact;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Job;
import dev.dassie.job.PlannedDatum;
import dev.dassie.job.Readers;
import dev.dassie.job.Recipes;
import dev.dassie.job.Result;
import dev.dassie.job.Results;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Goes downstream from file to file, breadth first: each datum that read one, and what it wrote.
/// Holds what is listed and what waits, at most [Impacts#MAX_LISTED] and what the last of them
/// gave.
final class FilesDownstream extends Downstream {
  private static final int PAGE = 1_000;
  private static final int KEPT = 1_000;

  /// A file whose readers are to be found.
  private record Waiting(int depth, CommitName commit, FilePath path, Hash hash) {}

  private record Listed(CommitName commit, FilePath path) {}

  /// A job that read a commit, with what it left.
  private record Reading(Job job, Commit output, Fileset files) {}

  private final Versions versions;
  private final Results results;
  private final DatumReader reader;
  private final Readers readers;
  private final Filesets filesets;
  private final boolean later;
  private final CommitName asked;
  private final Iterator<Entry.File> first;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Set<Listed> seen = new HashSet<>();
  private final Set<CommitName> wholes = new HashSet<>();
  private final Map<CommitName, List<Reading>> readings = new HashMap<>();

  FilesDownstream(
      Versions versions,
      Results results,
      Recipes recipes,
      DatumReader reader,
      Commit asked,
      Iterator<Entry.File> first,
      boolean later) {
    this.versions = versions;
    this.results = results;
    this.reader = reader;
    this.readers = new Readers(versions, recipes, reader);
    this.filesets = new Filesets(versions.chunks());
    this.later = later;
    this.asked = asked.name();
    this.first = first;
  }

  @Override
  boolean more() {
    if (first.hasNext()) {
      Entry.File file = first.next();
      take(new Waiting(0, asked, file.path(), file.hash()));
      return true;
    }
    Optional<Waiting> next = Optional.ofNullable(waiting.pollFirst());
    next.ifPresent(this::take);
    return next.isPresent();
  }

  private void take(Waiting file) {
    for (Reading reading : readings(file.commit())) {
      if (file.commit().repo().type() == RepoName.Type.SPEC) {
        whole(file, reading);
        continue;
      }
      List<Job.Source> inputs = reading.job().inputs();
      for (int leaf = 0; leaf < inputs.size(); leaf++) {
        if (inputs.get(leaf).commit().equals(Optional.of(file.commit()))) {
          readers.each(reading.job(), leaf, file.path(), datum -> wrote(file, reading, datum));
        }
      }
    }
    if (later && file.depth() == 0) {
      sameLater(file);
    }
  }

  /// Jobs that ended well with an output made from the commit.
  private List<Reading> readings(CommitName commit) {
    List<Reading> known = readings.get(commit);
    if (known != null) {
      return known;
    }
    if (readings.size() >= KEPT) {
      readings.clear();
    }
    List<Reading> found = new ArrayList<>();
    String cursor = "";
    Optional<String> next;
    do {
      Page<CommitName> page = versions.derived(commit, cursor, PAGE);
      for (CommitName name : page.items()) {
        Optional<Commit> output = versions.find(name);
        Optional<Fileset> files = output.flatMap(Commit::finishedFiles);
        Optional<Job> job = reader.maker(name);
        if (files.isPresent() && job.isPresent()) {
          found.add(new Reading(job.get(), output.orElseThrow(), files.get()));
        }
      }
      next = page.next();
      cursor = next.orElse("");
    } while (next.isPresent() && found.size() < Impacts.MAX_LISTED);
    readings.put(commit, found);
    return found;
  }

  /// Code or a spec: all that the job left.
  private void whole(Waiting file, Reading reading) {
    if (wholes.add(reading.output().name())) {
      Iterator<Entry.File> all = filesets.walk(reading.files(), FilePath.ROOT, Optional.empty());
      for (int i = 0; i <= Impacts.MAX_LISTED && all.hasNext(); i++) {
        file(file, reading, all.next(), Optional.empty());
      }
    }
  }

  private void wrote(Waiting file, Reading reading, PlannedDatum datum) {
    Optional<Result> result = results.find(datum.key());
    Optional<Fileset> output = result.flatMap(Result::output);
    if (output.isEmpty()) {
      if (result.isEmpty()) {
        list(
            new Affected.Cut(
                file.depth() + 1,
                "What the datum `%s` of `%s` wrote is not known any more: its result is not kept."
                    .formatted(datum.id(), reading.job().name())));
      }
      return;
    }
    Iterator<Entry.File> wrote = filesets.walk(output.get(), FilePath.ROOT, Optional.empty());
    for (int i = 0; i <= Impacts.MAX_LISTED && wrote.hasNext(); i++) {
      filesets
          .find(reading.files(), wrote.next().path())
          .filter(Entry.File.class::isInstance)
          .map(Entry.File.class::cast)
          .ifPresent(made -> file(file, reading, made, Optional.of(datum.id().toString())));
    }
  }

  private void file(Waiting from, Reading reading, Entry.File made, Optional<String> datum) {
    CommitName commit = reading.output().name();
    if (seen.add(new Listed(commit, made.path()))) {
      list(
          new Affected.File(
              from.depth() + 1,
              commit,
              reading.output().branch(),
              made.path(),
              made.hash(),
              made.size(),
              reading.job().name(),
              datum,
              new Affected.Source(from.commit(), from.path())));
      waiting.add(new Waiting(from.depth() + 1, commit, made.path(), made.hash()));
    }
  }

  /// The commits right after one that have the same file: from them it goes on.
  private void sameLater(Waiting file) {
    String cursor = "";
    Optional<String> next;
    do {
      Page<CommitName> page = versions.children(file.commit(), cursor, PAGE);
      for (CommitName child : page.items()) {
        versions
            .find(child)
            .flatMap(Commit::finishedFiles)
            .flatMap(files -> filesets.find(files, file.path()))
            .filter(entry -> entry.hash().equals(file.hash()))
            .ifPresent(same -> waiting.addFirst(new Waiting(0, child, file.path(), file.hash())));
      }
      next = page.next();
      cursor = next.orElse("");
    } while (next.isPresent());
  }

  @Override
  public void close() {
    readers.close();
  }
}
