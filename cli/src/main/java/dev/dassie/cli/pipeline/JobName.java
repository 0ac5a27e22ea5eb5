package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Jobs as people name them: `pipeline@id`, or the id alone for every job of the commit set.
record JobName(String project, String pipeline, String id) {
  /// The job that `pipeline@id` names.
  ///
  /// @throws ProblemException when the text names no pipeline or no id
  static JobName parse(String typed, Scope scope) {
    Address address = scope.address(typed);
    return new JobName(
        address.project(),
        address.repo(),
        address
            .commit()
            .orElseThrow(() ->
                Problem.of(
                        Problem.INVALID,
                        "The job is `%s`, expected `pipeline@id`.".formatted(typed),
                        Optional.of("`dassie list job` shows both."))
                    .asException()));
  }

  static boolean isSet(String typed) {
    return typed.matches("[0-9a-f]{32}");
  }

  /// All jobs that the words name: one, or those of a commit set in the order of the set.
  static List<JobName> all(String typed, Scope scope, Session session)
      throws IOException, InterruptedException {
    if (!isSet(typed)) {
      return List.of(parse(typed, scope));
    }
    List<JobName> jobs = new ArrayList<>();
    for (JobName candidate : derived(typed, session)) {
      if (candidate.exists(session)) {
        jobs.add(candidate);
      }
    }
    return jobs;
  }

  /// Waits until all that the words name have ended, and answers them as they are then. A job is
  /// known a moment later than its output commit, so the commits are awaited first.
  static List<JsonNode> await(String typed, Scope scope, Session session, Patience patience)
      throws IOException, InterruptedException {
    List<JobName> jobs = isSet(typed) ? derived(typed, session) : List.of(parse(typed, scope));
    List<JsonNode> ended = new ArrayList<>();
    for (JobName job : jobs) {
      ended.addAll(job.await(session, patience, isSet(typed)));
    }
    return ended;
  }

  private List<JsonNode> await(Session session, Patience patience, boolean maybe)
      throws IOException, InterruptedException {
    Address output = new Address(project, pipeline, Optional.of(id), Optional.empty());
    try {
      patience.await(session, Request.get(output.commitUrl() + "/wait"));
    } catch (ProblemException e) {
      if (!e.problem().code().equals(Problem.NOT_FOUND)) {
        throw e;
      }
    }
    return maybe && !exists(session)
        ? List.of()
        : List.of(patience.await(session, Request.get(url() + "/wait")));
  }

  /// The commits of a set that something was made in; a branch may be derived without a pipeline.
  private static List<JobName> derived(String id, Session session)
      throws IOException, InterruptedException {
    List<JobName> derived = new ArrayList<>();
    try (Lines lines = session.api().lines(Request.get("/commit-sets/" + id))) {
      for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
        if (!item.get().path("provenance").isEmpty()) {
          derived.add(
              new JobName(Cells.text(item.get(), "project"), Cells.text(item.get(), "repo"), id));
        }
      }
    }
    return derived;
  }

  private boolean exists(Session session) throws IOException, InterruptedException {
    try {
      session.api().json(Request.get(url()));
      return true;
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)
          || e.problem().code().equals(Problem.INVALID)) {
        return false;
      }
      throw e;
    }
  }

  /// The URL path of the job below the API's base.
  String url() {
    return "/projects/%s/pipelines/%s/jobs/%s"
        .formatted(Percent.encode(project), Percent.encode(pipeline), Percent.encode(id));
  }
}
