package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// The options that say where specs come from: files as they are, or Jsonnet templates with their
/// arguments, which the server makes specs of.
public final class SpecFiles {
  private static final int MAX_IMPORTS = 200;
  private static final long MAX_BYTES = 4L << 20;
  private static final Pattern IMPORT =
      Pattern.compile("\\bimport(?:str)?\\s*(?:\"([^\"\\\\\n]+)\"|'([^'\\\\\n]+)')");

  @Option(
      names = {"-f", "--file"},
      paramLabel = "SPEC",
      description = "A spec in YAML or JSON; - for standard input. May be given several times.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--jsonnet",
      paramLabel = "TEMPLATE",
      description = "A Jsonnet template that makes specs. May be given several times.")
  private List<String> templates = new ArrayList<>();

  @Option(
      names = "--arg",
      paramLabel = "NAME=TEXT",
      description = "An argument of the template. May be given several times.")
  private List<String> arguments = new ArrayList<>();

  /// Whether any is named.
  boolean given() {
    return !files.isEmpty() || !templates.isEmpty();
  }

  /// The files that are named.
  List<Path> paths(Session session) {
    return Stream.concat(files.stream(), templates.stream())
        .filter(name -> !name.equals("-"))
        .map(session::file)
        .toList();
  }

  /// All specs, the templates rendered; at least one, else it is refused.
  List<Specs.Spec> read(Session session) throws IOException, InterruptedException {
    if (templates.isEmpty() && !arguments.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "`--arg %s` has no template.".formatted(arguments.getFirst()),
              Optional.of("`--jsonnet FILE` names one."))
          .asException();
    }
    List<Specs.Spec> specs = new ArrayList<>();
    if (!files.isEmpty() || templates.isEmpty()) {
      specs.addAll(Specs.read(session, files));
    }
    for (String template : templates) {
      specs.add(render(session, template));
    }
    return specs;
  }

  private Specs.Spec render(Session session, String name) throws IOException, InterruptedException {
    Specs.Spec template = Specs.read(session.file(name), name);
    ObjectNode body = Json.object().put("name", name).put("template", template.text());
    ObjectNode given = body.putObject("arguments");
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        throw Problem.invalid("`--arg` is `%s`, expected `NAME=TEXT`.".formatted(argument))
            .asException();
      }
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    ObjectNode along = body.putObject("files");
    // The template's own name takes no part in where imports start.
    body.put("name", Path.of(name).getFileName().toString());
    imports(template).forEach(along::put);
    String spec =
        session.api().json(Request.post("/specs/render").json(body)).path("spec").asString("");
    return new Specs.Spec(name, template.folder(), spec, "json");
  }

  /// The files that a template names, and those that they name, by their path from its folder. What
  /// is not there is left out: the server says which import misses it.
  private static Map<String, String> imports(Specs.Spec template) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    Deque<Path> queue = new ArrayDeque<>();
    long bytes = named(template.text(), Path.of(""), queue);
    while (!queue.isEmpty()) {
      Path path = queue.remove();
      Path file = template.folder().resolve(path);
      if (found.containsKey(path.toString()) || !Files.isRegularFile(file)) {
        continue;
      }
      bytes += Files.size(file);
      if (found.size() == MAX_IMPORTS || bytes > MAX_BYTES) {
        throw Problem.invalid(
                "`%s` imports more than %d files or 4 MiB.".formatted(template.name(), MAX_IMPORTS))
            .asException();
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      found.put(path.toString(), text);
      Path folder = Optional.ofNullable(path.getParent()).orElse(Path.of(""));
      long _ = named(text, folder, queue);
    }
    return found;
  }

  /// Adds the paths that a text imports; answers how many bytes the text has.
  private static long named(String text, Path folder, Deque<Path> queue) {
    Matcher matcher = IMPORT.matcher(text);
    while (matcher.find()) {
      String path = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
      queue.add(folder.resolve(path).normalize());
    }
    return text.length();
  }
}
