package dev.dassie.cli.version;

import dev.dassie.cli.command.Patience;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// How writes through S3 become commits of a branch.
final class S3Options {
  @Option(
      names = "--s3-commits",
      paramLabel = "each|quiet|manual",
      description =
          "How writes through S3 become commits: each is one; they gather until nothing is written"
              + " for a while (as without the option); or until `finish commit`.")
  private Optional<String> commits = Optional.empty();

  @Option(
      names = "--s3-quiet",
      paramLabel = "DURATION",
      description = "How long nothing is written before a gathered commit is finished; 5s without.")
  private Optional<String> quiet = Optional.empty();

  @Option(
      names = "--s3-latest",
      paramLabel = "DURATION",
      description = "How long a gathered commit is open at most; 1h without.")
  private Optional<String> latest = Optional.empty();

  /// Puts what is said into the request; what is not stays as it is.
  void into(ObjectNode body) {
    if (commits.isPresent() || quiet.isPresent() || latest.isPresent()) {
      ObjectNode rule = body.putObject("s3");
      commits.ifPresent(mode -> rule.put("commits", mode));
      quiet.ifPresent(time -> rule.put("quiet_ms", Patience.parse(time).toMillis()));
      latest.ifPresent(time -> rule.put("latest_ms", Patience.parse(time).toMillis()));
    }
  }
}
