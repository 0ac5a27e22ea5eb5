package dev.dassie.job;

import dev.dassie.fileset.Fileset;
import dev.dassie.job.bucket.Grant;
import dev.dassie.job.bucket.Grants;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the files inputs of a spec read, from left to right.
public record JobInputs(List<Job.Source> sources, List<Optional<Fileset>> files) {
  public JobInputs {
    sources = List.copyOf(sources);
    files = List.copyOf(files);
  }

  /// For an output commit: what its provenance names.
  static JobInputs of(Versions versions, Input input, Commit output) {
    List<Job.Source> sources = new ArrayList<>();
    List<Optional<Fileset>> files = new ArrayList<>();
    for (Input.Files arm : input.arms()) {
      Optional<CommitName> commit = commit(arm, output);
      sources.add(new Job.Source(arm.name(), arm.branch(), commit, arm.emptyFiles()));
      files.add(commit.map(versions::inspect).flatMap(Commit::finishedFiles));
    }
    return new JobInputs(sources, files);
  }

  /// For no job: the newest finished commits there are.
  static JobInputs newest(Versions versions, Input input) {
    List<Job.Source> sources = new ArrayList<>();
    List<Optional<Fileset>> files = new ArrayList<>();
    for (Input.Files arm : input.arms()) {
      Optional<Commit> commit = newest(versions, arm.branch());
      sources.add(
          new Job.Source(arm.name(), arm.branch(), commit.map(Commit::name), arm.emptyFiles()));
      files.add(commit.flatMap(Commit::finishedFiles));
    }
    return new JobInputs(sources, files);
  }

  /// The newest finished commit of a branch, or what a tag or an id names.
  public static Optional<Commit> newest(Versions versions, BranchName branch) {
    Optional<CommitId> named =
        branch.isPinned()
            ? Optional.of(new CommitId(branch.branch()))
            : versions.findRef(branch).flatMap(ref -> ref.head());
    return versions
        .newestFinished(branch)
        .or(() ->
            named
                .flatMap(id -> versions.find(new CommitName(branch.repo(), id)))
                .filter(commit -> commit.finishedFiles().isPresent()));
  }

  /// For a job that is recorded.
  static JobInputs of(Versions versions, Job job) {
    return new JobInputs(
        job.inputs(),
        job.inputs().stream()
            .map(source -> source.commit().flatMap(versions::find).flatMap(Commit::finishedFiles))
            .toList());
  }

  /// What a run of a spec on these reaches through S3, where it does; whoever asks closes it when
  /// the last result is recorded.
  ///
  /// @param run in whose name its requests are
  Optional<Grant> grant(Versions versions, Grants grants, PipelineSpec spec, JobName run) {
    if (!spec.usesBuckets()) {
      return Optional.empty();
    }
    List<Input.Files> arms = spec.input().arms();
    Map<String, ReadView> buckets = new HashMap<>();
    for (int i = 0; i < arms.size(); i++) {
      Optional<CommitName> commit = sources.get(i).commit();
      if (arms.get(i).s3() && commit.isPresent()) {
        buckets.put(arms.get(i).name(), versions.read(commit.get()));
      }
    }
    return Optional.of(grants.open("job:" + run.key(), buckets, spec.running().toBucket()));
  }

  /// As the datums of the input are enumerated from.
  Map<BranchName, Datums.Source> byBranch() {
    Map<BranchName, Datums.Source> found = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      Job.Source source = sources.get(i);
      if (source.commit().isPresent() && files.get(i).isPresent()) {
        found.put(
            source.branch(), new Datums.Source(source.commit().get().id(), files.get(i).get()));
      }
    }
    return found;
  }

  /// What an output commit reads through an input.
  static Optional<CommitName> commit(Input.Files arm, Commit output) {
    return output.provenance().stream()
        .filter(source -> source.commit().repo().equals(arm.branch().repo()))
        .filter(source -> source.branch().equals(arm.branch().branch()))
        .map(Commit.Source::commit)
        .findFirst();
  }
}
