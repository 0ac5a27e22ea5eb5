package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `edit pipeline NAME`: opens its spec in an editor and updates the pipeline to what was saved;
/// its code stays. Where that is refused, the text is kept in a file.
public final class EditPipeline implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Option(
      names = "--editor",
      paramLabel = "COMMAND",
      description = "The editor; else $$VISUAL, $$EDITOR or vi.")
  private Optional<String> editor = Optional.empty();

  @Option(names = "--reprocess", description = "Run every datum again, also those that succeeded.")
  private boolean reprocess;

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(name);
    JsonNode pipeline = session.api().json(Request.get(Pipelines.url(address)));
    String before = pipeline.path("spec_text").asString("");
    boolean json = before.stripLeading().startsWith("{");
    Path file = Files.createTempFile("dassie-" + address.repo() + "-", json ? ".json" : ".yaml");
    Files.writeString(file, before);
    edit(session, file);
    Specs.Spec spec = Specs.read(file, file.toString());
    if (spec.text().equals(before)) {
      Files.delete(file);
      session.say("Nothing was changed.");
      return Exit.OK;
    }
    try {
      update(session, address, pipeline, spec);
    } catch (ProblemException e) {
      session.say("What you wrote is kept in `%s`.".formatted(file));
      throw e;
    }
    Files.delete(file);
    return Exit.OK;
  }

  private void edit(Session session, Path file) throws IOException, InterruptedException {
    String command =
        editor
            .or(() -> session.surroundings().variable("VISUAL"))
            .or(() -> session.surroundings().variable("EDITOR"))
            .orElse("vi");
    // The shell splits the words of the command, which may have options.
    Process process =
        new ProcessBuilder(List.of("sh", "-c", command + " \"$1\"", "sh", file.toString()))
            .inheritIO()
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw Problem.of(
              Problem.FAILED,
              "The editor `%s` ended with exit code %d; nothing was changed."
                  .formatted(command, code),
              Optional.of("Set `EDITOR`, or name one with `--editor`."))
          .asException();
    }
  }

  private void update(Session session, Address address, JsonNode pipeline, Specs.Spec spec)
      throws IOException, InterruptedException {
    JsonNode found = Specs.validate(session, scope, spec).path("pipelines");
    if (found.size() != 1
        || !found.path(0).path("name").asString("").equals(address.repo())
        || !found.path(0).path("project").asString("").equals(address.project())) {
      throw Problem.of(
              Problem.INVALID,
              "The text has another pipeline than `%s`, expected that one alone."
                  .formatted(pipeline.path("name").asString("")),
              Optional.of("`dassie create pipeline -f FILE` makes others."))
          .asException();
    }
    ObjectNode body = Json.object().put("spec", spec.text()).put("format", spec.format());
    ObjectNode sources = body.putObject("sources");
    String source = found.path(0).path("source").asString("");
    if (!source.isEmpty()) {
      Request offer = Request.post(Pipelines.url(address) + "/source");
      sources.put(source, session.api().json(offer).path("id").asString(""));
    }
    Request request =
        Request.post("/projects/" + dev.dassie.api.Percent.encode(address.project()) + "/pipelines")
            .flag("update", true)
            .flag("reprocess", reprocess)
            .json(body);
    Specs.sayNotes(session, session.api().json(message.on(request)).path("items"));
  }
}
