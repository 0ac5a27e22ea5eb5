package dev.dassie.cli;

import dev.dassie.api.Problem;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.file.Adopt;
import dev.dassie.cli.file.CopyFile;
import dev.dassie.cli.file.DeleteFile;
import dev.dassie.cli.file.DiffFile;
import dev.dassie.cli.file.GetFile;
import dev.dassie.cli.file.GlobFile;
import dev.dassie.cli.file.InspectFile;
import dev.dassie.cli.file.ListFile;
import dev.dassie.cli.file.PutFile;
import dev.dassie.cli.keep.Export;
import dev.dassie.cli.keep.Fsck;
import dev.dassie.cli.keep.Gc;
import dev.dassie.cli.keep.Import;
import dev.dassie.cli.pipeline.CreatePipeline;
import dev.dassie.cli.pipeline.DeletePipeline;
import dev.dassie.cli.pipeline.Dev;
import dev.dassie.cli.pipeline.DrawPipeline;
import dev.dassie.cli.pipeline.EditPipeline;
import dev.dassie.cli.pipeline.Impact;
import dev.dassie.cli.pipeline.InspectDatum;
import dev.dassie.cli.pipeline.InspectJob;
import dev.dassie.cli.pipeline.InspectPipeline;
import dev.dassie.cli.pipeline.ListDatum;
import dev.dassie.cli.pipeline.ListJob;
import dev.dassie.cli.pipeline.ListPipeline;
import dev.dassie.cli.pipeline.ListQueue;
import dev.dassie.cli.pipeline.Logs;
import dev.dassie.cli.pipeline.NextDatum;
import dev.dassie.cli.pipeline.Plan;
import dev.dassie.cli.pipeline.Reproduce;
import dev.dassie.cli.pipeline.RerunPipeline;
import dev.dassie.cli.pipeline.RestartDatum;
import dev.dassie.cli.pipeline.RunCron;
import dev.dassie.cli.pipeline.RunDatum;
import dev.dassie.cli.pipeline.Shell;
import dev.dassie.cli.pipeline.StartPipeline;
import dev.dassie.cli.pipeline.StopJob;
import dev.dassie.cli.pipeline.StopPipeline;
import dev.dassie.cli.pipeline.UpdatePipeline;
import dev.dassie.cli.pipeline.ValidatePipeline;
import dev.dassie.cli.pipeline.WaitJob;
import dev.dassie.cli.pipeline.Why;
import dev.dassie.cli.question.Bisect;
import dev.dassie.cli.secret.CreateAccessKey;
import dev.dassie.cli.secret.CreateSecret;
import dev.dassie.cli.secret.DeleteAccessKey;
import dev.dassie.cli.secret.DeleteSecret;
import dev.dassie.cli.secret.InspectSecret;
import dev.dassie.cli.secret.ListAccessKey;
import dev.dassie.cli.secret.ListSecret;
import dev.dassie.cli.secret.UpdateSecret;
import dev.dassie.cli.start.ConfigExplain;
import dev.dassie.cli.start.Down;
import dev.dassie.cli.start.ListWorker;
import dev.dassie.cli.start.Migrate;
import dev.dassie.cli.start.Quickstart;
import dev.dassie.cli.start.RunServer;
import dev.dassie.cli.start.RunWorker;
import dev.dassie.cli.start.ShowVersion;
import dev.dassie.cli.start.Status;
import dev.dassie.cli.start.Up;
import java.util.List;
import java.util.Optional;

/// Every command: its words, its group and what it is for.
final class Catalog {
  /// One command.
  ///
  /// @param name verb and noun, or the verb alone
  record Entry(String name, String group, String summary) {}

  private static final String START = "Start";
  private static final String DATA = "Data";
  private static final String FILES = "Files";
  private static final String PIPELINES = "Pipelines";
  private static final String QUESTIONS = "Questions";
  private static final String KEEP = "Keep";

  static final List<Entry> ENTRIES =
      List.of(
          new Entry("quickstart", START, "A first pipeline in ten seconds, explained as it goes."),
          new Entry("up", START, "Start a server in the background."),
          new Entry("down", START, "Stop the server that `up` started."),
          new Entry(
              "status", START, "What the server is, where it keeps its data, how it runs code."),
          new Entry("server", START, "Run a server in the foreground."),
          new Entry("worker", START, "Run datums of a server, on this machine, in the foreground."),
          new Entry("migrate", START, "Move what the server keeps to another database or store."),
          new Entry("version", START, "Versions of the command line and the server."),
          new Entry("config explain", START, "Each setting, its value and where it comes from."),
          new Entry("completion", START, "Completion for bash or zsh, to be sourced."),
          new Entry("create project", DATA, "Create a project."),
          new Entry("list project", DATA, "List projects."),
          new Entry("inspect project", DATA, "Show a project."),
          new Entry("delete project", DATA, "Delete an empty project."),
          new Entry("create repo", DATA, "Create a repo."),
          new Entry("list repo", DATA, "List repos."),
          new Entry("inspect repo", DATA, "Show a repo."),
          new Entry("delete repo", DATA, "Delete a repo."),
          new Entry(
              "create branch", DATA, "Create a branch, or change its head, provenance or trigger."),
          new Entry("list branch", DATA, "List the branches of a repo."),
          new Entry("inspect branch", DATA, "Show a branch."),
          new Entry("delete branch", DATA, "Delete a branch; its commits stay."),
          new Entry("merge branch", DATA, "Merge a branch, tag or commit into a branch."),
          new Entry("create tag", DATA, "Give a commit a lasting name."),
          new Entry("list tag", DATA, "List the tags of a repo."),
          new Entry("inspect tag", DATA, "Show a tag."),
          new Entry("delete tag", DATA, "Delete a tag; its commit stays."),
          new Entry("start commit", DATA, "Open a commit on a branch; prints its id."),
          new Entry("finish commit", DATA, "Finish an open commit: it never changes again."),
          new Entry(
              "list commit", DATA, "List the commits of a repo or branch, or of a commit set."),
          new Entry("inspect commit", DATA, "Show a commit."),
          new Entry("squash commit", DATA, "Take a commit out; its data stays in the next one."),
          new Entry("delete commit", DATA, "Delete the newest commit of a branch."),
          new Entry("find commit", DATA, "Which commits changed a file or directory."),
          new Entry("revert commit", DATA, "Undo what a commit changed, with a new commit."),
          new Entry(
              "wait commit", DATA, "Wait until a commit, or a whole commit set, is finished."),
          new Entry("subscribe commit", DATA, "Print the commits of a branch as they finish."),
          new Entry(
              "edit metadata", DATA, "Set or delete keys on a project, repo, branch or commit."),
          new Entry(
              "start transaction", DATA, "Gather the commands that follow, to happen together."),
          new Entry("finish transaction", DATA, "Do all that a transaction gathered, or none."),
          new Entry("list transaction", DATA, "List the transactions that are not finished."),
          new Entry("inspect transaction", DATA, "Show a transaction and its steps."),
          new Entry("stop transaction", DATA, "Leave the current transaction for later."),
          new Entry("resume transaction", DATA, "Make a transaction the current one again."),
          new Entry("delete transaction", DATA, "Drop a transaction; nothing of it happens."),
          new Entry("put file", FILES, "Put files or directories into a branch, as one commit."),
          new Entry("get file", FILES, "Get a file or, with -r, a directory."),
          new Entry("list file", FILES, "List a directory."),
          new Entry("inspect file", FILES, "Show one file or directory."),
          new Entry("glob file", FILES, "List the files and directories that match a glob."),
          new Entry("diff file", FILES, "List what changed between two commits."),
          new Entry("copy file", FILES, "Copy a file or directory by reference; moves no bytes."),
          new Entry("delete file", FILES, "Delete a file or a directory."),
          new Entry("adopt", FILES, "Copy the bytes of what was put by reference in."),
          new Entry("create pipeline", PIPELINES, "Create pipelines from a spec."),
          new Entry(
              "update pipeline", PIPELINES, "Update pipelines; only what changed runs again."),
          new Entry("validate pipeline", PIPELINES, "Check a spec without creating anything."),
          new Entry("list pipeline", PIPELINES, "List pipelines."),
          new Entry("inspect pipeline", PIPELINES, "Show a pipeline."),
          new Entry("start pipeline", PIPELINES, "Let new data start jobs again."),
          new Entry("stop pipeline", PIPELINES, "New data starts no jobs until `start pipeline`."),
          new Entry("run cron", PIPELINES, "Tick now; prints the id of the job that it starts."),
          new Entry(
              "rerun pipeline", PIPELINES, "Run the newest version again; only what failed runs."),
          new Entry("edit pipeline", PIPELINES, "Edit the spec of a pipeline; its code stays."),
          new Entry("draw pipeline", PIPELINES, "Show what reads what."),
          new Entry("delete pipeline", PIPELINES, "Delete a pipeline and its output."),
          new Entry("list job", PIPELINES, "List jobs, of all or of one pipeline or commit set."),
          new Entry("inspect job", PIPELINES, "Show a job."),
          new Entry("wait job", PIPELINES, "Wait for a job to end; exit code 1 when it failed."),
          new Entry("stop job", PIPELINES, "Stop a job; finished datums keep their results."),
          new Entry(
              "list datum", PIPELINES, "List the datums of a job, or preview those of a spec."),
          new Entry("inspect datum", PIPELINES, "Show a datum of a job."),
          new Entry("create secret", PIPELINES, "Keep values that pipelines need and nobody sees."),
          new Entry("update secret", PIPELINES, "Give a secret other values."),
          new Entry("list secret", PIPELINES, "List secrets; their values are never shown."),
          new Entry("inspect secret", PIPELINES, "Show a secret without its values."),
          new Entry("delete secret", PIPELINES, "Delete a secret that no pipeline uses."),
          new Entry(
              "create access-key", DATA, "Make a key for the S3 API, and show its secret once."),
          new Entry("list access-key", DATA, "List the keys of the S3 API, without their secrets."),
          new Entry("delete access-key", DATA, "Delete a key of the S3 API."),
          new Entry("logs", PIPELINES, "What user code printed."),
          new Entry("next datum", PIPELINES, "Within code: done with a datum, and the next."),
          new Entry("restart datum", PIPELINES, "End the run of a datum and run it again."),
          new Entry("list queue", PIPELINES, "List what waits or runs, in its order, and why."),
          new Entry(
              "list worker",
              PIPELINES,
              "List the workers outside of the server, with what they have."),
          new Entry("run datum", PIPELINES, "Repeat a datum; nothing of it is recorded."),
          new Entry("shell", PIPELINES, "Open a shell where a datum would run, with its files."),
          new Entry("dev", PIPELINES, "Run a spec on real data with each save, beside all jobs."),
          new Entry(
              "why",
              QUESTIONS,
              "Why a file is what it is, why a job ran, waits, was skipped or failed."),
          new Entry(
              "plan",
              QUESTIONS,
              "What a change would make run; exit code 10 where something would."),
          new Entry(
              "impact", QUESTIONS, "What was made from a file or a commit, all the way down."),
          new Entry(
              "reproduce",
              QUESTIONS,
              "Run again what made a commit or file; exit code 1 where it differs."),
          new Entry(
              "bisect", QUESTIONS, "Which commit is the first that a command calls bad, and why."),
          new Entry("gc", KEEP, "Give back the space of what nothing holds, or say what holds it."),
          new Entry(
              "fsck", KEEP, "Check every record and every stored byte; exit code 1 for damage."),
          new Entry("export", KEEP, "Write repos with their history, or everything, to one file."),
          new Entry("import", KEEP, "Take in what `export` wrote, with its ids."));

  private Catalog() {}

  /// The words of the command that the arguments begin with, synonyms resolved.
  static List<String> words(List<String> arguments) {
    String verb = arguments.get(0);
    boolean alone = ENTRIES.stream().anyMatch(entry -> entry.name().equals(verb));
    return alone || arguments.size() < 2 ? List.of(verb) : List.of(verb, noun(arguments.get(1)));
  }

  static Optional<Entry> entry(String name) {
    return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /// The nouns as pachctl users shorten them.
  private static String noun(String typed) {
    return switch (typed) {
      case "projects", "proj" -> "project";
      case "repos", "r" -> "repo";
      case "branches", "b" -> "branch";
      case "tags", "t" -> "tag";
      case "commits", "cm" -> "commit";
      case "transactions" -> "transaction";
      case "files", "f" -> "file";
      case "pipelines", "p" -> "pipeline";
      case "jobs", "j" -> "job";
      case "datums", "d" -> "datum";
      case "secrets" -> "secret";
      case "access-keys" -> "access-key";
      default -> typed;
    };
  }

  /// A new command of that name, its options not yet filled.
  static Optional<Action> make(String name) {
    return switch (name) {
      case "quickstart" -> Optional.of(new Quickstart());
      case "up" -> Optional.of(new Up());
      case "down" -> Optional.of(new Down());
      case "status" -> Optional.of(new Status());
      case "server" -> Optional.of(new RunServer());
      case "worker" -> Optional.of(new RunWorker());
      case "list worker" -> Optional.of(new ListWorker());
      case "migrate" -> Optional.of(new Migrate());
      case "version" -> Optional.of(new ShowVersion());
      case "config explain" -> Optional.of(new ConfigExplain());
      case "put file" -> Optional.of(new PutFile());
      case "get file" -> Optional.of(new GetFile());
      case "list file" -> Optional.of(new ListFile());
      case "inspect file" -> Optional.of(new InspectFile());
      case "glob file" -> Optional.of(new GlobFile());
      case "diff file" -> Optional.of(new DiffFile());
      case "copy file" -> Optional.of(new CopyFile());
      case "delete file" -> Optional.of(new DeleteFile());
      case "export" -> Optional.of(new Export());
      case "import" -> Optional.of(new Import());
      case "adopt" -> Optional.of(new Adopt());
      case "create pipeline" -> Optional.of(new CreatePipeline());
      case "update pipeline" -> Optional.of(new UpdatePipeline());
      case "validate pipeline" -> Optional.of(new ValidatePipeline());
      case "list pipeline" -> Optional.of(new ListPipeline());
      case "inspect pipeline" -> Optional.of(new InspectPipeline());
      case "start pipeline" -> Optional.of(new StartPipeline());
      case "stop pipeline" -> Optional.of(new StopPipeline());
      case "rerun pipeline" -> Optional.of(new RerunPipeline());
      case "edit pipeline" -> Optional.of(new EditPipeline());
      case "draw pipeline" -> Optional.of(new DrawPipeline());
      case "delete pipeline" -> Optional.of(new DeletePipeline());
      case "run cron" -> Optional.of(new RunCron());
      case "list job" -> Optional.of(new ListJob());
      case "inspect job" -> Optional.of(new InspectJob());
      case "wait job" -> Optional.of(new WaitJob());
      case "stop job" -> Optional.of(new StopJob());
      case "list datum" -> Optional.of(new ListDatum());
      case "inspect datum" -> Optional.of(new InspectDatum());
      case "logs" -> Optional.of(new Logs());
      case "next datum" -> Optional.of(new NextDatum());
      case "restart datum" -> Optional.of(new RestartDatum());
      case "list queue" -> Optional.of(new ListQueue());
      case "run datum" -> Optional.of(new RunDatum());
      case "shell" -> Optional.of(new Shell());
      case "dev" -> Optional.of(new Dev());
      case "plan" -> Optional.of(new Plan());
      case "reproduce" -> Optional.of(new Reproduce());
      case "bisect" -> Optional.of(new Bisect());
      case "impact" -> Optional.of(new Impact());
      case "why" -> Optional.of(new Why());
      case "gc" -> Optional.of(new Gc());
      case "fsck" -> Optional.of(new Fsck());
      default -> VersionCommands.make(name).or(() -> makeOfSecrets(name));
    };
  }

  private static Optional<Action> makeOfSecrets(String name) {
    return switch (name) {
      case "create secret" -> Optional.of(new CreateSecret());
      case "update secret" -> Optional.of(new UpdateSecret());
      case "list secret" -> Optional.of(new ListSecret());
      case "inspect secret" -> Optional.of(new InspectSecret());
      case "delete secret" -> Optional.of(new DeleteSecret());
      case "create access-key" -> Optional.of(new CreateAccessKey());
      case "list access-key" -> Optional.of(new ListAccessKey());
      case "delete access-key" -> Optional.of(new DeleteAccessKey());
      default -> Optional.empty();
    };
  }

  /// The refusal of words that no command has.
  static Problem unknown(List<String> arguments) {
    String verb = arguments.get(0);
    List<String> nouns =
        ENTRIES.stream()
            .map(Entry::name)
            .filter(name -> name.startsWith(verb + " "))
            .map(name -> name.substring(verb.length() + 1))
            .toList();
    if (nouns.isEmpty()) {
      List<String> verbs =
          ENTRIES.stream().map(entry -> entry.name().split(" ")[0]).distinct().toList();
      return refusal(
          "No command is named `%s`.".formatted(verb),
          Nearest.to(verb, verbs),
          "`dassie help` lists all commands.");
    }
    String help = "`dassie help %s` lists them.".formatted(verb);
    if (arguments.size() < 2 || arguments.get(1).startsWith("-")) {
      return refusal(
          "`%s` needs a noun: %s.".formatted(verb, String.join(", ", nouns)),
          Optional.empty(),
          help);
    }
    return refusal(
        "`%s` knows no `%s`.".formatted(verb, arguments.get(1)),
        Nearest.to(noun(arguments.get(1)), nouns).map(noun -> verb + " " + noun),
        help);
  }

  private static Problem refusal(String sentence, Optional<String> nearest, String hint) {
    return Problem.of(
        Problem.INVALID,
        sentence + nearest.map(" Did you mean `%s`?"::formatted).orElse(""),
        Optional.of(hint));
  }
}
