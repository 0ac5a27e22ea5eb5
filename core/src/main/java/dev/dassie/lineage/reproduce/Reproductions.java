package dev.dassie.lineage.reproduce;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Ending;
import dev.dassie.job.Job;
import dev.dassie.job.Owners;
import dev.dassie.job.PlannedDatum;
import dev.dassie.job.Reruns;
import dev.dassie.job.Result;
import dev.dassie.job.Results;
import dev.dassie.lineage.reason.Comparison;
import dev.dassie.version.Commit;
import dev.dassie.version.Versions;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Computes a commit, or files of it, again and compares (design L4). Thread-safe.
public final class Reproductions {
  private static final int MAX_OWNERS = 1_000;
  private static final int MAX_FILES = 100_000;

  private final Results results;
  private final DatumReader reader;
  private final Reruns reruns;
  private final Owners owners;
  private final Filesets filesets;

  public Reproductions(Versions versions, Results results, Reruns reruns) {
    this.results = results;
    this.reader = new DatumReader(versions, results);
    this.reruns = reruns;
    this.owners = new Owners(versions.chunks());
    this.filesets = new Filesets(versions.chunks());
  }

  /// Runs the datums that made what is at or beneath a path of a commit, all for the root, and
  /// tells of each file as it is compared, at the end what it comes to. `Fault.Invalid` for a
  /// commit that no job made.
  ///
  /// @param beat called every two seconds while code runs
  public void run(Commit commit, FilePath path, Consumer<Reproduced> to, Runnable beat)
      throws InterruptedException {
    Job job =
        reader
            .maker(commit.name())
            .orElseThrow(() ->
                new Fault.Invalid(
                        "The commit",
                        commit.name().toString(),
                        "one that a job of a pipeline made",
                        Optional.of("`dassie why` says how it came to be."))
                    .asException());
    Fileset files = commit.finishedFiles().orElseThrow();
    Iterator<PlannedDatum> datums = datums(job, files, path);
    Comparing comparing = new Comparing(job, path, to);
    surroundings(job, to);
    reruns.run(job, datums, comparing::datum, beat);
    comparing.end();
  }

  private void surroundings(Job job, Consumer<Reproduced> to) {
    job.context()
        .map(context -> reader.context(context).environment().facts())
        .ifPresent(then ->
            Comparison.environments(then, reruns.environment(job).facts())
                .forEach(difference -> to.accept(new Reproduced.Surroundings(difference))));
  }

  private Iterator<PlannedDatum> datums(Job job, Fileset files, FilePath path) {
    if (path.isRoot()) {
      return Stream.iterate(reader.scan(job, new byte[0]), Iterator::hasNext, all -> all)
          .map(Iterator::next)
          .map(DatumReader.Row::datum)
          .iterator();
    }
    TreeSet<byte[]> orders = new TreeSet<>(Arrays::compareUnsigned);
    Iterator<Entry.File> beneath = filesets.walk(files, path, Optional.empty());
    if (!beneath.hasNext()) {
      throw new Fault.NotFound(
              "file of `%s`".formatted(job.name().output()),
              path.toString(),
              Optional.of("`dassie list file` shows what is there."))
          .asException();
    }
    for (int i = 0; beneath.hasNext(); i++) {
      if (i == MAX_FILES) {
        throw new Fault.Invalid(
                "The number of files beneath the path",
                "more than " + MAX_FILES,
                "at most %,d, or the whole commit".formatted(MAX_FILES))
            .asException();
      }
      orders.addAll(owners.of(job.roots().owners(), beneath.next().path(), MAX_OWNERS));
    }
    return orders.stream().map(order -> reader.at(job, order).orElseThrow()).iterator();
  }

  /// Compares what datums left with what they left then.
  private final class Comparing {
    private final Job job;
    private final FilePath beneath;
    private final Consumer<Reproduced> to;
    private final FirstDifference first = new FirstDifference(filesets);
    private long datums;
    private long identical;
    private long different;
    private long failed;

    Comparing(Job job, FilePath beneath, Consumer<Reproduced> to) {
      this.job = job;
      this.beneath = beneath;
      this.to = to;
    }

    void datum(PlannedDatum datum, Ending now) {
      datums++;
      Optional<Result> then = results.find(datum.key());
      String id = datum.id().toString();
      if (then.flatMap(Result::output).isEmpty()) {
        fail(id, "Its result in `%s` is not kept any more.".formatted(job.name()));
      } else {
        switch (now) {
          case Ending.Failed ended -> fail(id, ended.reason());
          case Ending.Recovered ended -> fail(id, ended.reason());
          case Ending.Succeeded ended ->
              compare(id, then.flatMap(Result::output).orElseThrow(), ended.output());
        }
      }
    }

    private void fail(String datum, String reason) {
      failed++;
      to.accept(new Reproduced.Failed(datum, reason));
    }

    private void compare(String datum, Fileset then, Fileset now) {
      Iterator<Entry.File> before = filesets.walk(then, beneath, Optional.empty());
      while (before.hasNext()) {
        Entry.File old = before.next();
        Optional<Entry.File> file =
            filesets
                .find(now, old.path())
                .filter(Entry.File.class::isInstance)
                .map(Entry.File.class::cast);
        if (file.isEmpty()) {
          tell(
              datum,
              old.path(),
              Reproduced.Outcome.MISSING,
              Optional.empty(),
              Optional.of(old),
              Optional.empty());
        } else if (!old.hash().equals(file.get().hash())) {
          tell(
              datum,
              old.path(),
              Reproduced.Outcome.DIFFERENT,
              first.of(old, file.get()),
              Optional.of(old),
              file);
        } else {
          boolean mode = old.executable() != file.get().executable();
          tell(
              datum,
              old.path(),
              mode ? Reproduced.Outcome.MODE : Reproduced.Outcome.IDENTICAL,
              Optional.empty(),
              Optional.of(old),
              file);
        }
      }
      Iterator<Entry.File> after = filesets.walk(now, beneath, Optional.empty());
      while (after.hasNext()) {
        Entry.File file = after.next();
        if (filesets.find(then, file.path()).filter(Entry.File.class::isInstance).isEmpty()) {
          tell(
              datum,
              file.path(),
              Reproduced.Outcome.ADDED,
              Optional.empty(),
              Optional.empty(),
              Optional.of(file));
        }
      }
    }

    private void tell(
        String datum,
        FilePath path,
        Reproduced.Outcome outcome,
        Optional<Long> offset,
        Optional<Entry.File> before,
        Optional<Entry.File> after) {
      if (outcome == Reproduced.Outcome.IDENTICAL) {
        identical++;
      } else {
        different++;
      }
      to.accept(
          new Reproduced.File(
              path, datum, outcome, offset, before.map(Entry::size), after.map(Entry::size)));
    }

    void end() {
      to.accept(new Reproduced.Summary(datums, identical, different, failed));
    }
  }
}
