package dev.dassie.lineage.reason;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Executor;
import dev.dassie.job.Job;
import dev.dassie.job.Recipes;
import dev.dassie.pipeline.Input;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;

/// Jobs as what they computed with: their versions of a pipeline, their environment, their inputs.
/// Thread-safe.
public final class Runs {
  private final Versions versions;
  private final DatumReader reader;
  private final Recipes recipes;
  private final Executor executor;
  private final Comparison comparison;

  public Runs(Versions versions, DatumReader reader, Recipes recipes, Executor executor) {
    this.versions = versions;
    this.reader = reader;
    this.recipes = recipes;
    this.executor = executor;
    this.comparison = new Comparison(versions.chunks());
  }

  /// What differs from one run to the other, data first; parts that cannot be known any more are
  /// left out.
  public List<Difference> differences(Job before, Job after) {
    List<Difference> found = new java.util.ArrayList<>(data(before, after));
    found.addAll(computations(before, after));
    return found;
  }

  List<Difference> data(Job before, Job after) {
    return comparison.inputs(inputs(before), inputs(after));
  }

  List<Difference> computations(Job before, Job after) {
    Optional<Computation> old = computation(before);
    Optional<Computation> now = computation(after);
    return old.isEmpty() || now.isEmpty()
        ? List.of()
        : comparison.computations(old.get(), now.get());
  }

  boolean everyJob(Job job) {
    return recipe(job).map(recipe -> recipe.spec().everyJob()).orElse(false);
  }

  /// Why nothing can run now.
  Optional<Blocker> trouble() {
    return executor.trouble().map(reason -> Blocker.of(Blocker.Kind.EXECUTOR, reason));
  }

  Comparison comparison() {
    return comparison;
  }

  /// Nothing where the version is not known any more.
  public Optional<Computation> computation(Job job) {
    Optional<Fileset> files = versions.find(job.spec()).flatMap(Commit::finishedFiles);
    return recipe(job)
        .map(recipe ->
            new Computation(
                recipe.spec(),
                recipe.commit(),
                files,
                recipe.source().map(Entry.Directory::hash),
                facts(job, recipe)));
  }

  private Optional<Recipes.Recipe> recipe(Job job) {
    try {
      return Optional.of(recipes.of(job.spec()));
    } catch (DassieException e) {
      // The pipeline was deleted.
      return Optional.empty();
    }
  }

  /// Of a job that has not begun, what it would run on now.
  private Optional<List<String>> facts(Job job, Recipes.Recipe recipe) {
    if (job.context().isPresent()) {
      return job.context().map(context -> reader.context(context).environment().facts());
    }
    try {
      return Optional.of(recipes.environment(executor, recipe.spec()).facts());
    } catch (DassieException e) {
      return Optional.empty();
    }
  }

  /// The files inputs of a job with what they read, or will read.
  public List<Comparison.Read> inputs(Job job) {
    Optional<Commit> output = versions.find(job.name().output());
    return recipe(job).stream()
        .flatMap(recipe -> recipe.spec().input().arms().stream())
        .map(arm -> read(arm, output.flatMap(made -> source(arm, made))))
        .toList();
  }

  private Comparison.Read read(Input.Files arm, Optional<CommitName> commit) {
    return new Comparison.Read(
        arm, commit, commit.flatMap(versions::find).flatMap(Commit::finishedFiles));
  }

  /// The commit that an output is made from through an input.
  public static Optional<CommitName> source(Input.Files arm, Commit output) {
    return output.provenance().stream()
        .filter(source -> source.commit().repo().equals(arm.branch().repo()))
        .filter(source -> source.branch().equals(arm.branch().branch()))
        .map(Commit.Source::commit)
        .findFirst();
  }
}
