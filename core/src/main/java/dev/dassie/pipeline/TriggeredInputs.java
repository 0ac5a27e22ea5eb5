package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.Ref;
import dev.dassie.version.trigger.Trigger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The branches that follow others for the inputs of a pipeline. One that the spec does not name is
/// `PIPELINE-trigger-N`, is made with the pipeline and goes with it.
public final class TriggeredInputs {
  private TriggeredInputs() {}

  /// The branch of the nth input of a repo, from 1, that has a trigger and names no branch.
  public static String branch(String pipeline, int number) {
    return "%s-trigger-%d".formatted(pipeline, number);
  }

  private static Map<BranchName, Trigger> triggers(PipelineSpec spec) {
    Map<BranchName, Trigger> triggers = new HashMap<>();
    for (Input.Files arm : spec.input().arms()) {
      arm.starts().trigger().ifPresent(trigger -> triggers.put(arm.branch(), trigger));
    }
    return triggers;
  }

  /// Refuses two triggers for one branch.
  static void check(PipelineSpec spec) {
    Map<BranchName, Trigger> triggers = triggers(spec);
    for (Input.Files arm : spec.input().arms()) {
      arm.starts()
          .trigger()
          .filter(trigger -> !trigger.equals(triggers.get(arm.branch())))
          .ifPresent(trigger -> {
            throw new Fault.Invalid(
                    "The trigger of the input `%s`".formatted(arm.name()),
                    trigger.told(),
                    "the same as another input has on the branch `%s`".formatted(arm.branch()))
                .asException();
          });
    }
  }

  /// Makes the branches with their triggers.
  static void make(Change change, PipelineSpec spec) {
    triggers(spec)
        .forEach((branch, trigger) -> {
          Ref.Branch _ = change.trigger(branch, Optional.of(trigger));
        });
  }

  /// Deletes the branches that were made for a spec and that nothing reads any more.
  static void drop(Change change, PipelineSpec spec) {
    for (BranchName branch : triggers(spec).keySet()) {
      boolean own = branch.branch().startsWith(spec.name() + "-trigger-");
      if (own && change.trigger(branch).isPresent() && change.isUnread(branch)) {
        change.deleteBranch(branch);
      }
    }
  }
}
