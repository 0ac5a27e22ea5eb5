package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.file.Tar;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pipeline specs on their way to the server, which alone understands them: it says which source
/// directories they name, those are uploaded, then the specs are sent.
public final class Specs {
  private static final int SPEC_BYTES_MAX = 16 << 20;
  private static final String STANDARD_INPUT = "-";

  /// One document as the user wrote it.
  ///
  /// @param name what the user typed
  /// @param folder where relative source directories start
  public record Spec(String name, Path folder, String text, String format) {}

  private Specs() {}

  /// The documents behind `-f`.
  static List<Spec> read(Session session, List<String> names) throws IOException {
    if (names.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "No spec is given.",
              Optional.of("`-f FILE` names one, `-f -` reads standard input."))
          .asException();
    }
    List<Spec> specs = new ArrayList<>();
    for (String name : names) {
      specs.add(
          name.equals(STANDARD_INPUT)
              ? spec(
                  name, session.surroundings().folder(), session.input().readNBytes(SPEC_BYTES_MAX))
              : read(session.file(name), name));
    }
    return specs;
  }

  /// The spec in a file; its directory is where its sources start.
  public static Spec read(Path file, String name) throws IOException {
    if (Files.size(file) >= SPEC_BYTES_MAX) {
      throw Problem.invalid(
              "`%s` is too large for a spec, expected less than 16 MiB.".formatted(name))
          .asException();
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    return spec(name, folder, Files.readAllBytes(file));
  }

  private static Spec spec(String name, Path folder, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String start = text.stripLeading();
    boolean json =
        name.toLowerCase(Locale.ROOT).endsWith(".json")
            || start.startsWith("{")
            || start.startsWith("[");
    return new Spec(name, folder, text, json ? "json" : "yaml");
  }

  /// What the server says about a spec; all its problems at once where it has any.
  ///
  /// @throws dev.dassie.api.ProblemException whose sentence names the document
  static JsonNode validate(Session session, Scope scope, Spec spec)
      throws IOException, InterruptedException {
    return session
        .api()
        .json(
            Request.post("/specs/validate")
                .with("project", scope.project())
                .upload(Upload.text("application/" + spec.format(), spec.text())));
  }

  /// Creates or updates the pipelines of a spec, all or none.
  public static JsonNode send(
      Session session,
      Scope scope,
      Message message,
      Joining joining,
      Spec spec,
      boolean update,
      boolean reprocess)
      throws IOException, InterruptedException {
    ObjectNode body = body(session, scope, spec);
    ObjectNode step =
        Joining.step(update ? "update_pipelines" : "create_pipelines")
            .put("project", scope.project())
            .put("reprocess", reprocess);
    step.setAll(body);
    Request request =
        Request.post(scope.url() + "/pipelines")
            .flag("update", update)
            .flag("reprocess", reprocess)
            .json(body);
    return joining.send(session, message.on(request), step);
  }

  /// What is sent of a spec, its sources uploaded.
  static ObjectNode body(Session session, Scope scope, Spec spec)
      throws IOException, InterruptedException {
    JsonNode checked = validate(session, scope, spec);
    ObjectNode body = Json.object().put("spec", spec.text()).put("format", spec.format());
    ObjectNode sources = body.putObject("sources");
    for (JsonNode pipeline : checked.path("pipelines")) {
      String source = pipeline.path("source").asString("");
      if (!source.isEmpty() && !sources.has(source)) {
        sources.put(source, upload(session, spec, source).id());
      }
    }
    return body;
  }

  /// A source directory that the server has.
  record Uploaded(String id, String hash) {}

  static Uploaded upload(Session session, Spec spec, String source)
      throws IOException, InterruptedException {
    Path folder = spec.folder().resolve(source).normalize();
    if (!Files.isDirectory(folder)) {
      throw Problem.of(
              Problem.INVALID,
              "The source of `%s` is `%s`, expected a directory.".formatted(spec.name(), source),
              Optional.of("It is looked for at `%s`.".formatted(folder)))
          .asException();
    }
    SourceTree tree = SourceTree.of(folder, session::say);
    Request request = Request.post("/filesets").upload(Tar.upload(source, tree::each));
    Request stamped =
        tree.git()
            .map(git ->
                request.header(
                    "Dassie-Git", "commit=%s;dirty=%s".formatted(git.commit(), git.dirty())))
            .orElse(request);
    JsonNode uploaded = session.api().json(stamped);
    return new Uploaded(uploaded.path("id").asString(""), uploaded.path("hash").asString(""));
  }

  /// Notes about the pipelines of a reply: fields that have no effect here.
  static void sayNotes(Session session, JsonNode pipelines) {
    for (JsonNode pipeline : pipelines) {
      List<String> unused = new ArrayList<>();
      pipeline.path("unused").forEach(field -> unused.add("`" + field.asString("") + "`"));
      if (!unused.isEmpty()) {
        session.say(
            "`%s`: not used by this executor: %s."
                .formatted(pipeline.path("name").asString(""), String.join(", ", unused)));
      }
      pipeline.path("notes").forEach(note -> session.say(note.asString("")));
    }
  }
}
