package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
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
    try (Lines lines = session.api().lines(Request.get("/commit-sets/" + typed))) {
      for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
        JobName job =
            new JobName(Cells.text(item.get(), "project"), Cells.text(item.get(), "repo"), typed);
        if (!item.get().path("provenance").isEmpty() && job.exists(session)) {
          jobs.add(job);
        }
      }
    }
    return jobs;
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
