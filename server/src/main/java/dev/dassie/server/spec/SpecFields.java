package dev.dassie.server.spec;

import static dev.dassie.server.spec.Known.Kind.ANY;
import static dev.dassie.server.spec.Known.Kind.DURATION;
import static dev.dassie.server.spec.Known.Kind.FLAG;
import static dev.dassie.server.spec.Known.Kind.OBJECT;
import static dev.dassie.server.spec.Known.Kind.OBJECTS;
import static dev.dassie.server.spec.Known.Kind.TEXT;
import static dev.dassie.server.spec.Known.Kind.TEXTS;
import static dev.dassie.server.spec.Known.Kind.WHOLE;
import static dev.dassie.server.spec.Known.Kind.WHOLES;
import static dev.dassie.server.spec.Known.Kind.WORDS;
import static dev.dassie.server.spec.Known.Kind.WORD_LIST;
import static dev.dassie.server.spec.Known.Kind.WORD_MAP;
import static dev.dassie.server.spec.Known.kept;
import static dev.dassie.server.spec.Known.refused;
import static dev.dassie.server.spec.Known.used;

import java.util.List;

/// Every field of a pipeline spec, in the order of the documentation. The checks, the normal form
/// and the JSON Schema all come from this table. The fields are Pachyderm's (its pipeline
/// specification, 2.x) and a few of Dassie's own.
final class SpecFields {
  private SpecFields() {}

  /// What stands at the top of a spec.
  static List<Known> root() {
    return ROOT;
  }

  /// The fields of an object at the top: those of `transform`.
  static List<Known> of(String name) {
    return in(ROOT, name);
  }

  /// The fields of an object among others.
  static List<Known> in(List<Known> fields, String name) {
    return fields.stream()
        .filter(known -> known.name().equals(name))
        .findFirst()
        .orElseThrow()
        .fields()
        .get();
  }

  /// What an input holds: exactly one of its kinds.
  static List<Known> input() {
    return INPUT;
  }

  private static final List<Known> PIPELINE =
      List.of(
          used("name", TEXT, "The name of the pipeline and of the repo it writes."),
          used("project", TEXT, "Its project; by default that of the command."));

  private static final List<Known> METADATA =
      List.of(
          used("annotations", WORD_MAP, "Notes of your own."),
          used("labels", WORD_MAP, "Labels of your own."));

  private static final List<Known> SECRET =
      List.of(
          used("name", TEXT, "The secret, of the project of the pipeline."),
          used("key", TEXT, "Which of its values the variable holds."),
          used("mountPath", TEXT, "A folder that has a file for each of its keys."),
          used("envVar", TEXT, "A variable that holds the value of `key`."));

  private static final List<Known> TRANSFORM =
      List.of(
          used("cmd", WORD_LIST, "The program and its arguments; there is no shell."),
          used("stdin", WORD_LIST, "Lines for its standard input."),
          used("env", WORD_MAP, "Variables that it sees."),
          used("source", TEXT, "A directory with your code, which is kept with the spec."),
          used("workingDir", TEXT, "Where it starts; by default in the source."),
          used("acceptReturnCode", WHOLES, "Exit codes that count as success beside 0."),
          used("errCmd", WORD_LIST, "Runs once after the last failed try."),
          used("errStdin", WORD_LIST, "Lines for the standard input of errCmd."),
          used("network", TEXT, "`host` (the default) or `none`."),
          kept("image", TEXT, "The container image."),
          kept("imagePullSecrets", TEXTS, "Secrets to pull the image with."),
          kept("debug", FLAG, "Verbose logging of workers."),
          kept("memoryVolume", FLAG, "Scratch space in memory."),
          kept("dockerfile", TEXT, "Left from build pipelines."),
          used("secrets", OBJECTS, "Secrets as files or variables.", () -> SECRET),
          used("user", WORDS, "A user of the host that it runs as, or USER:GROUP."),
          used("datumBatching", FLAG, "The program stays and asks for the next datum."));

  private static final List<Known> TRIGGER =
      List.of(
          used("branch", TEXT, "The branch to follow; by default `master`."),
          used("size", WORDS, "Bytes that were added or rewritten: `500`, `1MB`, `2GiB`."),
          used("commits", WHOLE, "How many commits came."),
          used("rateLimitSpec", TEXT, "A schedule: at most once between two of its ticks."),
          used("cronSpec", TEXT, "A schedule that alone says when."),
          used("all", FLAG, "Every condition must hold, instead of one."));

  private static final List<Known> SERVICE =
      List.of(
          used("internalPort", WHOLE, "Where the program listens."),
          used("externalPort", WHOLE, "Where the server listens for it; by default any free port."),
          kept("ip", TEXT, "The address of the service in a cluster."),
          kept("type", TEXT, "The kind of the service in a cluster."),
          kept("annotations", WORD_MAP, "Notes on the service in a cluster."));

  private static final List<Known> SPOUT =
      List.of(used("service", OBJECT, "Where it is reached from outside.", () -> SERVICE));

  private static final List<Known> DATUM_SETS =
      List.of(
          used("number", WORDS, "So many datums go to a worker at once."),
          used("sizeBytes", WORDS, "Datums go to a worker until their inputs have so many bytes."),
          used("perWorker", WORDS, "So many sets of datums for each worker."));

  private static final List<Known> PROPAGATION =
      List.of(used("never", FLAG, "Changes start no job; the next one reads the newest data."));

  private static final List<Known> PFS =
      List.of(
          used("repo", TEXT, "The repo to read."),
          used("glob", TEXT, "Each path that it matches is one datum; `/` is the whole repo."),
          used("name", TEXT, "The folder under /pfs; by default the name of the repo."),
          used("project", TEXT, "The project of the repo; by default the pipeline's."),
          used("branch", TEXT, "The branch or tag to read; by default `master`."),
          used("emptyFiles", FLAG, "Show names only, files without content."),
          used("repoType", TEXT, "`user`, the default."),
          used("propagationSpec", OBJECT, "What starts jobs.", () -> PROPAGATION),
          used(
              "commit", TEXT, "A full commit id: reads that commit for good, instead of a branch."),
          used(
              "joinOn",
              TEXT,
              "The key of a join: `$1` is what the glob's first parentheses match."),
          used("outerJoin", FLAG, "Matches that have no partner in a join make datums too."),
          used("groupBy", TEXT, "The key of a group, as in `joinOn`."),
          used("lazy", FLAG, "Files may be fetched when they are opened; now they are up front."),
          used("s3", FLAG, "A bucket of this name that the code reads, instead of files."),
          used("trigger", OBJECT, "Reads another branch only from time to time.", () -> TRIGGER),
          used("reference", FLAG, "A change of the content alone computes nothing anew."));

  private static final List<Known> CRON =
      List.of(
          used("name", TEXT, "The folder under /pfs."),
          used(
              "spec",
              TEXT,
              "When it ticks: five fields as in crontab, `@hourly`, `@every 10m`, `@never`."),
          used("start", TEXT, "From when on, RFC 3339; by default from the pipeline's creation."),
          used("overwrite", FLAG, "A tick replaces the ones before it; by default they add up."),
          used("repo", TEXT, "The repo of the ticks; by default PIPELINE_NAME."),
          used("project", TEXT, "The project of that repo; by default the pipeline's."),
          used("commit", TEXT, "Stays empty: the server makes the commits."));

  private static final List<Known> INPUT =
      List.of(
          used("pfs", OBJECT, "Files of a repo.", () -> PFS),
          used("cross", OBJECTS, "Every combination of the inputs' datums.", SpecFields::input),
          used("union", OBJECTS, "The datums of all inputs.", SpecFields::input),
          used("join", OBJECTS, "Combinations with equal keys.", SpecFields::input),
          used("group", OBJECTS, "One datum for each key.", SpecFields::input),
          used("cron", OBJECT, "Ticks of a clock, which the server makes.", () -> CRON));

  private static final List<Known> OUTPUT =
      List.of(used("merge", TEXT, "Two datums that write one path: `error` or `concat`."));

  private static final List<Known> PARALLELISM =
      List.of(used("constant", WHOLE, "Datums that may run at once; by default 1."));

  private static final List<Known> SECRET_KEY =
      List.of(
          used("name", TEXT, "The secret, of the project of the pipeline."),
          used("key", TEXT, "Which of its values."));

  private static final List<Known> DATABASE =
      List.of(
          used("url", TEXT, "`postgresql://USER@HOST/DATABASE`."),
          used(
              "fileFormat",
              OBJECT,
              "How files say rows.",
              () ->
                  List.of(
                      used("type", TEXT, "`CSV` or `JSON`."),
                      used("columns", TEXTS, "The names of the fields."))),
          used("secret", OBJECT, "The password.", () -> SECRET_KEY));

  private static final List<Known> EGRESS =
      List.of(
          used("URL", TEXT, "A folder of the server, or a place in an S3 store."),
          used(
              "objectStorage",
              OBJECT,
              "The same in a longer form.",
              () -> List.of(used("url", TEXT, "As `URL`."))),
          used("secret", OBJECT, "The credentials for an S3 store.", () -> SECRET_KEY),
          used("sqlDatabase", OBJECT, "Tables of a database.", () -> DATABASE));

  private static final List<Known> GPU =
      List.of(
          kept("type", TEXT, "Its name in a cluster, like `nvidia.com/gpu`."),
          kept("number", WHOLE, "How many."));

  private static final List<Known> RESOURCES =
      List.of(
          used("cpu", WORDS, "CPUs, like `1.5` or `500m`; whole ones are used."),
          used("memory", WORDS, "Memory in bytes, like `512Mi`."),
          used("disk", WORDS, "What a datum writes in bytes, like `10Gi`."),
          kept("gpu", OBJECT, "Graphics processors.", () -> GPU));

  private static final List<Known> ROOT =
      List.of(
          used("pipeline", OBJECT, "Which pipeline it is.", () -> PIPELINE),
          used("description", TEXT, "What it does, for people."),
          used("metadata", OBJECT, "Labels and notes.", () -> METADATA),
          used("transform", OBJECT, "The code to run.", () -> TRANSFORM),
          used("input", OBJECT, "The data it reads.", SpecFields::input),
          used("output", OBJECT, "How it writes.", () -> OUTPUT),
          used("outputBranch", TEXT, "The branch it writes; by default `master`."),
          used("parallelismSpec", OBJECT, "How much runs at once.", () -> PARALLELISM),
          used("datumTries", WHOLE, "Tries of each datum; by default 3."),
          used("datumTimeout", DURATION, "The longest a try of a datum may take."),
          used("jobTimeout", DURATION, "The longest a job may take."),
          used("reprocessSpec", TEXT, "`until_success` (the default) or `every_job`."),
          used("salt", TEXT, "Another salt computes everything anew."),
          used("datumSetSpec", OBJECT, "How datums go to workers.", () -> DATUM_SETS),
          kept("resourceRequests", OBJECT, "What a worker needs.", () -> RESOURCES),
          used("resourceLimits", OBJECT, "What the code may use.", () -> RESOURCES),
          kept("sidecarResourceRequests", OBJECT, "What its sidecar needs."),
          kept("sidecarResourceLimits", OBJECT, "What its sidecar may use."),
          kept("schedulingSpec", OBJECT, "Where workers may run."),
          kept("tolerations", OBJECTS, "Which nodes workers bear."),
          kept("podSpec", ANY, "A merge patch of the pod."),
          kept("podPatch", ANY, "A JSON patch of the pod."),
          kept("autoscaling", FLAG, "Workers come and go with the load."),
          kept("maximumExpectedUptime", ANY, "When autoscaled workers raise an alert."),
          used("s3Out", FLAG, "Its output is what it writes to the bucket `out`."),
          used(
              "egress", OBJECT, "Where the output of each job goes beside its repo.", () -> EGRESS),
          used("service", OBJECT, "Show the data to others over the network.", () -> SERVICE),
          used("spout", OBJECT, "Produce data without an input.", () -> SPOUT),
          refused("tfJob", ANY, "Start TensorFlow by `transform.cmd`; Pachyderm refuses it too."),
          kept("determined", OBJECT, "Workspaces of Determined.AI."),
          refused("update", FLAG, "Use the command `update pipeline`."),
          refused("reprocess", FLAG, "Use the flag `--reprocess`."),
          refused("dryRun", FLAG, "Use the command `validate pipeline`."),
          kept("specCommit", OBJECT, "The commit that a spec was read from."));
}
