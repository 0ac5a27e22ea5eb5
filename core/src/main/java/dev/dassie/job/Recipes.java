package dev.dassie.job;

import dev.dassie.fileset.Entry;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.util.List;
import java.util.Optional;

/// Finds the spec and the source that a commit is computed with, and what else its computation
/// depends on. Thread-safe.
@FunctionalInterface
public interface Recipes {
  /// What a commit of a spec repo holds.
  Recipe of(CommitName spec);

  /// The newest versions of the secrets that the code gets, with their values.
  default List<SecretStore.Opened> secrets(PipelineSpec spec) {
    return List.of();
  }

  /// What the code of a spec runs on now: the facts of the executor and the versions of its
  /// secrets.
  default Environment environment(Executor executor, PipelineSpec spec) {
    return executor
        .environment(spec.transform())
        .and(Disclosure.facts(secretVersions(spec)))
        .and(spec.facts());
  }

  /// The newest versions of the secrets that the code gets, without their values.
  default List<Secret> secretVersions(PipelineSpec spec) {
    return List.of();
  }

  /// How many datums a job may have.
  default DatumLimit limit() {
    return DatumLimit.NONE;
  }

  /// The values of the secret that the egress uses.
  default Optional<SecretValues> egressSecret(PipelineSpec spec) {
    return Optional.empty();
  }

  /// A version of a pipeline. `source` is the tree that came with the spec.
  record Recipe(
      PipelineSpec spec, long version, CommitName commit, Optional<Entry.Directory> source) {}

  /// The spec commit among what a commit of an output branch is made from.
  static Optional<CommitName> specOf(Commit output) {
    return output.provenance().stream()
        .map(Commit.Source::commit)
        .filter(commit -> commit.repo().type() == RepoName.Type.SPEC)
        .filter(commit -> commit.repo().name().equals(output.name().repo().name()))
        .findFirst();
  }
}
