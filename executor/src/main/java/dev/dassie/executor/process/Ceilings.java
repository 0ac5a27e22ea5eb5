package dev.dassie.executor.process;

import com.sun.management.OperatingSystemMXBean;
import dev.dassie.pipeline.Resources;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What every run may take at most on this machine. Thread-safe.
final class Ceilings {
  private static final String SPEC = "`resourceLimits.%s` in the spec";
  private static final String CONFIGURATION = "`%s` in the configuration of the server";

  private final Settings.Limits limits;
  private final Path folder;
  private final long memory;

  /// @param folder where outputs lie
  Ceilings(Settings.Limits limits, Path folder) {
    this.limits = limits;
    this.folder = folder;
    // What a container may use, where the server is in one.
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    this.memory = machine.getTotalMemorySize();
  }

  /// For a run that starts now: a part of the disk is one of what is free.
  Bounds of(Resources spec) {
    return new Bounds(
        new Bounds.Limit(spec.diskBytes(), SPEC.formatted("disk"))
            .and(
                limit(
                    limits.disk(),
                    folder.toFile().getUsableSpace(),
                    "datum_disk",
                    "of what was free")),
        new Bounds.Limit(spec.memoryBytes(), SPEC.formatted("memory"))
            .and(limit(limits.memory(), memory, "datum_memory", "of this machine's")),
        new Bounds.Limit(limits.processes(), CONFIGURATION.formatted("datum_processes")),
        spec.cpus());
  }

  /// What is not kept as it stands, in sentences.
  List<String> notes(Resources spec, Optional<Sandbox> sandbox) {
    List<String> notes = new ArrayList<>();
    String kept = sandbox.map(Sandbox::spelling).orElse("unavailable");
    boolean all = sandbox.filter(Sandbox.NAMESPACES::equals).isPresent();
    if (spec.memoryBytes() > 0 && !all) {
      notes.add("`resourceLimits.memory` is not kept in the sandbox `%s`.".formatted(kept));
    }
    if (spec.milliCpus() > 0 && !all) {
      notes.add("`resourceLimits.cpu` is not kept in the sandbox `%s`.".formatted(kept));
    }
    if (spec.diskBytes() > 0 && !all) {
      notes.add(
          "`resourceLimits.disk` is looked at when the code has ended in the sandbox `%s`."
              .formatted(kept));
    }
    int cpus = Runtime.getRuntime().availableProcessors();
    if (all && spec.cpus() > cpus) {
      notes.add(
          "`resourceLimits.cpu` is `%dm`, and this machine has %d CPUs."
              .formatted(spec.milliCpus(), cpus));
    } else if (all && spec.cpus() * 1000L != spec.milliCpus()) {
      notes.add(
          "`resourceLimits.cpu` is `%dm`: the code may use %d, as only whole CPUs are given out."
              .formatted(spec.milliCpus(), spec.cpus()));
    }
    Bounds bounds = of(spec);
    if (spec.memoryBytes() > bounds.memory().most()) {
      notes.add(
          "`resourceLimits.memory` is `%d`, and at most %s are allowed: raise %s."
              .formatted(
                  spec.memoryBytes(),
                  Bounds.amount(bounds.memory().most()),
                  bounds.memory().where()));
    }
    return notes;
  }

  private static Bounds.Limit limit(Share share, long whole, String key, String part) {
    String where = CONFIGURATION.formatted(key);
    return new Bounds.Limit(
        share.of(whole),
        share.percent() == 0 ? where : where + ", now %d%% %s".formatted(share.percent(), part));
  }
}
