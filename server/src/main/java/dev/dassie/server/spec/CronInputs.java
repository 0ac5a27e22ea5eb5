package dev.dassie.server.spec;

import dev.dassie.pipeline.Cron;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.Starts;
import dev.dassie.version.BranchName;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Schedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/// Reads `cron` of an input: files of a repo that the server ticks in.
final class CronInputs {
  private final Problems problems;
  private final String project;
  private final String pipeline;

  CronInputs(Problems problems, String project, String pipeline) {
    this.problems = problems;
    this.project = project;
    this.pipeline = pipeline;
  }

  Optional<Input.Files> read(Checked cron) {
    Optional<String> name = needed(cron, "name", "the folder under `/pfs`", "name: tick");
    Optional<Schedule> schedule =
        needed(cron, "spec", "when it ticks", "spec: '@hourly'")
            .flatMap(text ->
                SpecReader.attempt(
                    problems, cron.placeOf("spec"), cron.path("spec"), () -> Schedule.parse(text)));
    Optional<String> start = cron.text("start");
    Optional<Instant> from = start.flatMap(text -> time(cron, text));
    cron.text("commit")
        .ifPresent(commit ->
            problems.add(
                cron.placeOf("commit"),
                "`%s` is `%s`, expected none; the server makes the commits."
                    .formatted(cron.path("commit"), Said.value(commit))));
    Optional<String> owner = named(cron, "project", project);
    Optional<String> repo = named(cron, "repo", name.map(text -> pipeline + "_" + text).orElse(""));
    if (name.isEmpty()
        || schedule.isEmpty()
        || owner.isEmpty()
        || repo.isEmpty()
        || from.isPresent() != start.isPresent()) {
      return Optional.empty();
    }
    RepoName ticks = new RepoName(owner.get(), repo.get());
    return Optional.of(
        new Input.Files(
            name.get(),
            new BranchName(ticks, BranchName.DEFAULT_BRANCH),
            "/*",
            false,
            false,
            false,
            Optional.empty(),
            false,
            Optional.empty(),
            Starts.ticking(new Cron(schedule.get(), from, cron.flag("overwrite")))));
  }

  private Optional<String> needed(Checked cron, String field, String expected, String example) {
    Optional<String> text = cron.text(field);
    if (text.isEmpty() && !cron.told().contains(field)) {
      problems.add(
          cron.placeOf(field),
          "`%s` is missing, expected %s.".formatted(cron.path(field), expected),
          Optional.of("Write `%s`.".formatted(example)));
    }
    return text;
  }

  private Optional<Instant> time(Checked cron, String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      problems.add(
          cron.placeOf("start"),
          "`%s` is `%s`, expected a time like `2026-11-21T10:00:00Z`."
              .formatted(cron.path("start"), Said.value(text)));
      return Optional.empty();
    }
  }

  /// A name that is given, or the one that holds without it.
  private Optional<String> named(Checked cron, String field, String otherwise) {
    String text = cron.text(field).orElse(otherwise);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return SpecReader.attempt(
        problems,
        cron.placeOf(field),
        cron.path(field),
        () -> Names.check(field.equals("repo") ? "repo" : "project", text));
  }
}
