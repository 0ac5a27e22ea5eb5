package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.job.JobName;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.lineage.reason.Reasons;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Why jobs, datums, commits, branches and pipelines are as they are.
final class ReasonsResource {
  private final Versions versions;
  private final Reasons reasons;

  ReasonsResource(Versions versions, Reasons reasons) {
    this.versions = versions;
    this.reasons = reasons;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                "/api/v1/projects/{project}/why",
                "get_reasons",
                "Why a job, datum, commit, branch or pipeline ran, waits, was skipped or failed.")
            .text(
                "about",
                "`pipeline@job`, `repo@branch`, `repo@commit`, `pipeline`, `repo` or the id of a commit set.")
            .text("datum", "A datum of the job, by its id or 8 digits of it.")
            .list("Answer", this::why));
  }

  private void why(Exchange exchange) throws IOException {
    String project = versions.project(Place.project(exchange)).name();
    String about = exchange.required("about");
    Optional<String> datum = exchange.text("datum");
    List<Answer> answers =
        datum.isPresent()
            ? List.of(reasons.datum(job(project, about), datum.get()))
            : reasons.about(project, about);
    exchange.replyAll(answers, Answer::about, ReasonJson::answer);
  }

  private JobName job(String project, String about) {
    int at = about.indexOf('@');
    if (at < 0) {
      throw new Fault.Invalid("The job", about, "`pipeline@job`").asException();
    }
    RepoName repo = RepoName.parse(project, about.substring(0, at));
    return JobsResource.name(versions, repo.project(), repo.name(), about.substring(at + 1));
  }
}
