package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs of a spec and its code beside all pipelines, one after another; each is compared with the
/// last one that did not fail. [#stop] may come from another thread.
final class Trying {
  private final Session session;
  private final Scope scope;
  private final Optional<String> pipeline;
  private final Optional<Long> sample;
  private final boolean raw;

  /// What ran last without a failure: what the next run is compared with.
  private Optional<Code> last = Optional.empty();

  private final Object lock = new Object();
  private Optional<Lines> running = Optional.empty();
  private boolean stopped;

  Trying(
      Session session, Scope scope, Optional<String> pipeline, Optional<Long> sample, boolean raw) {
    this.session = session;
    this.scope = scope;
    this.pipeline = pipeline;
    this.sample = sample;
    this.raw = raw;
  }

  /// A spec that the server found good, and its code as it was uploaded: id and hash of each source
  /// directory.
  record Code(List<Specs.Spec> specs, TreeMap<String, Specs.Uploaded> sources) {
    Specs.Spec spec() {
      return specs.getFirst();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Code code
          && code.spec().text().equals(spec().text())
          && code.hashes().equals(hashes());
    }

    @Override
    public int hashCode() {
      return spec().text().hashCode() ^ hashes().hashCode();
    }

    private List<String> hashes() {
      return sources.values().stream().map(Specs.Uploaded::hash).toList();
    }
  }

  /// How a run ended.
  record Result(long failed, boolean stopped) {}

  /// Has the server look at a spec, and uploads its code.
  ///
  /// @throws ProblemException with all problems of the spec, each with its file and line
  Code read(List<Specs.Spec> specs) throws IOException, InterruptedException {
    Specs.Spec spec = one(specs);
    TreeMap<String, Specs.Uploaded> sources = new TreeMap<>();
    for (String source : named(spec)) {
      sources.put(source, Specs.upload(session, spec, source));
    }
    return new Code(List.of(spec), sources);
  }

  /// The directories that the code of the specs comes from.
  List<Path> sources(List<Specs.Spec> specs) throws IOException, InterruptedException {
    Specs.Spec spec = one(specs);
    return named(spec).stream().map(name -> spec.folder().resolve(name).normalize()).toList();
  }

  /// What is to be looked at for changes, as the person wrote it.
  List<Path> watched(Code code) {
    List<Path> all = new ArrayList<>(List.of(Path.of(code.spec().name())));
    code.sources().keySet().forEach(source -> all.add(Path.of(source)));
    return all;
  }

  private static Specs.Spec one(List<Specs.Spec> specs) {
    if (specs.size() != 1) {
      throw Problem.invalid("`dev` has %d spec files, expected one.".formatted(specs.size()))
          .asException();
    }
    return specs.getFirst();
  }

  private List<String> named(Specs.Spec spec) throws IOException, InterruptedException {
    try {
      List<String> names = new ArrayList<>();
      for (JsonNode found : Specs.validate(session, scope, spec).path("pipelines")) {
        String source = found.path("source").asString("");
        if (!source.isEmpty() && !names.contains(source)) {
          names.add(source);
        }
      }
      return names;
    } catch (ProblemException e) {
      throw placed(spec, e.problem()).asException();
    }
  }

  /// The problem with `file:line:column` before each of its parts.
  private static Problem placed(Specs.Spec spec, Problem problem) {
    if (problem.details().isEmpty()) {
      return problem;
    }
    List<String> lines = new ArrayList<>();
    for (Problem.Detail detail : problem.details()) {
      String hint = detail.hint().map(text -> " " + text).orElse("");
      lines.add(
          detail.line() > 0
              ? "%s:%d:%d: %s%s"
                  .formatted(spec.name(), detail.line(), detail.column(), detail.message(), hint)
              : "%s: %s%s".formatted(spec.name(), detail.message(), hint));
    }
    return Problem.of(problem.code(), String.join("\n", lines), problem.hint());
  }

  /// Runs it and shows what comes.
  ///
  /// @param since the moment of `System.nanoTime()` from which the person waits
  /// @param overtaken whether [#stop] has been called since what runs was read
  Result run(Code code, long since, BooleanSupplier overtaken)
      throws IOException, InterruptedException {
    ObjectNode body = body(code);
    last.ifPresent(before -> body.set("before", body(before)));
    sample.ifPresent(most -> body.put("sample", most));
    pipeline.ifPresent(name -> body.put("pipeline", name));
    Request request =
        Request.post("/specs/run").with("project", scope.project()).json(body).unlimited();
    TrialView view = new TrialView(session, raw, since);
    try (Lines lines = session.api().lines(request)) {
      synchronized (lock) {
        stopped = false;
        running = Optional.of(lines);
      }
      if (overtaken.getAsBoolean()) {
        stop(); // it came before there was anything to end
      }
      for (Optional<JsonNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        view.show(line.get());
      }
    } catch (IOException e) {
      synchronized (lock) {
        if (!stopped) {
          throw e;
        }
      }
    } finally {
      synchronized (lock) {
        running = Optional.empty();
      }
    }
    boolean whole = view.ended();
    if (whole && view.failed() == 0) {
      last = Optional.of(code);
    }
    return new Result(view.failed(), !whole);
  }

  private static ObjectNode body(Code code) {
    ObjectNode body =
        Json.object().put("spec", code.spec().text()).put("format", code.spec().format());
    ObjectNode sources = body.putObject("sources");
    code.sources().forEach((name, uploaded) -> sources.put(name, uploaded.id()));
    return body;
  }

  /// Ends what runs now, if anything does.
  void stop() {
    synchronized (lock) {
      if (running.isPresent()) {
        stopped = true;
        try {
          running.get().close();
        } catch (IOException e) {
          return; // it has ended by itself
        }
      }
    }
  }
}
