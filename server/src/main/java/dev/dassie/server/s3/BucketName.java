package dev.dassie.server.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import java.util.List;
import java.util.Optional;

/// The name of a bucket: `branch.repo[.project]` (also of a tag), or `commit.branch.repo[.project]`
/// where the first label is 32 hex digits.
record BucketName(Optional<CommitId> commit, BranchName ref) {
  /// The bucket of a name, unless no bucket can have it.
  static Optional<BucketName> parse(String text) {
    List<String> labels = List.of(text.split("\\.", 6));
    boolean pinned = Names.isCommitId(labels.getFirst());
    List<String> rest = pinned ? labels.subList(1, labels.size()) : labels;
    if (rest.size() < 2 || rest.size() > 3) {
      return Optional.empty();
    }
    try {
      String project = rest.size() == 3 ? rest.get(2) : RepoName.DEFAULT_PROJECT;
      BranchName ref = new BranchName(new RepoName(project, rest.get(1)), rest.get(0));
      if (ref.isPinned()) {
        return Optional.empty();
      }
      return Optional.of(
          new BucketName(
              pinned ? Optional.of(new CommitId(labels.getFirst())) : Optional.empty(), ref));
    } catch (DassieException e) {
      return Optional.empty();
    }
  }

  /// The bucket of a branch or tag, the project left out where it is the default one.
  static String of(BranchName ref) {
    String project = ref.repo().project();
    String name = ref.branch() + "." + ref.repo().name();
    return project.equals(RepoName.DEFAULT_PROJECT) ? name : name + "." + project;
  }
}
