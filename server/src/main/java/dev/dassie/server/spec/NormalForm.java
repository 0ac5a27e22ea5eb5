package dev.dassie.server.spec;

import dev.dassie.pipeline.Cron;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Running;
import dev.dassie.pipeline.Transform;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.version.BranchName;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The normal form of a spec: JSON with camelCase names and every default said, which reads back as
/// the same spec but for what other executors would use.
public final class NormalForm {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private NormalForm() {}

  public static ObjectNode of(PipelineSpec spec) {
    ObjectNode json = JSON.objectNode();
    json.putObject("pipeline").put("project", spec.project()).put("name", spec.name());
    text(json, "description", Optional.of(spec.description()));
    if (!spec.labels().isEmpty() || !spec.annotations().isEmpty()) {
      ObjectNode metadata = json.putObject("metadata");
      map(metadata, "labels", spec.labels());
      map(metadata, "annotations", spec.annotations());
    }
    json.set("transform", transform(spec.transform()));
    if (!spec.input().isNone()) {
      json.set("input", input(spec.input()));
    }
    running(json, spec.running());
    json.put("outputBranch", spec.outputBranch());
    json.putObject("output").put("merge", spec.concat() ? "concat" : "error");
    json.putObject("parallelismSpec").put("constant", spec.parallelism());
    json.put("datumTries", spec.datumTries());
    text(json, "datumTimeout", spec.datumTimeout().map(NormalForm::seconds));
    text(json, "jobTimeout", spec.jobTimeout().map(NormalForm::seconds));
    json.put("reprocessSpec", spec.everyJob() ? "every_job" : "until_success");
    text(json, "salt", Optional.of(spec.salt()));
    resources(json, spec.resources());
    spec.egress().ifPresent(egress -> json.set("egress", egress(egress)));
    return json;
  }

  private static ObjectNode transform(Transform transform) {
    ObjectNode json = JSON.objectNode();
    texts(json, "cmd", transform.cmd());
    texts(json, "stdin", transform.stdin());
    map(json, "env", transform.env());
    text(json, "source", transform.source());
    text(json, "workingDir", transform.workingDir());
    if (!transform.acceptReturnCode().isEmpty()) {
      ArrayNode codes = json.putArray("acceptReturnCode");
      transform.acceptReturnCode().forEach(codes::add);
    }
    texts(json, "errCmd", transform.errCmd());
    texts(json, "errStdin", transform.errStdin());
    json.put("network", transform.network() == Transform.Network.NONE ? "none" : "host");
    text(json, "image", transform.image());
    text(json, "user", transform.user());
    if (!transform.secrets().isEmpty()) {
      ArrayNode secrets = json.putArray("secrets");
      transform.secrets().forEach(use -> secrets.add(secret(use)));
    }
    return json;
  }

  private static void resources(ObjectNode json, Resources resources) {
    if (resources.equals(Resources.UNLIMITED)) {
      return;
    }
    ObjectNode limits = json.putObject("resourceLimits");
    text(limits, "cpu", amount(resources.milliCpus(), "m"));
    text(limits, "memory", amount(resources.memoryBytes(), ""));
    text(limits, "disk", amount(resources.diskBytes(), ""));
  }

  private static Optional<String> amount(long amount, String unit) {
    return amount == 0 ? Optional.empty() : Optional.of(amount + unit);
  }

  private static ObjectNode egress(Egress egress) {
    ObjectNode json = JSON.objectNode();
    ObjectNode place = json;
    switch (egress) {
      case Egress.Objects objects -> json.put("URL", objects.url());
      case Egress.Database database -> {
        place = json.putObject("sqlDatabase").put("url", database.url());
        ObjectNode format = place.putObject("fileFormat").put("type", database.format().name());
        texts(format, "columns", database.columns());
      }
    }
    if (egress.secret().isPresent()) {
      ObjectNode secret = place.putObject("secret").put("name", egress.secret().get());
      text(secret, "key", egress.key());
    }
    return json;
  }

  private static ObjectNode secret(SecretUse use) {
    ObjectNode json = JSON.objectNode().put("name", use.name());
    text(json, "key", use.key());
    text(json, "mountPath", use.folder());
    text(json, "envVar", use.variable());
    return json;
  }

  private static void running(ObjectNode json, Running running) {
    switch (running) {
      case Running.OnDatums on -> {
        flag((ObjectNode) json.path("transform"), "datumBatching", on.batching());
        on.sets().ifPresent(sets -> sets(json.putObject("datumSetSpec"), sets));
        flag(json, "s3Out", on.toBucket());
      }
      case Running.Service service -> json.set("service", service(service));
      case Running.Spout spout -> {
        ObjectNode object = json.putObject("spout");
        spout.service().ifPresent(service -> object.set("service", service(service)));
      }
    }
  }

  private static void sets(ObjectNode json, Running.DatumSets sets) {
    switch (sets) {
      case Running.DatumSets.OfDatums it -> json.put("number", it.datums());
      case Running.DatumSets.OfBytes it -> json.put("sizeBytes", it.bytes());
      case Running.DatumSets.PerWorker it -> json.put("perWorker", it.sets());
    }
  }

  private static ObjectNode service(Running.Service service) {
    ObjectNode json = JSON.objectNode().put("internalPort", service.internalPort());
    if (service.externalPort() > 0) {
      json.put("externalPort", service.externalPort());
    }
    return json;
  }

  private static ObjectNode input(Input input) {
    ObjectNode json = JSON.objectNode();
    switch (input) {
      case Input.Files files ->
          files
              .starts()
              .cron()
              .ifPresentOrElse(
                  cron -> json.set("cron", cron(files, cron)), () -> json.set("pfs", files(files)));
      case Input.Cross cross -> inputs(json.putArray("cross"), cross.parts());
      case Input.Union union -> inputs(json.putArray("union"), union.parts());
      case Input.Join join -> inputs(json.putArray("join"), join.parts());
      case Input.Group group -> inputs(json.putArray("group"), group.parts());
    }
    return json;
  }

  private static void inputs(ArrayNode to, List<Input> parts) {
    parts.forEach(part -> to.add(input(part)));
  }

  private static ObjectNode files(Input.Files files) {
    BranchName branch = files.branch();
    ObjectNode json =
        JSON.objectNode()
            .put("name", files.name())
            .put("project", branch.repo().project())
            .put("repo", branch.repo().name())
            .put(branch.isPinned() ? "commit" : "branch", branch.branch())
            .put("glob", files.glob());
    text(json, "joinOn", files.joinOn());
    text(json, "groupBy", files.groupBy());
    flag(json, "outerJoin", files.outerJoin());
    flag(json, "emptyFiles", files.emptyFiles());
    flag(json, "lazy", files.lazy());
    flag(json, "s3", files.s3());
    flag(json, "reference", files.reference());
    files.starts().trigger().ifPresent(trigger -> json.set("trigger", trigger(trigger)));
    if (files.starts().never()) {
      json.putObject("propagationSpec").put("never", true);
    }
    return json;
  }

  private static ObjectNode trigger(Trigger trigger) {
    ObjectNode json = JSON.objectNode().put("branch", trigger.branch());
    text(json, "size", trigger.size().map(size -> Long.toString(size)));
    trigger.commits().ifPresent(count -> json.put("commits", count));
    text(json, "rateLimitSpec", trigger.rateLimit().map(Schedule::text));
    text(json, "cronSpec", trigger.cron().map(Schedule::text));
    flag(json, "all", trigger.all());
    return json;
  }

  private static ObjectNode cron(Input.Files files, Cron cron) {
    ObjectNode json =
        JSON.objectNode()
            .put("name", files.name())
            .put("project", files.branch().repo().project())
            .put("repo", files.branch().repo().name())
            .put("spec", cron.schedule().text());
    text(json, "start", cron.start().map(Instant::toString));
    return json.put("overwrite", cron.overwrite());
  }

  private static void flag(ObjectNode json, String name, boolean value) {
    if (value) {
      json.put(name, true);
    }
  }

  private static void text(ObjectNode json, String name, Optional<String> text) {
    text.filter(some -> !some.isEmpty()).ifPresent(some -> json.put(name, some));
  }

  private static void texts(ObjectNode json, String name, Collection<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = json.putArray(name);
      texts.forEach(array::add);
    }
  }

  private static void map(ObjectNode json, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      ObjectNode object = json.putObject(name);
      new TreeMap<>(values).forEach(object::put);
    }
  }

  /// Seconds, with a fraction where there is one: `90s`, `1.5s`.
  private static String seconds(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 == 0) {
      return millis / 1000 + "s";
    }
    String fraction = "%03d".formatted(millis % 1000).replaceFirst("0+$", "");
    return millis / 1000 + "." + fraction + "s";
  }
}
