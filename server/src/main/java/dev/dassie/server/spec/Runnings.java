package dev.dassie.server.spec;

import dev.dassie.pipeline.Running;
import dev.dassie.pipeline.Transform;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Reads how the code runs: on datums, as a service, as a spout.
final class Runnings {
  private static final int PORTS = 65_535;

  /// What says something about datums only.
  private static final List<String> OF_DATUMS =
      List.of("datumSetSpec", "datumTimeout", "datumTries", "jobTimeout", "reprocessSpec");

  private final FieldCheck check;
  private final Problems problems;

  Runnings(FieldCheck check, Problems problems) {
    this.check = check;
    this.problems = problems;
  }

  static boolean isSpout(Checked root) {
    return !root.lacks("spout");
  }

  Running read(Checked root, Optional<Transform> transform) {
    Checked code = seen(root, "transform");
    boolean batching = code.flag("datumBatching");
    Optional<Running.DatumSets> sets = sets(object(root, "datumSetSpec"));
    Optional<Running.Service> service = service(root);
    if (root.node("spout").isPresent()) {
      Checked spout = object(root, "spout");
      if (root.node("service").isPresent()) {
        problems.add(
            root.placeOf("service"),
            "`service` stands beside `spout`, expected one of them.",
            Optional.of("Write `spout: {service: {…}}`."));
      }
      refuse(root, "input", "`input` stands beside `spout`, expected none: a spout has no input.");
      if (root.flag("autoscaling")) {
        problems.add(
            root.placeOf("autoscaling"),
            "`autoscaling` stands beside `spout`, expected none: a spout runs all the time.");
      }
      online(code, transform, "a spout commits over the network");
      stays(root, code, batching, "spout");
      return new Running.Spout(service(spout));
    }
    if (service.isPresent()) {
      online(code, transform, "a service is reached over the network");
      stays(root, code, batching, "service");
      return service.get();
    }
    return new Running.OnDatums(batching, sets, root.flag("s3Out"));
  }

  private void online(Checked code, Optional<Transform> transform, String why) {
    if (transform.filter(it -> it.network() == Transform.Network.NONE).isPresent()) {
      problems.add(
          code.placeOf("network"),
          "`transform.network` is `none`, expected `host`: %s.".formatted(why));
    }
  }

  /// Rules for all processes that stay.
  private void stays(Checked root, Checked code, boolean batching, String kind) {
    if (root.node("egress").isPresent()) {
      problems.add(
          root.placeOf("egress"),
          "`egress` stands beside `%s`, expected none: it runs after each job, and a %s has none."
              .formatted(kind, kind),
          Optional.of("Give the egress to a pipeline that reads what this one commits.")
              .filter(_ -> kind.equals("spout")));
    }
    if (batching) {
      problems.add(
          code.placeOf("datumBatching"),
          "`transform.datumBatching` stands beside `%s`, which has no datums to ask for."
              .formatted(kind));
    }
    Checked parallelism = seen(root, "parallelismSpec");
    int workers = parallelism.whole("constant").orElse(1);
    if (workers > 1) {
      problems.add(
          parallelism.placeOf("constant"),
          "`parallelismSpec.constant` is `%d`, expected 1: a %s is one process."
              .formatted(workers, kind));
    }
    OF_DATUMS.stream().filter(name -> root.node(name).isPresent()).forEach(check::unused);
    if (code.node("errCmd").isPresent()) {
      check.unused("transform.errCmd");
    }
    if (code.node("acceptReturnCode").isPresent()) {
      check.unused("transform.acceptReturnCode");
    }
  }

  private void refuse(Checked root, String name, String sentence) {
    if (root.node(name).isPresent()) {
      problems.add(root.placeOf(name), sentence);
    }
  }

  private Optional<Running.Service> service(Checked parent) {
    List<Known> fields = SpecFields.in(SpecFields.of("spout"), "service");
    return parent
        .node("service")
        .map(node -> check.mapping(node, fields, parent.path("service")))
        .map(service -> {
          int inner = port(service, "internalPort", 1);
          int outer = outer(service);
          if (inner == outer && inner > 0) {
            problems.add(
                service.placeOf("externalPort"),
                "`%s` is `%d`, expected another than `internalPort`: both are of this machine."
                    .formatted(service.path("externalPort"), outer));
          }
          return new Running.Service(inner, outer);
        });
  }

  private int outer(Checked service) {
    return service.node("externalPort").isEmpty() ? 0 : port(service, "externalPort", 0);
  }

  private int port(Checked service, String name, int least) {
    int port = service.whole(name).orElse(-1);
    if (service.lacks(name)) {
      problems.add(
          service.place(),
          "`%s` is missing, expected the port that the program listens on."
              .formatted(service.path(name)));
    } else if (!service.told().contains(name) && (port < least || port > PORTS)) {
      problems.add(
          service.placeOf(name),
          "`%s` is `%s`, expected a port from %d to 65535."
              .formatted(service.path(name), Said.value(service.text(name).orElse("")), least));
    }
    return Math.clamp(port, 0, PORTS);
  }

  private Optional<Running.DatumSets> sets(Checked sets) {
    Optional<Running.DatumSets> number = set(sets, "number", Running.DatumSets.OfDatums::new);
    Optional<Running.DatumSets> size = set(sets, "sizeBytes", Running.DatumSets.OfBytes::new);
    Optional<Running.DatumSets> each = set(sets, "perWorker", Running.DatumSets.PerWorker::new);
    List<Running.DatumSets> given =
        java.util.stream.Stream.of(number, size, each).flatMap(Optional::stream).toList();
    if (given.size() > 1) {
      problems.add(
          sets.place(),
          "`datumSetSpec` has %d rules, expected one of `number`, `sizeBytes` and `perWorker`."
              .formatted(given.size()));
    }
    return given.stream().findFirst();
  }

  private Optional<Running.DatumSets> set(
      Checked sets, String name, LongFunction<Running.DatumSets> make) {
    Optional<String> text = sets.text(name);
    if (text.isEmpty() || text.get().equals("0")) {
      return Optional.empty();
    }
    if (!text.get().matches("[0-9]{1,18}")) {
      problems.add(
          sets.placeOf(name),
          "`%s` is `%s`, expected a whole number from 1."
              .formatted(sets.path(name), Said.value(text.get())));
      return Optional.empty();
    }
    return Optional.of(make.apply(Long.parseLong(text.get())));
  }

  private Checked object(Checked root, String name) {
    return mapping(root, name, check);
  }

  /// An object whose problems others tell.
  static Checked seen(Checked root, String name) {
    return mapping(root, name, new FieldCheck(new Problems()));
  }

  private static Checked mapping(Checked root, String name, FieldCheck check) {
    return root.node(name)
        .map(node -> check.mapping(node, SpecFields.of(name), name))
        .orElse(Checked.absent(root, name));
  }
}
