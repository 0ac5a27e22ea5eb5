package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.CrashPlan;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Pace;
import dev.dassie.content.PackAudit;
import dev.dassie.content.SimulatedObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.SimulatedMetadata;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.transaction.Transactions;
import dev.dassie.retention.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// One seed: clients that write, alone and in groups, finish, fail, move, delete and read; packs
/// that are merged and garbage that is collected; a server that dies or is refused at any write,
/// and starts again; replies that are lost and calls that are repeated. After each start, and at
/// the end, everything is compared with a [Picture] in plain maps.
///
/// What a seed does depends on nothing else: one thread drives it, the clock, the ids and the names
/// of packs are drawn from it, and the packs that a session writes side by side have fates of their
/// own ([CrashPlan]).
final class CrashSimulation {
  private static final Pace FAST = new Pace(Pace.UNBOUNDED);

  private final Random random;
  private final Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final MemoryMetadata rows = new MemoryMetadata();
  private final CrashPlan plan = new CrashPlan();
  private final World.TestClock clock = new World.TestClock();
  private final StepSource source;
  private final List<String> trace = new ArrayList<>();
  private final List<PutStep> writers = new ArrayList<>();
  private final List<Step> acknowledged = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private SimulatedMetadata metadata;
  private Instance instance;
  private Picture picture = new Picture();
  private int restarts;

  /// A view that a reader keeps, and what it showed at first.
  private record Held(ReadView view, Object files) {}

  CrashSimulation(long seed, Path folder) {
    this.random = new Random(seed);
    this.folder = folder;
    this.source = new StepSource(random);
    metadata = new SimulatedMetadata(rows, plan);
    instance = open();
  }

  private Instance open() {
    metadata = new SimulatedMetadata(rows, plan);
    var packs =
        PackAudit.open(
            new SimulatedObjectStore(objects, plan),
            folder.resolve("index"),
            new Random(random.nextLong()));
    var versions =
        new Versions(metadata, packs, folder, clock, IdSource.of(new Random(random.nextLong())));
    Transactions transactions =
        new Transactions(versions, new Pipelines(versions, new Random(random.nextLong())));
    return new Instance(
        versions, new Files(versions), packs, new Retention(packs, versions), transactions);
  }

  /// Runs the seed; returns how often the server started again.
  int run(int steps) {
    try {
      for (String repo : StepSource.REPOS) {
        step(new Step.CreateRepo("make " + repo, repo));
      }
      for (int i = 0; i < steps; i++) {
        turn("s" + i);
      }
      restart(true);
      rebuild();
      return restarts;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "after\n  "
              + String.join("\n  ", trace.subList(Math.max(0, trace.size() - 25), trace.size())),
          e);
    } finally {
      instance.packs().close();
    }
  }

  private void turn(String name) {
    switch (random.nextInt(20)) {
      case 0 -> repeat();
      case 1 -> read();
      case 2 -> openWriter(name);
      case 3, 4 -> commitWriter();
      case 5 -> idle();
      case 6 -> upkeep("merge", () -> instance.packs().mergeSmall(FAST));
      case 7 -> collect();
      default -> step(source.next(name, picture));
    }
  }

  /// With no grace, readers of what was deleted are left with nothing.
  private void collect() {
    boolean graceful = random.nextBoolean();
    boolean dry = random.nextInt(5) == 0;
    Duration grace = graceful ? Retention.GRACE : Duration.ZERO;
    upkeep("collection after " + grace, () -> instance.retention().gc(grace, dry, FAST));
    if (!graceful) {
      held.clear();
    }
  }

  /// Work on the packs, which changes nothing that anybody sees, with whatever befalls it.
  private void upkeep(String name, Runnable work) {
    boolean faulty = random.nextInt(3) == 0;
    if (faulty) {
      CrashPlan.Fault fault = pick(CrashPlan.Fault.values());
      CrashPlan.Lane lane = pick(CrashPlan.Lane.values());
      plan.arm(lane, fault, 1 + random.nextInt(4), random.nextBoolean());
      trace.add(name + " with " + fault + " at " + lane);
    } else {
      trace.add(name);
    }
    Optional<Throwable> trouble = attempt(work);
    boolean fired = plan.disarm();
    if (fired && plan.isDead()) {
      restart(false);
    } else if (trouble.isPresent() && !fired) {
      throw new AssertionError(name + " failed: " + trouble.get(), trouble.get());
    } else {
      assertPicture(Observation.of(instance.versions()), picture);
    }
  }

  private void idle() {
    if (random.nextInt(4) == 0) {
      restart(random.nextBoolean());
    } else {
      clock.pass(Duration.ofMillis(random.nextInt(1000) - 300));
    }
  }

  /// A client that had an answer asks again: the reply was lost on the way.
  private void repeat() {
    if (!acknowledged.isEmpty()) {
      Step step = acknowledged.get(random.nextInt(acknowledged.size()));
      trace.add("again " + step);
      long position = instance.versions().position();
      step.run(instance);
      assertThat(instance.versions().position()).as("%s again", step).isEqualTo(position);
    }
  }

  private void read() {
    if (held.size() < 4) {
      List<String> readable =
          picture.commits.entrySet().stream()
              .filter(commit -> commit.getValue().finished())
              .map(java.util.Map.Entry::getKey)
              .toList();
      if (!readable.isEmpty()) {
        String commit = readable.get(random.nextInt(readable.size()));
        ReadView view = instance.versions().read(instance.find(commit));
        assertThat(Observation.files(view)).isEqualTo(picture.commits.get(commit).files());
        held.add(new Held(view, picture.commits.get(commit).files()));
      }
    } else {
      Held oldest = held.removeFirst();
      assertThat(Observation.files(oldest.view())).isEqualTo(oldest.files());
    }
  }

  /// A writer that commits later: other calls come between.
  private void openWriter(String name) {
    PutStep step = source.put(name, picture);
    if (writers.size() < 4 && step.expect(picture.copy())) {
      trace.add("opens " + step);
      step.open(instance);
      writers.add(step);
    }
  }

  private void commitWriter() {
    if (!writers.isEmpty()) {
      step(writers.remove(random.nextInt(writers.size())));
    }
  }

  /// One call with whatever befalls it.
  private void step(Step step) {
    boolean faulty = random.nextInt(4) == 0;
    if (faulty) {
      CrashPlan.Fault fault = pick(CrashPlan.Fault.values());
      CrashPlan.Lane lane = pick(CrashPlan.Lane.values());
      plan.arm(lane, fault, 1 + random.nextInt(2), random.nextBoolean());
      trace.add(step + " with " + fault + " at " + lane);
    } else if (random.nextInt(6) == 0) {
      interrupt(step);
      trace.add(step + ", interrupted");
    } else {
      trace.add(step.toString());
    }
    Optional<Throwable> trouble = attempt(step);
    boolean fired = plan.disarm();
    boolean undisturbed = metadata.uninterrupted();
    Picture after = picture.copy();
    boolean allowed = step.expect(after);
    if (fired && plan.isDead()) {
      crashed(step, allowed ? after : picture);
    } else if (trouble.isEmpty()) {
      assertThat(allowed).as("%s is to be refused", step).isTrue();
      picture = after;
      remember(step);
    } else if (fired) {
      settle(step, allowed ? after : picture);
    } else {
      refused(step, trouble.get(), allowed, undisturbed);
    }
  }

  private void refused(Step step, Throwable trouble, boolean allowed, boolean undisturbed) {
    if (!(trouble instanceof DassieException) || allowed) {
      throw new AssertionError(
          step + " failed" + (undisturbed ? "" : ", interrupted") + ": " + trouble, trouble);
    }
  }

  private Optional<Throwable> attempt(Step step) {
    return attempt(() -> step.run(instance));
  }

  private static Optional<Throwable> attempt(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      if (e instanceof AssertionError assertion) {
        throw assertion;
      }
      return Optional.of(e);
    }
  }

  /// Another client comes between a step's look at the database and its transaction.
  private void interrupt(Step step) {
    Step other = source.quick("other " + step.name, picture);
    metadata.beforeNextWrite(() -> {
      Picture after = picture.copy();
      Optional<Throwable> trouble = attempt(other);
      assertThat(trouble.isEmpty()).as("%s: %s", other, trouble).isEqualTo(other.expect(after));
      if (trouble.isEmpty()) {
        picture = after;
      }
    });
  }

  /// The server died: it starts again, and the call has happened or has not.
  private void crashed(Step step, Picture after) {
    restart(false, after);
    trace.add("started again");
    if (random.nextInt(3) > 0) {
      settle(step, after);
    }
  }

  /// The client repeats a call of which it does not know the outcome, with the same key.
  private void settle(Step step, Picture after) {
    Optional<Throwable> trouble = attempt(step);
    Picture found = Observation.of(instance.versions());
    assertPicture(found, after);
    picture = after;
    if (trouble.isEmpty()) {
      remember(step);
    } else if (!(trouble.get() instanceof DassieException)) {
      throw new AssertionError(trouble.get());
    }
  }

  private void remember(Step step) {
    acknowledged.add(step);
    if (acknowledged.size() > 8) {
      acknowledged.removeFirst();
    }
  }

  private void restart(boolean clean) {
    restart(clean, picture);
  }

  /// A new process, and all that is there after it: either what was before or what would be after
  /// the call that was under way.
  private void restart(boolean clean, Picture after) {
    restarts++;
    writers.forEach(PutStep::close);
    writers.clear();
    held.clear();
    plan.revive();
    if (clean) {
      instance.packs().close();
    }
    source.spoilIndex(folder.resolve("index"));
    instance = open();
    PackAudit.assertIndexAgrees(objects, instance.packs());
    RowAudit.check(rows);
    Picture found = Observation.of(instance.versions());
    if (!found.equals(picture)) {
      assertPicture(found, after);
    }
    picture = found;
  }

  private void assertPicture(Picture found, Picture expected) {
    if (!found.equals(expected)) {
      throw new AssertionError("found is not what was acknowledged:" + found.differences(expected));
    }
  }

  /// Packs alone bring back every finished commit.
  private void rebuild() {
    MemoryMetadata empty = new MemoryMetadata();
    long _ = new Rebuild(empty).run(instance.packs().treeChunks(), instance.packs());
    Versions rebuilt =
        new Versions(empty, instance.packs(), folder, clock, IdSource.of(new Random(1)));
    picture.commits.forEach((label, commit) -> {
      if (commit.finished()) {
        CommitName name = instance.find(label);
        Optional<Fileset> files = rebuilt.find(name).flatMap(Commit::finishedFiles);
        assertThat(files)
            .as("%s after a rebuild", label)
            .isEqualTo(instance.versions().inspect(name).finishedFiles());
      }
    });
    RowAudit.check(empty);
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /// Removes what a seed left on the disk.
  static void delete(Path folder) {
    try (Stream<Path> files = java.nio.file.Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
