package dev.dassie.pipeline.transaction;

import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Submission;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One change within a transaction. Commits are named by their ids: what an address meant when the
/// step was added is what it means when the transaction is finished.
public sealed interface Step {
  /// The step as a person would type it, for lists and refusals.
  String words();

  record CreateProject(String name, String description) implements Step {
    @Override
    public String words() {
      return "create project " + name;
    }
  }

  record DeleteProject(String name) implements Step {
    @Override
    public String words() {
      return "delete project " + name;
    }
  }

  record CreateRepo(RepoName name, String description) implements Step {
    @Override
    public String words() {
      return "create repo " + name;
    }
  }

  record DeleteRepo(RepoName name) implements Step {
    @Override
    public String words() {
      return "delete repo " + name;
    }
  }

  /// Makes a branch, moves its head or changes what it is computed from.
  record CreateBranch(BranchName name, Optional<CommitName> head, List<BranchName> provenance)
      implements Step {
    public CreateBranch {
      provenance = List.copyOf(provenance);
    }

    @Override
    public String words() {
      String sources =
          provenance.stream().map(BranchName::toString).collect(Collectors.joining(","));
      return "create branch "
          + name
          + head.map(commit -> " --head " + commit.id()).orElse("")
          + (sources.isEmpty() ? "" : " --provenance " + sources);
    }
  }

  /// The same, and what the branch follows from then on; nothing where it follows no longer.
  record TriggerBranch(CreateBranch branch, Optional<Trigger> trigger) implements Step {
    @Override
    public String words() {
      return branch.words()
          + trigger.map(one -> " (follows " + one.told() + ")").orElse(" (follows nothing)");
    }
  }

  record DeleteBranch(BranchName name) implements Step {
    @Override
    public String words() {
      return "delete branch " + name;
    }
  }

  record CreateTag(BranchName name, CommitName commit) implements Step {
    @Override
    public String words() {
      return "create tag " + name + " --head " + commit.id();
    }
  }

  record DeleteTag(BranchName name) implements Step {
    @Override
    public String words() {
      return "delete tag " + name;
    }
  }

  record StartCommit(BranchName branch) implements Step {
    @Override
    public String words() {
      return "start commit " + branch;
    }
  }

  record FinishCommit(CommitName commit) implements Step {
    @Override
    public String words() {
      return "finish commit " + commit;
    }
  }

  record DeleteCommit(CommitName commit, boolean recursive) implements Step {
    @Override
    public String words() {
      return "delete commit " + commit + (recursive ? " --recursive" : "");
    }
  }

  record SquashCommit(CommitName commit, boolean recursive) implements Step {
    @Override
    public String words() {
      return "squash commit " + commit + (recursive ? " --recursive" : "");
    }
  }

  record EditMetadata(Subject subject, MetadataEdit edit) implements Step {
    @Override
    public String words() {
      return "edit metadata " + subject.words();
    }
  }

  /// What metadata stands on.
  sealed interface Subject {
    String words();

    record OfProject(String name) implements Subject {
      @Override
      public String words() {
        return "project " + name;
      }
    }

    record OfRepo(RepoName name) implements Subject {
      @Override
      public String words() {
        return "repo " + name;
      }
    }

    record OfBranch(BranchName name) implements Subject {
      @Override
      public String words() {
        return "branch " + name;
      }
    }

    record OfCommit(CommitName name) implements Subject {
      @Override
      public String words() {
        return "commit " + name;
      }
    }
  }

  /// Makes or updates pipelines.
  record SubmitPipelines(Submission submission) implements Step {
    @Override
    public String words() {
      return (submission.update() ? "update pipeline " : "create pipeline ")
          + submission.specs().stream().map(PipelineSpec::name).collect(Collectors.joining(", "));
    }
  }
}
