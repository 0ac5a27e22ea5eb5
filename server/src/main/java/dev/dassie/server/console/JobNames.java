package dev.dassie.server.console;

import dev.dassie.fault.Fault;
import dev.dassie.job.JobName;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.version.CommitId;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What the address of a page says of a job.
final class JobNames {
  private JobNames() {}

  /// The job of `{project}/{pipeline}/{job}`: its id, or any other address of its output.
  static JobName of(Exchange exchange, Versions versions) {
    String project = Place.project(exchange);
    String pipeline = Names.check("pipeline", exchange.path("pipeline"));
    RepoName repo = new RepoName(project, pipeline);
    String place = exchange.path("job");
    return new JobName(
        project,
        pipeline,
        Names.isCommitId(place) ? new CommitId(place) : versions.resolve(repo, place).name().id());
  }

  /// The state that `?state=` names, one of these.
  static <E extends Enum<E>> Optional<E> state(Exchange exchange, E[] all) {
    Optional<String> word = exchange.text("state");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Optional<E> found =
        Arrays.stream(all).filter(one -> one.name().equalsIgnoreCase(word.get())).findFirst();
    if (found.isEmpty()) {
      String words =
          String.join(
              "`, `", Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList());
      throw new Fault.Invalid("The state", word.get(), "one of `" + words + "`").asException();
    }
    return found;
  }
}
