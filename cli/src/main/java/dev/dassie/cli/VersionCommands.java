package dev.dassie.cli;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.transaction.DeleteTransaction;
import dev.dassie.cli.transaction.FinishTransaction;
import dev.dassie.cli.transaction.InspectTransaction;
import dev.dassie.cli.transaction.ListTransaction;
import dev.dassie.cli.transaction.ResumeTransaction;
import dev.dassie.cli.transaction.StartTransaction;
import dev.dassie.cli.transaction.StopTransaction;
import dev.dassie.cli.version.CreateBranch;
import dev.dassie.cli.version.CreateProject;
import dev.dassie.cli.version.CreateRepo;
import dev.dassie.cli.version.CreateTag;
import dev.dassie.cli.version.DeleteBranch;
import dev.dassie.cli.version.DeleteCommit;
import dev.dassie.cli.version.DeleteProject;
import dev.dassie.cli.version.DeleteRepo;
import dev.dassie.cli.version.DeleteTag;
import dev.dassie.cli.version.EditMetadata;
import dev.dassie.cli.version.FindCommit;
import dev.dassie.cli.version.FinishCommit;
import dev.dassie.cli.version.InspectBranch;
import dev.dassie.cli.version.InspectCommit;
import dev.dassie.cli.version.InspectProject;
import dev.dassie.cli.version.InspectRepo;
import dev.dassie.cli.version.InspectTag;
import dev.dassie.cli.version.ListBranch;
import dev.dassie.cli.version.ListCommit;
import dev.dassie.cli.version.ListProject;
import dev.dassie.cli.version.ListRepo;
import dev.dassie.cli.version.ListTag;
import dev.dassie.cli.version.MergeBranch;
import dev.dassie.cli.version.RevertCommit;
import dev.dassie.cli.version.SquashCommit;
import dev.dassie.cli.version.StartCommit;
import dev.dassie.cli.version.SubscribeCommit;
import dev.dassie.cli.version.WaitCommit;
import java.util.Optional;

/// The commands for projects, repos, branches, tags, commits and transactions.
final class VersionCommands {
  private VersionCommands() {}

  /// A new command of that name, its options not yet filled.
  static Optional<Action> make(String name) {
    return switch (name) {
      case "create project" -> Optional.of(new CreateProject());
      case "list project" -> Optional.of(new ListProject());
      case "inspect project" -> Optional.of(new InspectProject());
      case "delete project" -> Optional.of(new DeleteProject());
      case "create repo" -> Optional.of(new CreateRepo());
      case "list repo" -> Optional.of(new ListRepo());
      case "inspect repo" -> Optional.of(new InspectRepo());
      case "delete repo" -> Optional.of(new DeleteRepo());
      case "create branch" -> Optional.of(new CreateBranch());
      case "list branch" -> Optional.of(new ListBranch());
      case "inspect branch" -> Optional.of(new InspectBranch());
      case "delete branch" -> Optional.of(new DeleteBranch());
      case "merge branch" -> Optional.of(new MergeBranch());
      case "create tag" -> Optional.of(new CreateTag());
      case "list tag" -> Optional.of(new ListTag());
      case "inspect tag" -> Optional.of(new InspectTag());
      case "delete tag" -> Optional.of(new DeleteTag());
      case "start commit" -> Optional.of(new StartCommit());
      case "finish commit" -> Optional.of(new FinishCommit());
      case "list commit" -> Optional.of(new ListCommit());
      case "inspect commit" -> Optional.of(new InspectCommit());
      case "squash commit" -> Optional.of(new SquashCommit());
      case "delete commit" -> Optional.of(new DeleteCommit());
      case "find commit" -> Optional.of(new FindCommit());
      case "revert commit" -> Optional.of(new RevertCommit());
      case "wait commit" -> Optional.of(new WaitCommit());
      case "subscribe commit" -> Optional.of(new SubscribeCommit());
      case "edit metadata" -> Optional.of(new EditMetadata());
      default -> makeOfTransactions(name);
    };
  }

  private static Optional<Action> makeOfTransactions(String name) {
    return switch (name) {
      case "start transaction" -> Optional.of(new StartTransaction());
      case "finish transaction" -> Optional.of(new FinishTransaction());
      case "list transaction" -> Optional.of(new ListTransaction());
      case "inspect transaction" -> Optional.of(new InspectTransaction());
      case "stop transaction" -> Optional.of(new StopTransaction());
      case "resume transaction" -> Optional.of(new ResumeTransaction());
      case "delete transaction" -> Optional.of(new DeleteTransaction());
      default -> Optional.empty();
    };
  }
}
