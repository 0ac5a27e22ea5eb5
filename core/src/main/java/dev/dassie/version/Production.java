package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/// The rules for a branch that a process of a pipeline writes by itself: a spout's. It is computed
/// from the commits of a spec repo alone, so no change of data ever moves it; only the pipeline's
/// own calls do. What its commits are made from is written here (design S8), not by the caller.
final class Production {
  private Production() {}

  /// Whether the call may write the branch as the pipeline that produces it.
  static boolean isOf(Ref.Branch branch, Call call) {
    return branch.isOutput()
        && call.isOf(branch.name().repo())
        && ofSpecs(branch.provenance().stream().map(BranchName::repo).toList());
  }

  /// The same for a commit that was made on such a branch.
  static boolean isOf(Commit commit, Call call) {
    return call.isOf(commit.name().repo())
        && ofSpecs(commit.provenance().stream().map(source -> source.commit().repo()).toList());
  }

  private static boolean ofSpecs(List<RepoName> sources) {
    return !sources.isEmpty()
        && sources.stream().allMatch(repo -> repo.type() == RepoName.Type.SPEC);
  }

  /// The heads of what the branch is computed from.
  static List<Commit.Source> provenance(Snapshot snapshot, Ref.Branch branch) {
    List<Commit.Source> sources = new ArrayList<>();
    for (BranchName source : branch.provenance()) {
      snapshot
          .head(source)
          .ifPresent(head -> sources.add(new Commit.Source(head, source.branch())));
    }
    return sources;
  }

  /// Users write only where nothing is computed, processes of pipelines only what they produce.
  static void refuseUnwritable(Ref.Branch branch, Call call) {
    if (!isOf(branch, call)) {
      RefWork.refuseDerived(branch);
      refuseElsewhere(branch.name(), call);
    }
  }

  /// Refuses a process of a pipeline where users write.
  static void refuseElsewhere(BranchName branch, Call call) {
    if (call.isOfPipeline()) {
      throw new Fault.Denied(call.principal(), "write `%s`".formatted(branch)).asException();
    }
  }
}
