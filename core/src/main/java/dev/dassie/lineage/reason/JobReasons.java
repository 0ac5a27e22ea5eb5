package dev.dassie.lineage.reason;

import dev.dassie.content.Digest;
import dev.dassie.job.DatumReader;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.Pending;
import dev.dassie.job.Result;
import dev.dassie.job.Results;
import dev.dassie.lineage.reason.Answer.Subject;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.gather.Gathering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Why jobs ran, wait or did not succeed. Thread-safe.
final class JobReasons {
  private static final int MAX_CAUSES = 100;
  private static final int MAX_FAILURES = 10;
  private static final int MAX_CHAIN = 100;

  /// Datums that are looked at to say whose results were used.
  private static final int LOOKED_AT = 1_000;

  private final Versions versions;
  private final Jobs jobs;
  private final Runs runs;
  private final Results results;
  private final DatumReader reader;
  private final Gathering gathering;

  JobReasons(
      Versions versions,
      Jobs jobs,
      Runs runs,
      Results results,
      DatumReader reader,
      Gathering gathering) {
    this.versions = versions;
    this.jobs = jobs;
    this.runs = runs;
    this.results = results;
    this.reader = reader;
    this.gathering = gathering;
  }

  Answer of(Job job) {
    Answer begun =
        Answer.of(Subject.JOB, job.name().toString(), job.state().word()).causedBy(causes(job));
    return switch (job.state()) {
      case WAITING -> compared(begun, job, ran(job)).with(List.of("It waits."), waits(job));
      case RUNNING -> running(compared(begun, job, ran(job)), job);
      case SUCCESS -> ended(compared(begun, job, ran(job)), job);
      case FAILED -> failed(compared(begun, job, ran(job)), job);
      case STOPPED -> begun.with(List.of(job.reason()), List.of());
      case UNRUNNABLE -> begun.with(unrunnable(job), List.of());
    };
  }

  /// The run before and what differs from it.
  private record Ran(Optional<Job> before, List<Difference> changes) {}

  private Ran ran(Job job) {
    Optional<Job> before = jobs.before(job);
    return new Ran(before, before.map(old -> runs.differences(old, job)).orElse(List.of()));
  }

  private Answer compared(Answer answer, Job job, Ran ran) {
    return answer
        .compared(ran.before().map(Job::name), ran.changes())
        .with(List.of(why(job, ran)), List.of());
  }

  private String why(Job job, Ran ran) {
    if (ran.before().isEmpty()) {
      return "It is the first run of the pipeline that has nothing to build on.";
    }
    String compared = "Compared with the run before, `%s`: ".formatted(ran.before().get().name());
    if (runs.everyJob(job)) {
      return compared + "`reprocessSpec: every_job` computes everything anew.";
    }
    if (ran.changes().isEmpty()) {
      return compared + "nothing differs; no datum needs to run.";
    }
    String first = ran.changes().getFirst().sentence();
    int more = ran.changes().size() - 1;
    return compared
        + Character.toLowerCase(first.charAt(0))
        + first.substring(1)
        + (more > 0 ? " And %d more.".formatted(more) : "");
  }

  private Answer running(Answer answer, Job job) {
    Job.Counts counts = job.datums();
    List<String> sentences = new ArrayList<>(answer.sentences());
    sentences.add("%,d of %,d datums have ended.".formatted(counts.ended(), counts.total()));
    List<Blocker> blockers =
        runs.trouble()
            .or(() -> jobs.held(job.name()).map(JobReasons::blocker))
            .map(List::of)
            .orElse(List.of());
    return answer.with(sentences, blockers);
  }

  static Blocker blocker(Pending pending) {
    return switch (pending) {
      case Pending.Runs _ -> Blocker.of(Blocker.Kind.TURN, "It runs now.");
      case Pending.Queued _ -> Blocker.of(Blocker.Kind.TURN, "Its turn within the job comes.");
      case Pending.Unseen _ ->
          Blocker.of(Blocker.Kind.TURN, "The job has not come to it: other datums are before it.");
      case Pending.Full full ->
          Blocker.of(
              Blocker.Kind.WORKERS_FULL,
              "All %d places for datums are taken; `dassie list job --state running` shows by whom."
                  .formatted(full.places()));
      case Pending.Elsewhere elsewhere ->
          new Blocker(
              Blocker.Kind.SAME_COMPUTATION,
              "The job `%s` runs the same computation, key `%s`: its result will be used."
                  .formatted(elsewhere.job(), elsewhere.key()),
              Optional.empty(),
              Optional.of(elsewhere.job()),
              Optional.of(elsewhere.key()));
    };
  }

  private Answer ended(Answer answer, Job job) {
    Job.Counts counts = job.datums();
    List<String> sentences = new ArrayList<>(answer.sentences());
    if (counts.success() > 0) {
      sentences.add("%s ran.".formatted(datums(counts.success())));
    }
    if (counts.skipped() > 0) {
      sentences.add(
          "%s skipped: the results were there.".formatted(datums(counts.skipped(), "was", "were")));
    }
    if (counts.recovered() > 0) {
      sentences.add(
          "%s recovered by `errCmd`, without output; the next job tries again."
              .formatted(datums(counts.recovered(), "was", "were")));
    }
    return answer
        .with(sentences, List.of())
        .using(counts.skipped() > 0 ? reused(job) : List.of(), failures(job));
  }

  private Answer failed(Answer answer, Job job) {
    List<String> sentences = new ArrayList<>();
    sentences.add(job.reason());
    sentences.addAll(answer.sentences());
    if (job.datums().failed() > 0) {
      sentences.add(
          "%s failed; the next job runs only those again."
              .formatted(datums(job.datums().failed())));
    }
    return answer.with(sentences, List.of()).using(List.of(), failures(job));
  }

  private static String datums(long count) {
    return count == 1 ? "1 datum" : "%,d datums".formatted(count);
  }

  private static String datums(long count, String one, String many) {
    return datums(count) + " " + (count == 1 ? one : many);
  }

  private List<Answer.Failure> failures(Job job) {
    List<Answer.Failure> failures = new ArrayList<>();
    Iterator<DatumView> endings = reader.endings(job);
    while (endings.hasNext() && failures.size() < MAX_FAILURES) {
      DatumView view = endings.next();
      failures.add(new Answer.Failure(view.id(), view.reason()));
    }
    return failures;
  }

  /// Whose results the first datums of the job have.
  private List<Answer.Reused> reused(Job job) {
    List<Digest> keys = new ArrayList<>();
    Iterator<DatumReader.Row> rows = reader.scan(job, new byte[0]);
    while (rows.hasNext() && keys.size() < LOOKED_AT) {
      keys.add(rows.next().datum().key());
    }
    Map<Digest, Long> contexts = new HashMap<>();
    for (Result result : results.find(keys).values()) {
      if (!job.context().equals(Optional.of(result.context()))) {
        contexts.merge(result.context(), 1L, Long::sum);
      }
    }
    Map<JobName, Long> found = new LinkedHashMap<>();
    contexts.forEach(
        (context, count) -> found.merge(reader.context(context).job(), count, Long::sum));
    return found.entrySet().stream()
        .map(entry -> new Answer.Reused(entry.getKey(), entry.getValue()))
        .sorted((one, other) -> Long.compare(other.datums(), one.datums()))
        .toList();
  }

  /// What a job waits for before it can run.
  List<Blocker> waits(Job job) {
    List<Blocker> blockers = new ArrayList<>();
    Optional<Commit> output = versions.find(job.name().output());
    for (Commit.Source source : output.map(Commit::provenance).orElse(List.of())) {
      versions
          .find(source.commit())
          .filter(Commit::isOpen)
          .ifPresent(open -> blockers.add(open(open)));
    }
    jobs.older(job)
        .ifPresent(older ->
            blockers.add(
                Blocker.of(
                    Blocker.Kind.OLDER_JOB,
                    "The older job `%s` of the pipeline is %s; jobs of a pipeline run one after another."
                        .formatted(older.name(), older.state().word()),
                    older.name())));
    if (blockers.isEmpty()) {
      blockers.add(
          runs.trouble().orElse(Blocker.of(Blocker.Kind.PLANNING, "It is being planned.")));
    }
    return blockers;
  }

  /// A commit that has not ended: of a user, or of a job.
  Blocker open(Commit open) {
    Optional<Job> maker = maker(open.name());
    if (maker.isPresent()) {
      return new Blocker(
          Blocker.Kind.OPEN_COMMIT,
          "The commit `%s` is open: its job is %s."
              .formatted(open.name(), maker.get().state().word()),
          Optional.of(open.name()),
          Optional.of(maker.get().name()),
          Optional.empty());
    }
    Optional<String> gathers =
        gathering
            .waiting(new BranchName(open.name().repo(), open.branch()))
            .filter(waiting -> waiting.commit().equals(open.name()))
            .map(Gathering.Waiting::sentence);
    if (gathers.isPresent()) {
      return Blocker.of(
          Blocker.Kind.OPEN_COMMIT,
          "The commit `%s` on branch `%s` is open. %s"
              .formatted(open.name(), open.branch(), gathers.get()),
          open.name());
    }
    return Blocker.of(
        Blocker.Kind.OPEN_COMMIT,
        "The commit `%s` on branch `%s` is open: `%s` started it at %s and has not finished it (`dassie finish commit %s`)."
            .formatted(open.name(), open.branch(), open.author(), open.started(), open.name()),
        open.name());
  }

  Optional<Job> maker(CommitName commit) {
    return commit.repo().type() == RepoName.Type.USER
        ? jobs.find(new JobName(commit.repo().project(), commit.repo().name(), commit.id()))
        : Optional.empty();
  }

  /// Follows failed inputs to the one that failed first.
  private List<String> unrunnable(Job job) {
    List<String> sentences = new ArrayList<>(List.of(job.reason()));
    Optional<Job> current = Optional.of(job);
    for (int i = 0; i < MAX_CHAIN && current.isPresent(); i++) {
      current = brokenInput(current.get());
      current
          .filter(one -> one.state() == Job.State.FAILED || one.state() == Job.State.STOPPED)
          .ifPresent(root ->
              sentences.add(
                  "The job `%s` is where it began: %s".formatted(root.name(), root.reason())));
      current = current.filter(one -> one.state() == Job.State.UNRUNNABLE);
    }
    return sentences;
  }

  private Optional<Job> brokenInput(Job job) {
    return versions.find(job.name().output()).stream()
        .flatMap(output -> output.provenance().stream())
        .map(source -> maker(source.commit()))
        .flatMap(Optional::stream)
        .filter(maker -> maker.state().ended() && maker.state() != Job.State.SUCCESS)
        .findFirst();
  }

  /// The commits of users in the set of the job.
  private List<Commit> causes(Job job) {
    return versions.set(job.name().id()).stream()
        .filter(commit -> commit.provenance().isEmpty())
        .limit(MAX_CAUSES)
        .toList();
  }
}
