package dev.dassie.lineage.reason;

import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumReader;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.Jobs;
import dev.dassie.job.Pending;
import dev.dassie.job.PlannedDatum;
import dev.dassie.lineage.reason.Answer.Subject;
import dev.dassie.lineage.reason.Difference.Kind;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Why one datum of a job ran, waits, was skipped or failed. Thread-safe.
final class DatumReasons {
  private static final int MAX_PARTS = 100;

  private final Jobs jobs;
  private final Runs runs;
  private final DatumReader reader;
  private final Filesets filesets;

  DatumReasons(Versions versions, Jobs jobs, Runs runs, DatumReader reader) {
    this.jobs = jobs;
    this.runs = runs;
    this.reader = reader;
    this.filesets = new Filesets(versions.chunks());
  }

  Answer of(Job job, String id) {
    DatumReader.Row row = reader.find(job, id);
    DatumView view = reader.views(job, List.of(row)).getFirst();
    String about = "%s of `%s`".formatted(view.id(), job.name());
    Answer begun = Answer.of(Subject.DATUM, about, view.state().word());
    return switch (view.state()) {
      case SKIPPED -> skipped(begun, view);
      case WAITING -> waiting(begun, job, row);
      case SUCCESS -> ran(begun, job, row, "");
      case FAILED ->
          ran(begun, job, row, failure("It failed", view))
              .using(List.of(), List.of(new Answer.Failure(view.id(), view.reason())));
      case RECOVERED -> ran(begun, job, row, failure("`errCmd` recovered it", view));
    };
  }

  private static String failure(String what, DatumView view) {
    String exit = view.exitCode().map(code -> ", exit code " + code).orElse("");
    return "%s after %d %s%s: %s"
        .formatted(
            what,
            view.tries().size(),
            view.tries().size() == 1 ? "try" : "tries",
            exit,
            view.reason());
  }

  private static Answer skipped(Answer answer, DatumView view) {
    String made =
        view.madeBy()
            .map(maker ->
                "Its result was there: the job `%s` ran the same computation.".formatted(maker))
            .orElse("Its result was there.");
    String when =
        view.started()
            .map(at -> " It ran at %s; the key is `%s`.".formatted(at, view.key()))
            .orElse("");
    return answer
        .with(List.of(made + when), List.of())
        .using(
            view.madeBy().map(maker -> new Answer.Reused(maker, 1)).map(List::of).orElse(List.of()),
            List.of());
  }

  private Answer waiting(Answer answer, Job job, DatumReader.Row row) {
    if (job.state().ended()) {
      return answer.with(
          List.of("The job %s before it ran: %s".formatted(job.state().word(), job.reason())),
          List.of());
    }
    Pending pending = jobs.pending(job.name(), row.datum().key()).orElse(new Pending.Unseen());
    Blocker blocker = JobReasons.blocker(pending);
    Answer ran = ran(answer, job, row, "");
    List<String> sentences = new ArrayList<>(List.of(blocker.sentence()));
    sentences.addAll(ran.sentences());
    return ran.with(sentences, pending instanceof Pending.Runs ? List.of() : List.of(blocker));
  }

  /// Compares with the same datum of the run before.
  private Answer ran(Answer answer, Job job, DatumReader.Row row, String first) {
    List<String> sentences = new ArrayList<>();
    if (!first.isEmpty()) {
      sentences.add(first);
    }
    Optional<Job> before = jobs.before(job);
    if (before.isEmpty()) {
      sentences.add("It ran because no run before it had finished.");
      return answer.with(sentences, List.of());
    }
    Optional<PlannedDatum> old = reader.at(before.get(), row.order());
    List<Difference> changes =
        old.isPresent()
            ? changes(before.get(), job, old.get(), row.datum())
            : appeared(before.get(), job, row.datum());
    sentences.add(why(before.get(), job, old, row.datum(), changes));
    return answer.with(sentences, List.of()).compared(Optional.of(before.get().name()), changes);
  }

  private String why(
      Job before, Job job, Optional<PlannedDatum> old, PlannedDatum now, List<Difference> changes) {
    if (old.isEmpty()) {
      return "It ran because it is new: the run before, `%s`, did not have it."
          .formatted(before.name());
    }
    if (!old.get().key().equals(now.key())) {
      if (runs.everyJob(job)) {
        return "It ran because `reprocessSpec: every_job` computes everything anew.";
      }
      return changes.isEmpty()
          ? "It ran because its key differs from the run before, `%s`; what differs is not known any more."
              .formatted(before.name())
          : "It ran because it differs from the run before, `%s`. %s"
              .formatted(before.name(), changes.getFirst().sentence());
    }
    Iterator<DatumView> endings = reader.endings(before);
    boolean ended = false;
    while (endings.hasNext() && !ended) {
      ended = endings.next().key().equals(now.key().toString());
    }
    return ended
        ? "It ran again because it had not succeeded in the run before, `%s`."
            .formatted(before.name())
        : "It ran because its result was not there: that of the run before, `%s`, was not kept."
            .formatted(before.name());
  }

  private List<Difference> changes(Job before, Job job, PlannedDatum old, PlannedDatum now) {
    List<Difference> found = new ArrayList<>();
    if (old.key().equals(now.key())) {
      return found;
    }
    for (PlannedDatum.Part part : now.parts().stream().limit(MAX_PARTS).toList()) {
      Optional<PlannedDatum.Part> was =
          old.parts().stream()
              .filter(one -> one.leaf() == part.leaf() && one.path().equals(part.path()))
              .findFirst();
      if (was.isEmpty() || !was.get().hash().equals(part.hash())) {
        found.add(part(before, job, part, was));
      }
    }
    found.addAll(runs.computations(before, job));
    return found;
  }

  /// Files of a new datum that the run before did not have.
  private List<Difference> appeared(Job before, Job job, PlannedDatum now) {
    List<Difference> found = new ArrayList<>();
    List<Comparison.Read> old = runs.inputs(before);
    for (PlannedDatum.Part part : now.parts().stream().limit(MAX_PARTS).toList()) {
      boolean there =
          part.leaf() < old.size()
              && old.get(part.leaf())
                  .files()
                  .flatMap(files -> filesets.find(files, part.path()))
                  .isPresent();
      if (!there) {
        found.add(part(before, job, part, Optional.empty()));
      }
    }
    found.addAll(runs.computations(before, job));
    return found;
  }

  private Difference part(
      Job before, Job job, PlannedDatum.Part part, Optional<PlannedDatum.Part> was) {
    Job.Source source = job.inputs().get(part.leaf());
    String path = part.path() + (part.directory() && !part.path().isRoot() ? "/" : "");
    Difference.Change change =
        was.isPresent() ? Difference.Change.CHANGED : Difference.Change.ADDED;
    Difference.Files files =
        new Difference.Files(
            part.leaf() < before.inputs().size()
                ? before.inputs().get(part.leaf()).commit()
                : Optional.empty(),
            source.commit(),
            1,
            true,
            List.of(new Difference.Changed(path, change)));
    if (was.isPresent() && part.directory()) {
      files = within(before, job, part).orElse(files);
    }
    return new Difference(
        Kind.INPUT,
        source.name(),
        was.map(old -> old.hash().toString()),
        Optional.of(part.hash().toString()),
        Optional.of(files));
  }

  /// What changed in a directory.
  private Optional<Difference.Files> within(Job before, Job job, PlannedDatum.Part part) {
    List<Comparison.Read> old = runs.inputs(before);
    List<Comparison.Read> now = runs.inputs(job);
    if (part.leaf() >= old.size() || part.leaf() >= now.size()) {
      return Optional.empty();
    }
    Optional<Fileset> was = old.get(part.leaf()).files();
    Optional<Fileset> is = now.get(part.leaf()).files();
    return was.isEmpty() || is.isEmpty()
        ? Optional.empty()
        : Optional.of(
            runs.comparison()
                .changed(
                    old.get(part.leaf()).commit(),
                    now.get(part.leaf()).commit(),
                    was.get(),
                    is.get(),
                    part.path(),
                    path -> true));
  }
}
