package dev.dassie.executor.datum;

import com.sun.management.OperatingSystemMXBean;
import dev.dassie.pipeline.Resources;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What every run may take at most on this machine. Thread-safe.
public final class Ceilings {
  private static final String DISK_SPEC = "`resourceLimits.disk` in the spec";
  private static final String MEMORY_SPEC = "`resourceLimits.memory` in the spec";

  private final Limits limits;
  private final Path folder;
  private final String diskSetting;
  private final Bounds.Limit memory;
  private final Bounds.Limit processes;
  private volatile Free free = new Free(0, 0);

  /// Free bytes of the disk, and when they were counted.
  private record Free(long bytes, long at) {}

  /// @param folder where outputs lie
  public Ceilings(Limits limits, Path folder) {
    this.limits = limits;
    this.folder = folder;
    this.diskSetting = setting("datum_disk", limits.disk(), "of what was free");
    // What a container may use, where the server is in one.
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    this.memory =
        new Bounds.Limit(
            limits.memory().of(machine.getTotalMemorySize()),
            setting("datum_memory", limits.memory(), "of this machine's"));
    this.processes = new Bounds.Limit(limits.processes(), setting("datum_processes"));
  }

  /// For a run that starts now: a part of the disk is one of what is free.
  public Bounds of(Resources spec) {
    Bounds.Limit disk = new Bounds.Limit(limits.disk().of(freeBytes()), diskSetting);
    return new Bounds(
        new Bounds.Limit(spec.diskBytes(), DISK_SPEC).and(disk),
        new Bounds.Limit(spec.memoryBytes(), MEMORY_SPEC).and(memory),
        processes,
        spec.cpus());
  }

  /// Asked for each datum, and counted again after a second.
  private long freeBytes() {
    Free known = free;
    long now = System.nanoTime();
    if (known.at() == 0 || now - known.at() > 1_000_000_000L) {
      known = new Free(folder.toFile().getUsableSpace(), now);
      free = known;
    }
    return known.bytes();
  }

  /// What is not kept as it stands, in sentences.
  ///
  /// @param sandbox its name
  /// @param all whether it keeps every limit while the code runs
  public List<String> notes(Resources spec, String sandbox, boolean all) {
    List<String> notes = new ArrayList<>();
    if (spec.memoryBytes() > 0 && !all) {
      notes.add("`resourceLimits.memory` is not kept in the sandbox `%s`.".formatted(sandbox));
    }
    if (spec.milliCpus() > 0 && !all) {
      notes.add("`resourceLimits.cpu` is not kept in the sandbox `%s`.".formatted(sandbox));
    }
    if (spec.diskBytes() > 0 && !all) {
      notes.add(
          "`resourceLimits.disk` is looked at when the code has ended in the sandbox `%s`."
              .formatted(sandbox));
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

  private static String setting(String key) {
    return "`%s` in the configuration of the server".formatted(key);
  }

  private static String setting(String key, Share share, String part) {
    String where = setting(key);
    return share.percent() == 0 ? where : where + ", now %d%% %s".formatted(share.percent(), part);
  }
}
