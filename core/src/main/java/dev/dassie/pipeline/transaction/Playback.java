package dev.dassie.pipeline.transaction;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Ref;
import java.util.List;
import java.util.Optional;

/// Does steps, within one change of the caller's. Thread-safe.
final class Playback {
  private final Pipelines pipelines;

  Playback(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  /// Finishes an open commit within the change; where its files come from is the caller's.
  interface Finisher {
    Commit finish(Change change, CommitName commit);
  }

  /// Does all steps of a transaction in their order. A refusal names the step.
  void all(Change change, Transaction transaction, List<Added> steps, Finisher finisher) {
    for (Added added : steps) {
      change.by(call(transaction, added.author(), added.message()));
      try {
        Answer _ = one(change, added.step(), finisher);
      } catch (DassieException e) {
        throw named(transaction, added, e);
      }
    }
  }

  /// In whose name a step is done, and with which message.
  static Call call(Transaction transaction, String author, String message) {
    return new Call(author, message.isEmpty() ? transaction.message() : message);
  }

  /// Trouble of the store stays what it is.
  private static DassieException named(Transaction transaction, Added step, DassieException e) {
    return switch (e.fault()) {
      case Fault.Corrupt _, Fault.Full _, Fault.Unavailable _, Fault.TimedOut _ -> e;
      case Fault.NotFound _,
          Fault.AlreadyExists _,
          Fault.Invalid _,
          Fault.InvalidDocument _,
          Fault.Conflict _,
          Fault.PreconditionFailed _,
          Fault.Failed _,
          Fault.Denied _,
          Fault.Unsupported _ ->
          new DassieException(
              new Fault.Conflict(
                  "Step %d of the transaction `%s`, `%s`, cannot be done any more: %s"
                      .formatted(
                          step.number(),
                          transaction.id(),
                          step.step().words(),
                          e.fault().message()),
                  Optional.of(
                      "Nothing was changed. Clear what is in the way, or drop all of it with"
                          + " `dassie delete transaction`.")),
              e);
    };
  }

  Answer one(Change change, Step step, Finisher finisher) {
    return switch (step) {
      case Step.CreateProject it ->
          new Answer.OfProject(change.createProject(it.name(), it.description()));
      case Step.DeleteProject it -> done(() -> change.deleteProject(it.name()));
      case Step.CreateRepo it -> new Answer.OfRepo(change.createRepo(it.name(), it.description()));
      case Step.DeleteRepo it -> done(() -> change.deleteRepo(it.name()));
      case Step.CreateBranch it -> new Answer.OfRef(create(change, it));
      case Step.TriggerBranch it -> {
        Ref.Branch _ = create(change, it.branch());
        yield new Answer.OfRef(change.trigger(it.branch().name(), it.trigger()));
      }
      case Step.DeleteBranch it -> done(() -> change.deleteBranch(it.name()));
      case Step.CreateTag it -> new Answer.OfRef(change.createTag(it.name(), it.commit()));
      case Step.DeleteTag it -> done(() -> change.deleteTag(it.name()));
      case Step.StartCommit it -> new Answer.OfCommit(change.startCommit(it.branch()));
      case Step.FinishCommit it -> new Answer.OfCommit(finisher.finish(change, it.commit()));
      case Step.DeleteCommit it -> done(() -> change.deleteCommit(it.commit(), it.recursive()));
      case Step.SquashCommit it -> done(() -> change.squashCommit(it.commit(), it.recursive()));
      case Step.EditMetadata it -> edit(change, it.subject(), it.edit());
      case Step.SubmitPipelines it ->
          new Answer.OfPipelines(pipelines.apply(change, it.submission()));
    };
  }

  private static Ref.Branch create(Change change, Step.CreateBranch step) {
    return change.createBranch(step.name(), step.head(), step.provenance(), Optional.empty());
  }

  private static Answer edit(Change change, Step.Subject subject, MetadataEdit edit) {
    return switch (subject) {
      case Step.Subject.OfProject it -> new Answer.OfProject(change.editProject(it.name(), edit));
      case Step.Subject.OfRepo it -> new Answer.OfRepo(change.editRepo(it.name(), edit));
      case Step.Subject.OfBranch it -> new Answer.OfRef(change.editBranch(it.name(), edit));
      case Step.Subject.OfCommit it -> new Answer.OfCommit(change.editCommit(it.name(), edit));
    };
  }

  private static Answer done(Runnable work) {
    work.run();
    return new Answer.Nothing();
  }
}
