package dev.dassie.lineage.reason;

import dev.dassie.fault.Fault;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Executor;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.Recipes;
import dev.dassie.job.Results;
import dev.dassie.job.standing.Status;
import dev.dassie.lineage.reason.Answer.Subject;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Names;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.gather.Gathering;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Answers why jobs, datums, commits, branches and pipelines are as they are (design D11).
/// Thread-safe.
public final class Reasons {
  private final Versions versions;
  private final Pipelines pipelines;
  private final Jobs jobs;
  private final JobReasons ofJobs;
  private final DatumReasons ofDatums;
  private final Function<RepoName, Optional<Status>> processes;

  /// @param processes how the process of the pipeline that writes a repo does, where it has one
  public Reasons(
      Versions versions,
      Pipelines pipelines,
      Jobs jobs,
      Results results,
      Recipes recipes,
      Executor executor,
      Gathering gathering,
      Function<RepoName, Optional<Status>> processes) {
    this.processes = processes;
    this.versions = versions;
    this.pipelines = pipelines;
    this.jobs = jobs;
    DatumReader reader = jobs.reader();
    Runs runs = new Runs(versions, reader, recipes, executor);
    this.ofJobs = new JobReasons(versions, jobs, runs, results, reader, gathering);
    this.ofDatums = new DatumReasons(versions, jobs, runs, reader);
  }

  /// Why a job ran, waits or did not succeed.
  public Answer job(JobName name) {
    return ofJobs.of(jobs.inspect(name));
  }

  /// The same of a datum, by its id or the first 8 or more digits of it.
  public Answer datum(JobName name, String id) {
    return ofDatums.of(jobs.inspect(name), id);
  }

  /// What an address means: `pipeline@job`, `repo@branch`, `repo@commit`, `pipeline`, `repo`, each
  /// with or without a project before it, or the id of a commit set: then all its jobs. One answer
  /// but for a set.
  public List<Answer> about(String project, String address) {
    if (Names.isCommitId(address)) {
      return set(new CommitId(address));
    }
    int at = address.indexOf('@');
    RepoName repo = RepoName.parse(project, at < 0 ? address : address.substring(0, at));
    if (at < 0) {
      Optional<Pipeline> pipeline =
          repo.type() == RepoName.Type.USER
              ? pipelines.find(repo.project(), repo.name())
              : Optional.empty();
      return List.of(
          pipeline
              .map(this::pipeline)
              .orElseGet(() -> place(versions.repo(repo).name(), BranchName.DEFAULT_BRANCH)));
    }
    return List.of(place(repo, address.substring(at + 1)));
  }

  private List<Answer> set(CommitId id) {
    List<Commit> commits = versions.set(id);
    if (commits.isEmpty()) {
      throw new Fault.NotFound(
              "job or commit set",
              id.value(),
              Optional.of("`dassie list job` shows the jobs that there are."))
          .asException();
    }
    List<Answer> answers =
        commits.stream()
            .map(commit -> ofJobs.maker(commit.name()))
            .flatMap(Optional::stream)
            .map(ofJobs::of)
            .toList();
    return answers.isEmpty() ? commits.stream().map(this::commit).toList() : answers;
  }

  private Answer place(RepoName repo, String place) {
    boolean steps = place.chars().anyMatch(letter -> "^~.".indexOf(letter) >= 0);
    if (!steps && !Names.isCommitId(place)) {
      BranchName name = new BranchName(versions.repo(repo).name(), place);
      Optional<Ref> ref = versions.findRef(name);
      if (ref.isPresent() && ref.get() instanceof Ref.Branch branch) {
        return branch(branch);
      }
    }
    return commit(versions.resolve(repo, place));
  }

  private Answer commit(Commit commit) {
    Optional<Job> maker = ofJobs.maker(commit.name());
    if (maker.isPresent()) {
      return ofJobs.of(maker.get());
    }
    String about = commit.name().toString();
    String message = commit.message().isEmpty() ? "" : ": " + commit.message();
    String made =
        "`%s` made it on branch `%s` at %s%s"
            .formatted(commit.author(), commit.branch(), commit.started(), message);
    return switch (commit.state()) {
      case Commit.Open _ ->
          Answer.of(Subject.COMMIT, about, "open")
              .with(List.of("It is open."), List.of(ofJobs.open(commit)));
      case Commit.Finished _ ->
          Answer.of(Subject.COMMIT, about, "finished", made).causedBy(List.of(commit));
      case Commit.Failed failed ->
          Answer.of(Subject.COMMIT, about, "failed", failed.reason(), made);
    };
  }

  private Answer branch(Ref.Branch branch) {
    if (branch.head().isPresent()) {
      Answer head = commit(versions.resolve(branch.name().repo(), branch.name().branch()));
      List<Blocker> more = new ArrayList<>(triggers(branch.name()));
      if (branch.isOutput() && stopped(branch)) {
        more.add(stoppedBlocker(branch.name().repo()));
      }
      return waiting(head, more);
    }
    String about = branch.name().toString();
    List<Blocker> blockers = new ArrayList<>(triggers(branch.name()));
    blockers.addAll(without(branch.provenance()));
    if (branch.isOutput() && stopped(branch)) {
      blockers.add(stoppedBlocker(branch.name().repo()));
    }
    return Answer.of(Subject.BRANCH, about, "empty")
        .with(List.of("The branch `%s` has no commit.".formatted(about)), blockers);
  }

  /// Sources that keep a branch from having a commit.
  private List<Blocker> without(List<BranchName> provenance) {
    List<Blocker> blockers = new ArrayList<>();
    for (BranchName source : provenance) {
      boolean data = source.repo().type() == RepoName.Type.USER;
      boolean empty = versions.findRef(source).flatMap(Ref::head).isEmpty();
      if (data && empty && !source.isPinned()) {
        blockers.add(
            Blocker.of(
                Blocker.Kind.NO_DATA, "The input branch `%s` has no commit.".formatted(source)));
        blockers.addAll(triggers(source));
      }
    }
    return blockers;
  }

  private Answer pipeline(Pipeline pipeline) {
    RepoName repo = pipeline.spec().repo();
    Optional<Status> process = processes.apply(repo);
    if (process.isPresent()) {
      return process(pipeline, process.get());
    }
    if (pipeline.spec().running().stays() && pipeline.state() == Pipeline.State.STOPPED) {
      return Answer.of(Subject.PIPELINE, repo.toString(), "stopped")
          .with(
              List.of("The pipeline `%s` is stopped.".formatted(repo)),
              List.of(stoppedBlocker(repo)));
    }
    Optional<Ref.Branch> output =
        versions
            .findRef(pipeline.spec().output())
            .filter(Ref.Branch.class::isInstance)
            .map(Ref.Branch.class::cast);
    Optional<Answer> head = output.filter(branch -> branch.head().isPresent()).map(this::branch);
    boolean stopped = pipeline.state() == Pipeline.State.STOPPED;
    List<String> sentences = new ArrayList<>();
    List<Blocker> blockers = new ArrayList<>();
    if (stopped) {
      sentences.add("The pipeline `%s` is stopped.".formatted(repo));
    }
    if (head.isEmpty()) {
      sentences.add("The pipeline `%s` has not run.".formatted(repo));
      blockers.addAll(without(pipeline.spec().input().branches()));
      if (stopped) {
        blockers.add(stoppedBlocker(repo));
      }
      return Answer.of(
              Subject.PIPELINE,
              repo.toString(),
              pipeline.state().name().toLowerCase(java.util.Locale.ROOT))
          .with(sentences, blockers);
    }
    return head.get();
  }

  /// Of one whose code is a process that stays.
  private Answer process(Pipeline pipeline, Status status) {
    String repo = pipeline.spec().repo().toString();
    List<String> sentences = new ArrayList<>();
    List<Blocker> blockers = new ArrayList<>();
    switch (status.state()) {
      case RUNNING -> sentences.add("The process of `%s` runs.".formatted(repo));
      case STARTING -> sentences.add("The process of `%s` is being started.".formatted(repo));
      case WAITING, STOPPED ->
          sentences.add("The process of `%s` does not serve now.".formatted(repo));
      case IDLE -> sentences.add("The pipeline `%s` has nothing to show yet.".formatted(repo));
    }
    if (!status.shows().isEmpty()) {
      sentences.add(
          "It shows %s."
              .formatted(
                  status.shows().stream()
                      .map(source -> "`%s`".formatted(source.commit()))
                      .collect(Collectors.joining(", "))));
    }
    if (!status.reason().isEmpty()) {
      Blocker.Kind kind =
          status.state() == Status.State.IDLE ? Blocker.Kind.NO_DATA : Blocker.Kind.PROCESS;
      blockers.add(Blocker.of(kind, status.reason()));
    }
    pipeline.spec().input().branches().forEach(branch -> blockers.addAll(triggers(branch)));
    return Answer.of(Subject.PIPELINE, repo, status.state().word()).with(sentences, blockers);
  }

  private boolean stopped(Ref.Branch output) {
    RepoName repo = output.name().repo();
    return output
        .pipeline()
        .flatMap(name -> pipelines.find(repo.project(), name))
        .filter(found -> found.state() == Pipeline.State.STOPPED)
        .isPresent();
  }

  /// What is missing until a branch that follows another moves again; nothing of one that does not.
  private List<Blocker> triggers(BranchName name) {
    return versions.triggers().waiting(name).stream()
        .flatMap(waiting -> waiting.missing().stream())
        .map(missing ->
            Blocker.of(
                Blocker.Kind.TRIGGER,
                "The trigger of `%s` has not fired: %s".formatted(name, missing.sentence())))
        .toList();
  }

  private static Answer waiting(Answer answer, List<Blocker> more) {
    List<Blocker> blockers = new ArrayList<>(answer.blockers());
    blockers.addAll(more);
    return answer.with(answer.sentences(), blockers);
  }

  private static Blocker stoppedBlocker(RepoName repo) {
    return Blocker.of(
        Blocker.Kind.STOPPED,
        "The pipeline `%s` is stopped: new data runs nothing (`dassie start pipeline %s`)."
            .formatted(repo, repo.name()));
  }
}
