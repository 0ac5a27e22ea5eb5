package dev.dassie.pipeline;

import dev.dassie.version.BranchName;
import dev.dassie.version.RepoName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a pipeline is to do: a spec that was read and checked.
///
/// @param input [Input#none] for a spout
/// @param parallelism datums that may run at once
/// @param datumTries total tries of a datum, at least 1
/// @param everyJob `reprocessSpec: every_job`: nothing is reused
/// @param concat `output.merge: concat`: datums that write one path have it joined in datum order
/// @param salt part of every datum key; empty unless reprocessing was asked for
/// @param unused fields that are kept for other executors, e.g. `resourceRequests`
/// @param egress where the output goes beside its repo
/// @param resources what its code may use
public record PipelineSpec(
    String project,
    String name,
    String description,
    Map<String, String> labels,
    Map<String, String> annotations,
    Transform transform,
    Input input,
    Running running,
    String outputBranch,
    int parallelism,
    int datumTries,
    Optional<Duration> datumTimeout,
    Optional<Duration> jobTimeout,
    boolean everyJob,
    boolean concat,
    String salt,
    List<String> unused,
    Optional<Egress> egress,
    Resources resources) {
  /// The longest name of a pipeline.
  public static final int MAX_NAME = 51;

  public PipelineSpec {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    unused = List.copyOf(unused);
  }

  /// A pipeline whose code runs once for each datum, and whose output goes to its repo alone.
  public PipelineSpec(
      String project,
      String name,
      String description,
      Map<String, String> labels,
      Map<String, String> annotations,
      Transform transform,
      Input input,
      String outputBranch,
      int parallelism,
      int datumTries,
      Optional<Duration> datumTimeout,
      Optional<Duration> jobTimeout,
      boolean everyJob,
      boolean concat,
      String salt,
      List<String> unused) {
    this(
        project,
        name,
        description,
        labels,
        annotations,
        transform,
        input,
        Running.onDatums(),
        outputBranch,
        parallelism,
        datumTries,
        datumTimeout,
        jobTimeout,
        everyJob,
        concat,
        salt,
        unused,
        Optional.empty(),
        Resources.UNLIMITED);
  }

  /// This spec with another egress.
  public PipelineSpec with(Optional<Egress> other) {
    return with(transform, running, salt, other, resources);
  }

  /// This spec with other resources.
  public PipelineSpec with(Resources other) {
    return with(transform, running, salt, egress, other);
  }

  /// The repo that the pipeline writes.
  public RepoName repo() {
    return new RepoName(project, name);
  }

  /// The repo that holds its specs and its code.
  public RepoName specRepo() {
    return new RepoName(project, name, RepoName.Type.SPEC);
  }

  /// The branch that the pipeline writes.
  public BranchName output() {
    return new BranchName(repo(), outputBranch);
  }

  /// The branch that moves with each version.
  public BranchName versions() {
    return new BranchName(specRepo(), BranchName.DEFAULT_BRANCH);
  }

  /// Whether its code reads or writes buckets.
  public boolean usesBuckets() {
    return running.toBucket() || input.readsBuckets();
  }

  /// What of this spec stands in datum keys among the facts of the environment (docs/format.md,
  /// "Datum keys").
  public List<String> facts() {
    return running.toBucket() ? List.of("output s3") : List.of();
  }

  /// The branches that the output is computed from and whose changes make no commit of it; of a
  /// service all.
  public Set<BranchName> quiet() {
    if (!(running instanceof Running.Service)) {
      return input.quiet();
    }
    Set<BranchName> all = new HashSet<>(input.branches());
    all.add(versions());
    return all;
  }

  /// This spec with other code.
  public PipelineSpec with(Transform other) {
    return with(other, running, salt, egress, resources);
  }

  /// This spec with another salt.
  public PipelineSpec withSalt(String other) {
    return with(transform, running, other, egress, resources);
  }

  private PipelineSpec with(
      Transform newTransform,
      Running newRunning,
      String newSalt,
      Optional<Egress> newEgress,
      Resources newResources) {
    return new PipelineSpec(
        project,
        name,
        description,
        labels,
        annotations,
        newTransform,
        input,
        newRunning,
        outputBranch,
        parallelism,
        datumTries,
        datumTimeout,
        jobTimeout,
        everyJob,
        concat,
        newSalt,
        unused,
        newEgress,
        newResources);
  }

  /// This spec with code that runs in another way.
  public PipelineSpec with(Running other) {
    return with(transform, other, salt, egress, resources);
  }
}
