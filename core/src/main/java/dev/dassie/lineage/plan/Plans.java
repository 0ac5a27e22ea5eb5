package dev.dassie.lineage.plan;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Executor;
import dev.dassie.job.Forecast;
import dev.dassie.job.Forecasts;
import dev.dassie.job.Recipes;
import dev.dassie.job.Results;
import dev.dassie.lineage.reason.Comparison;
import dev.dassie.lineage.reason.Computation;
import dev.dassie.lineage.reason.Difference;
import dev.dassie.lineage.reason.Runs;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Submission;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Ref;
import dev.dassie.version.Rehearsal;
import dev.dassie.version.Versions;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.Merges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Says what a change would make run (design L3): the change is rehearsed, and each job that it
/// would make is planned without being made. What a job reads that another has to make first is not
/// known; it is said so. Thread-safe.
public final class Plans {
  private final Versions versions;
  private final Pipelines pipelines;
  private final Merges merges;
  private final Results results;
  private final Recipes recipes;
  private final Executor executor;
  private final Runs runs;

  public Plans(
      Versions versions,
      Pipelines pipelines,
      Merges merges,
      Results results,
      Recipes recipes,
      Executor executor) {
    this.versions = versions;
    this.pipelines = pipelines;
    this.merges = merges;
    this.results = results;
    this.recipes = recipes;
    this.executor = executor;
    this.runs = new Runs(versions, new DatumReader(versions, results), recipes, executor);
  }

  /// Of pipelines that are made or updated.
  public Outlook pipelines(Call call, List<Draft> drafts, boolean reprocess) {
    try (ChunkStore.Session scratch = versions.chunks().session()) {
      Submission submission = pipelines.draft(scratch, drafts, reprocess);
      return outlook(scratch, call, change -> pipelines.apply(change, submission));
    }
  }

  /// Of a branch whose head moves to a commit, which `head` finds.
  public Outlook branch(Call call, BranchName name, Function<Change, CommitName> head) {
    try (ChunkStore.Session scratch = versions.chunks().session()) {
      return outlook(
          scratch,
          call,
          change -> {
            Ref.Branch _ =
                change.createBranch(
                    name, Optional.of(head.apply(change)), List.of(), Optional.empty());
            return List.of();
          });
    }
  }

  /// Of a merge. Conflicts that no choice decides are refused, as by the merge.
  public Outlook merge(Call call, BranchName into, CommitName from, String label, Choices choices) {
    try (ChunkStore.Session scratch = versions.chunks().session()) {
      Consumer<Change> merge = merges.rehearsal(scratch, into, from, label, choices);
      return outlook(
          scratch,
          call,
          change -> {
            merge.accept(change);
            return List.of();
          });
    }
  }

  private Outlook outlook(
      ChunkStore.Session scratch, Call call, Function<Change, List<Pipeline>> work) {
    Rehearsal.Made<List<Pipeline>> made = Rehearsal.commits(versions, call, work);
    Forecasts forecasts = new Forecasts(versions, results, recipes, executor, scratch);
    Map<CommitName, Pipeline> drafted = new HashMap<>();
    made.answer().forEach(pipeline -> drafted.put(pipeline.specCommit(), pipeline));
    List<Outlook.Stage> stages = new ArrayList<>();
    Set<CommitName> planned = new HashSet<>();
    Map<CommitName, Fileset> files = new HashMap<>();
    for (Commit commit : made.commits()) {
      commit.finishedFiles().ifPresent(one -> files.put(commit.name(), one));
      forecasts.know(commit.name(), commit.finishedFiles());
      Optional<Version> version =
          commit.isOpen() ? version(commit, drafted, files, scratch) : Optional.empty();
      version.ifPresent(one -> {
        planned.add(one.commit());
        Forecast forecast = forecasts.of(commit, one.spec(), one.commit(), one.source());
        stages.add(new Outlook.Stage(forecast, changes(scratch, commit, one, forecast, forecasts)));
      });
    }
    List<String> idle =
        made.answer().stream()
            .filter(pipeline -> !planned.contains(pipeline.specCommit()))
            .map(pipeline -> pipeline.spec().repo().toString())
            .toList();
    return new Outlook(stages, idle);
  }

  /// A version of a pipeline, which may be a draft.
  private record Version(
      PipelineSpec spec, CommitName commit, Optional<Fileset> files, Optional<Hash> source) {}

  private Optional<Version> version(
      Commit output,
      Map<CommitName, Pipeline> drafted,
      Map<CommitName, Fileset> files,
      ChunkStore.Session scratch) {
    Optional<CommitName> spec = Recipes.specOf(output);
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    CommitName commit = spec.get();
    Optional<Pipeline> draft = Optional.ofNullable(drafted.get(commit));
    if (draft.isPresent()) {
      Optional<Fileset> tree = Optional.ofNullable(files.get(commit));
      Optional<Hash> source =
          tree.flatMap(one -> new Filesets(scratch).find(one, Pipelines.SOURCE)).map(Entry::hash);
      return Optional.of(new Version(draft.get().spec(), commit, tree, source));
    }
    Recipes.Recipe recipe = recipes.of(commit);
    return Optional.of(
        new Version(
            recipe.spec(),
            commit,
            versions.find(commit).flatMap(Commit::finishedFiles),
            recipe.source().map(Entry.Directory::hash)));
  }

  private List<Difference> changes(
      ChunkStore.Session scratch,
      Commit output,
      Version version,
      Forecast forecast,
      Forecasts forecasts) {
    if (forecast.base().isEmpty()) {
      return List.of();
    }
    Comparison comparison = new Comparison(scratch);
    List<Difference> found = new ArrayList<>();
    if (forecast.datums().isPresent()) {
      List<Comparison.Read> now =
          version.spec().input().arms().stream()
              .map(arm -> {
                Optional<CommitName> commit = Runs.source(arm, output);
                return new Comparison.Read(arm, commit, commit.flatMap(forecasts::files));
              })
              .toList();
      found.addAll(comparison.inputs(runs.inputs(forecast.base().get()), now));
    }
    Computation after =
        new Computation(
            version.spec(), version.commit(), version.files(), version.source(), facts(version));
    runs.computation(forecast.base().get())
        .ifPresent(before -> found.addAll(comparison.computations(before, after)));
    return found;
  }

  private Optional<List<String>> facts(Version version) {
    try {
      return Optional.of(recipes.environment(executor, version.spec()).facts());
    } catch (DassieException e) {
      // The forecast says so.
      return Optional.empty();
    }
  }
}
