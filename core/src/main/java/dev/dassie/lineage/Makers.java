package dev.dassie.lineage;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumReader;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Owners;
import dev.dassie.job.PlannedDatum;
import dev.dassie.job.Recipes;
import dev.dassie.job.Result;
import dev.dassie.job.Results;
import dev.dassie.job.RunContext;
import dev.dassie.pipeline.Input;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Finds what made one file, and what that was made from. Thread-safe.
final class Makers {
  private static final int MAX_OWNERS = 1_000;
  private static final int MAX_HISTORY = 10_000;
  private static final int MAX_FACTS = 64 << 10;
  private static final FilePath SOURCE = new FilePath("source");
  private static final FilePath SOURCE_FACTS = new FilePath("source.json");

  private final Versions versions;
  private final Results results;
  private final DatumReader reader;
  private final Recipes recipes;
  private final Filesets filesets;
  private final Owners owners;

  Makers(Versions versions, Results results, DatumReader reader, Recipes recipes) {
    this.versions = versions;
    this.results = results;
    this.reader = reader;
    this.recipes = recipes;
    this.filesets = new Filesets(versions.chunks());
    this.owners = new Owners(versions.chunks());
  }

  /// Hands out the steps of a place, and returns what to look at next.
  List<Step> of(Step step, Consumer<Step> to) {
    Optional<Commit> commit = versions.find(step.file().commit());
    Optional<Fileset> files = commit.flatMap(Commit::finishedFiles);
    if (commit.isEmpty() || files.isEmpty()) {
      to.accept(with(step, new Step.Cut(gone(step.file().commit()))));
      return List.of();
    }
    return step.file().directory()
        ? beneath(step, commit.get(), files.get(), to)
        : origin(step, commit.get(), to);
  }

  private String gone(CommitName commit) {
    return versions
        .stub(commit)
        .map(stub -> "The commit `%s` is not here. %s".formatted(commit, stub.fate()))
        .orElse("The files of the commit `%s` are not there any more.".formatted(commit));
  }

  private List<Step> beneath(Step step, Commit commit, Fileset files, Consumer<Step> to) {
    List<Step> upstream = new ArrayList<>();
    Iterator<Entry.File> found = filesets.walk(files, step.file().path(), Optional.empty());
    while (found.hasNext() && upstream.size() < Lineage.MAX_BENEATH) {
      upstream.add(waiting(step.depth() + 1, Lineage.place(commit, found.next())));
    }
    long count =
        filesets.find(files, step.file().path()).orElseThrow() instanceof Entry.Directory directory
            ? directory.files()
            : upstream.size();
    to.accept(with(step, new Step.OfFiles(count)));
    if (found.hasNext()) {
      String sentence =
          "%d more files beneath `%s` are not listed."
              .formatted(count - upstream.size(), step.file().path());
      upstream.add(new Step(step.depth() + 1, step.file(), new Step.Cut(sentence)));
    }
    return upstream;
  }

  /// Looks at the commit, and as long as an older one has the same file, at that.
  private List<Step> origin(Step step, Commit newest, Consumer<Step> to) {
    Commit commit = newest;
    for (int i = 0; i < MAX_HISTORY; i++) {
      Optional<Job> job = reader.maker(commit.name());
      if (job.isPresent()) {
        List<byte[]> orders = owners.of(job.get().roots().owners(), step.file().path(), MAX_OWNERS);
        if (!orders.isEmpty()) {
          return datums(step, job.get(), orders, to);
        }
      }
      Optional<Commit> parent = sameBefore(commit, step.file());
      if (parent.isEmpty()) {
        to.accept(with(step, put(commit)));
        return List.of();
      }
      commit = parent.get();
    }
    String sentence =
        "The file is older than the last %d commits of its branch.".formatted(MAX_HISTORY);
    to.accept(with(step, new Step.Cut(sentence)));
    return List.of();
  }

  private static Step.ByPut put(Commit commit) {
    return new Step.ByPut(commit.name(), commit.author(), commit.message(), at(commit));
  }

  private static java.time.Instant at(Commit commit) {
    return commit.state() instanceof Commit.Finished finished ? finished.at() : commit.started();
  }

  /// The nearest finished ancestor, if it has the same file.
  private Optional<Commit> sameBefore(Commit commit, Step.Place file) {
    if (commit.parent().isEmpty()) {
      return Optional.empty();
    }
    return versions
        .nearestFinished(commit.name())
        .filter(parent ->
            parent
                .finishedFiles()
                .flatMap(files -> filesets.find(files, file.path()))
                .filter(entry -> entry.hash().equals(file.hash()))
                .isPresent());
  }

  private List<Step> datums(Step step, Job job, List<byte[]> orders, Consumer<Step> to) {
    List<Step> upstream = new ArrayList<>();
    Set<String> buckets = buckets(job);
    for (byte[] order : orders) {
      PlannedDatum datum = reader.at(job, order).orElseThrow();
      Optional<Result> result = results.find(datum.key());
      if (result.isEmpty()) {
        String sentence =
            "The result of the datum `%s` is not kept any more.".formatted(datum.id());
        to.accept(with(step, new Step.Cut(sentence)));
        continue;
      }
      List<DatumView.In> inputs =
          DatumReader.inputs(job, datum).stream()
              .map(input -> buckets.contains(input.name()) ? input.asBucket() : input)
              .toList();
      to.accept(with(step, made(job, datum, result.get(), inputs)));
      inputs.forEach(input -> upstream(step, input).ifPresent(upstream::add));
    }
    return upstream;
  }

  /// The inputs that the code read through S3; none where the pipeline is gone with its versions.
  private Set<String> buckets(Job job) {
    try {
      return recipes.of(job.spec()).spec().input().arms().stream()
          .filter(Input.Files::s3)
          .map(Input.Files::name)
          .collect(Collectors.toSet());
    } catch (DassieException e) {
      return Set.of();
    }
  }

  private Step.ByDatum made(Job job, PlannedDatum datum, Result result, List<DatumView.In> inputs) {
    RunContext context = reader.context(result.context());
    Optional<JobName> other =
        context.job().equals(job.name()) || context.isTrial()
            ? Optional.empty()
            : Optional.of(context.job());
    return new Step.ByDatum(
        job.name(),
        datum.id().toString(),
        datum.key(),
        other,
        context,
        code(context, job),
        inputs,
        result.ending().tries());
  }

  /// A trial had no spec commit; that of the job has the same code, for the key is the same.
  private Step.Code code(RunContext context, Job job) {
    CommitName commit = context.isTrial() ? job.spec() : context.spec();
    Optional<Commit> spec = versions.find(commit);
    Optional<Fileset> files = spec.flatMap(Commit::finishedFiles);
    return new Step.Code(
        commit,
        context.source().isEmpty() ? Optional.empty() : Optional.of(SOURCE),
        files.flatMap(tree -> filesets.find(tree, SOURCE_FACTS)).flatMap(this::text),
        spec.map(Commit::author).orElse(context.author()),
        spec.map(Commit::started));
  }

  private Optional<String> text(Entry entry) {
    if (!(entry instanceof Entry.File file)) {
      return Optional.empty();
    }
    try (InputStream in = filesets.open(file.body(), 0, MAX_FACTS)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Step> upstream(Step step, DatumView.In input) {
    return input
        .commit()
        .map(commit -> {
          Optional<Long> size =
              versions
                  .find(commit)
                  .flatMap(Commit::finishedFiles)
                  .flatMap(files -> filesets.find(files, input.path()))
                  .map(Entry::size);
          return waiting(
              step.depth() + 1,
              new Step.Place(
                  commit,
                  input.branch().branch(),
                  input.path(),
                  input.directory(),
                  input.hash(),
                  size.orElse(0L)));
        });
  }

  /// A place whose maker is to be looked up.
  private static Step waiting(int depth, Step.Place place) {
    return new Step(depth, place, new Step.OfFiles(0));
  }

  private static Step with(Step step, Step.Made made) {
    return new Step(step.depth(), step.file(), made);
  }
}
