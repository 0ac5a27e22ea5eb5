package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `create branch REPO@BRANCH`: makes a branch, or gives one another head, other provenance,
/// another trigger, another rule of what is kept or of how writes through S3 become commits.
public final class CreateBranch implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Mixin private final TriggerOptions trigger = new TriggerOptions();

  @Mixin private final S3Options s3 = new S3Options();

  @Parameters(paramLabel = "REPO@BRANCH", description = "The branch.")
  private String branch = "";

  @Option(
      names = "--head",
      paramLabel = "COMMIT",
      description = "Branch, tag or commit of the repo that it starts at.")
  private Optional<String> head = Optional.empty();

  @Option(
      names = {"-p", "--provenance"},
      paramLabel = "REPO@BRANCH",
      split = ",",
      description = "Branches that it is made from.")
  private List<String> provenance = new ArrayList<>();

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = "A rule: keep the newest N commits of the branch.")
  private Optional<Integer> keepLast = Optional.empty();

  @Option(
      names = "--keep-for",
      paramLabel = "DURATION",
      description = "A rule: keep the commits of this time (12h, 30d); with `--keep-last`, both.")
  private Optional<String> keepFor = Optional.empty();

  @Option(names = "--keep-all", description = "Without a rule again: keep every commit.")
  private boolean keepAll;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    ObjectNode body = Json.object();
    Address address = scope.address(branch);
    head.ifPresent(commit -> body.put("head", Places.within(commit, address)));
    if (!provenance.isEmpty()) {
      for (String typed : provenance) {
        Address upstream = scope.address(typed);
        body.withArray("provenance")
            .addObject()
            .put("project", upstream.project())
            .put("repo", upstream.repo())
            .put("branch", upstream.commitOrDefault());
      }
    }
    keep(body);
    trigger.into(body);
    s3.into(body);
    Request request = Request.put(Places.branch(address)).json(body);
    ObjectNode step =
        Joining.step("create_branch", address).put("branch", address.commitOrDefault());
    step.setAll(body);
    joining.send(session, request, step);
    return Exit.OK;
  }

  private void keep(ObjectNode body) {
    boolean ruled = keepLast.isPresent() || keepFor.isPresent();
    if (keepAll && ruled) {
      throw Problem.invalid(
              "`--keep-all` takes the rule away, expected it without `--keep-last` and `--keep-for`.")
          .asException();
    }
    if (keepAll || ruled) {
      ObjectNode rule = body.putObject("keep");
      keepLast.ifPresent(count -> rule.put("last", count));
      keepFor.ifPresent(time -> rule.put("seconds", Patience.parse(time).toSeconds()));
    }
  }
}
