package dev.dassie.server.spec;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.JobClass;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Running;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads pipeline specs in JSON or YAML. All problems of a file come in one
/// `Fault.InvalidDocument`, each with its line and column.
public final class SpecReader {
  /// What faults call the file.
  static final String DOCUMENT = "The spec";

  private static final int MOST_PARALLEL = 1_000_000;

  private final String defaultProject;
  private final Problems problems = new Problems();

  private SpecReader(String defaultProject) {
    this.defaultProject = defaultProject;
  }

  /// Reads every spec of a file: a document, several, or a list; at least one. `project` is for
  /// specs that name none. Two specs of one pipeline are refused.
  public static List<ParsedSpec> read(String text, String project) {
    Names.check("project", project);
    SpecReader reader = new SpecReader(project);
    List<ParsedSpec> specs = new ArrayList<>();
    Map<RepoName, Integer> lines = new LinkedHashMap<>();
    for (Document document : Document.readAll(text)) {
      reader.read(document).ifPresent(specs::add);
    }
    reader.problems.throwIfAny();
    for (ParsedSpec spec : specs) {
      if (lines.putIfAbsent(spec.spec().repo(), lines.size()) != null) {
        throw Document.problem(
            0, 0, "The file holds two specs of the pipeline `%s`.".formatted(spec.spec().repo()));
      }
    }
    return specs;
  }

  private Optional<ParsedSpec> read(Document document) {
    FieldCheck check = new FieldCheck(problems);
    Checked root = check.mapping(document.root(), SpecFields.root(), "");
    if (!(document.root() instanceof Node.Fields)) {
      return Optional.empty();
    }
    Checked pipeline = object(check, root, "pipeline");
    String name = name(pipeline);
    String project = valid(pipeline, "project", "project").orElse(defaultProject);
    Transforms transforms = new Transforms(check, problems);
    Optional<Transform> transform = transforms.read(root);
    boolean spout = Runnings.isSpout(root);
    BucketFields buckets = new BucketFields(problems, root);
    Optional<Input> input =
        spout
            ? Optional.of(Input.none())
            : new Inputs(check, problems, buckets, project, name).read(root);
    Running running = new Runnings(check, problems).read(root, transform);
    buckets.rest(root, Runnings.seen(root, "transform"), transform);
    input
        .filter(read -> problems.isEmpty() && !spout)
        .ifPresent(read -> check(read, running, root.placeOf("input")));
    Checked metadata = object(check, root, "metadata");
    jobClass(metadata);
    Optional<String> merge =
        choice(object(check, root, "output"), "merge", List.of("error", "concat"));
    Optional<String> again = choice(root, "reprocessSpec", List.of("until_success", "every_job"));
    int parallelism = count(object(check, root, "parallelismSpec"), "constant", 1);
    int tries = count(root, "datumTries", 3);
    String branch = valid(root, "outputBranch", "branch").orElse("master");
    Resources resources = new ResourceFields(check, problems).read(root);
    Optional<Egress> egress = new Egresses(check, problems).read(root);
    if (!problems.isEmpty() || transform.isEmpty() || input.isEmpty()) {
      return Optional.empty();
    }
    PipelineSpec spec =
        new PipelineSpec(
            project,
            name,
            root.text("description").orElse(""),
            metadata.map("labels"),
            metadata.map("annotations"),
            transform.get(),
            input.get(),
            running,
            branch,
            parallelism,
            tries,
            root.duration("datumTimeout"),
            root.duration("jobTimeout"),
            again.filter("every_job"::equals).isPresent(),
            merge.filter("concat"::equals).isPresent(),
            root.text("salt").orElse(""),
            check.unused(),
            egress,
            resources);
    return Optional.of(new ParsedSpec(spec, document.text(), notes(check.unused())));
  }

  /// The rules of `core` for an input.
  private void check(Input input, Running running, Node.Place place) {
    try {
      Datums.check(input);
      if (running instanceof Running.Service service) {
        service.check(input);
      }
    } catch (DassieException e) {
      problems.add(place, e.fault().message());
    }
  }

  /// The class of its jobs is an annotation, which every executor keeps.
  private void jobClass(Checked metadata) {
    String named = metadata.map("annotations").get(JobClass.ANNOTATION);
    if (named != null && JobClass.of(named).isEmpty()) {
      problems.add(
          metadata.placeOf("annotations"),
          "The annotation `%s` is `%s`, expected one of `%s`."
              .formatted(
                  JobClass.ANNOTATION, Said.value(named), String.join("`, `", JobClass.words())));
    }
  }

  private static List<String> notes(List<String> unused) {
    return unused.stream()
        .map("`%s` is kept, and not used by executor `process`."::formatted)
        .toList();
  }

  private String name(Checked pipeline) {
    Optional<String> name = pipeline.text("name");
    if (name.isEmpty()) {
      if (!pipeline.told().contains("name")) {
        problems.add(
            pipeline.place(),
            "`pipeline.name` is missing.",
            Optional.of("Write `pipeline: {name: my-pipeline}`."));
      }
      return "";
    }
    if (name.get().length() > PipelineSpec.MAX_NAME) {
      problems.add(
          pipeline.placeOf("name"),
          "`pipeline.name` is `%s`, expected at most 51 characters."
              .formatted(Said.value(name.get())));
      return "";
    }
    return valid(pipeline, "name", "pipeline").orElse("");
  }

  private static Checked object(FieldCheck check, Checked parent, String name) {
    List<Known> fields = SpecFields.of(name);
    return parent
        .node(name)
        .map(node -> check.mapping(node, fields, parent.path(name)))
        .orElse(Checked.absent(parent, name));
  }

  private Optional<String> valid(Checked from, String field, String kind) {
    return from.text(field)
        .flatMap(text ->
            attempt(
                problems, from.placeOf(field), from.path(field), () -> Names.check(kind, text)));
  }

  private Optional<String> choice(Checked from, String field, List<String> choices) {
    Optional<String> text = from.text(field);
    if (text.isPresent() && !choices.contains(text.get())) {
      problems.add(
          from.placeOf(field),
          "`%s` is `%s`, expected `%s`."
              .formatted(from.path(field), Said.value(text.get()), String.join("` or `", choices)));
    }
    return text;
  }

  /// A count; 0 means the default, as in Pachyderm.
  private int count(Checked from, String field, int otherwise) {
    int value = from.whole(field).orElse(0);
    if (value < 0 || value > MOST_PARALLEL) {
      problems.add(
          from.placeOf(field),
          "`%s` is `%d`, expected a whole number from 1 to 1,000,000."
              .formatted(from.path(field), value));
    }
    return value == 0 ? otherwise : value;
  }

  /// The value, or nothing where a rule of `core` refuses it; then its problem is told.
  static <T> Optional<T> attempt(
      Problems problems, Node.Place place, String path, Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (DassieException e) {
      Optional<String> hint = e.fault().hint();
      String message =
          e.fault() instanceof Fault.Invalid invalid
              ? "`%s` is `%s`, expected %s."
                  .formatted(path, Said.value(invalid.value()), invalid.expected())
              : e.fault().message();
      problems.add(place, message, hint);
      return Optional.empty();
    }
  }
}
