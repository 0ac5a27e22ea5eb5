package dev.dassie.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Collector;
import dev.dassie.content.Digest;
import dev.dassie.content.Pace;
import dev.dassie.content.PackAudit;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// One seed: the real object store, packs and chunk index on a [SimulatedDisk]. Processes are
/// killed or lose power at any operation of the file system, and disks are full for a while, while
/// chunks are written, packs are merged and garbage is collected; after each start, every chunk
/// that was acknowledged and is needed is there, and the index agrees with the packs.
///
/// A session writes chunks of one role, so that one thread at a time uses the disk.
final class DiskSimulation {
  private final Random random;
  private final SimulatedDisk disk;
  private final SimulatedFiles files;
  private final List<byte[]> known = new ArrayList<>();
  private final List<Digest> acknowledged = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private DiskObjectStore objects;
  private Packs packs;

  DiskSimulation(long seed) {
    this.random = new Random(seed);
    this.disk = new SimulatedDisk(random);
    this.files = new SimulatedFiles(disk);
  }

  /// Runs so many lives of the process; returns how many operations the disk did.
  long run(int lives) {
    try {
      for (int life = 0; life < lives; life++) {
        live();
        boolean power = random.nextBoolean();
        trace.add(power ? "power cut" : "started again");
        disk.restart(power);
      }
      Throwable problem = start().orElse(null);
      assertThat(problem).isNull();
      check();
      return disk.operations();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("after\n  " + String.join("\n  ", trace), e);
    }
  }

  private void live() {
    int kind = random.nextInt(6);
    if (kind == 0) {
      disk.fullAt(1 + random.nextInt(40), 1 + random.nextInt(10));
      trace.add("full for a while");
    } else if (kind < 5) {
      int nth = 1 + random.nextInt(random.nextBoolean() ? 20 : 120);
      boolean after = random.nextBoolean();
      disk.dieAt(nth, after);
      trace.add("dies " + (after ? "after" : "at") + " operation " + (disk.operations() + nth));
    }
    if (start().isPresent()) {
      return;
    }
    int sessions = random.nextInt(24);
    for (int i = 0; i < sessions && !disk.isDead(); i++) {
      switch (random.nextInt(12)) {
        case 0 -> attempt("merge", this::merge);
        case 1 -> attempt("collection", this::collect);
        default -> attempt("session", this::session);
      }
    }
    if (!disk.isDead()) {
      check();
      if (random.nextBoolean()) {
        trace.add("closes");
        assertThat(attempt("close", packs::close).isEmpty() || disk.isDead()).isTrue();
      }
    }
  }

  private Optional<Throwable> start() {
    return attempt(
        "start",
        () -> {
          objects = new DiskObjectStore(files.getPath("/srv/dassie/objects"));
          Path index = files.getPath("/srv/dassie/index");
          packs = PackAudit.openSmall(objects, index, new Random(random.nextLong()));
        });
  }

  /// Runs something that may meet a fault of the disk; any other trouble is a bug.
  private Optional<Throwable> attempt(String name, Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      if (disk.isDead()) {
        return Optional.of(e);
      }
      if (e instanceof DassieException refusal && refusal.fault() instanceof Fault.Full) {
        trace.add(name + " refused, full");
        return Optional.of(e);
      }
      throw e;
    }
  }

  private void session() {
    ChunkStore.Role role = random.nextInt(3) == 0 ? ChunkStore.Role.TREE : ChunkStore.Role.DATA;
    List<Digest> put = new ArrayList<>();
    try (ChunkStore.Session session = packs.session()) {
      int chunks = 1 + random.nextInt(4);
      for (int i = 0; i < chunks; i++) {
        byte[] bytes = bytes();
        put.add(session.put(role, bytes, 0, bytes.length));
      }
      session.publish();
    }
    acknowledged.addAll(put);
    trace.add("acknowledged " + put.size() + " at operation " + disk.operations());
  }

  private void merge() {
    Packs.Merged merged = packs.mergeSmall(new Pace(Pace.UNBOUNDED));
    trace.add("merged " + merged.before() + " packs by operation " + disk.operations());
  }

  /// Some of what was acknowledged is needed no more.
  private void collect() {
    if (random.nextBoolean()) {
      Set<Digest> dropped = new HashSet<>();
      acknowledged.stream().filter(id -> random.nextInt(4) == 0).forEach(dropped::add);
      acknowledged.removeIf(dropped::contains);
    }
    try (Collector collector = packs.collector()) {
      acknowledged.forEach(collector::mark);
      collector.condemn(collector::mark);
      Collector.Swept swept = collector.sweep(new Pace(Pace.UNBOUNDED));
      trace.add("collected " + swept + " by operation " + disk.operations());
    }
  }

  /// Bytes that are new, or were put before, by a session that was acknowledged or not.
  private byte[] bytes() {
    if (!known.isEmpty() && random.nextInt(3) == 0) {
      return known.get(random.nextInt(known.size()));
    }
    byte[] bytes = new byte[random.nextInt(20) == 0 ? 70_000 : random.nextInt(2000)];
    random.nextBytes(bytes);
    known.add(bytes);
    return bytes;
  }

  private void check() {
    for (Digest id : acknowledged) {
      assertThat(Digest.of(packs.read(id))).isEqualTo(id);
    }
    PackAudit.assertIndexAgrees(objects, packs);
  }
}
