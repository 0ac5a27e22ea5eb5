package dev.dassie.version.gather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.CrashPlan;
import dev.dassie.content.CrashPlan.Fault;
import dev.dassie.content.CrashPlan.Lane;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.content.SimulatedObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.SimulatedMetadata;
import dev.dassie.retention.Retention;
import dev.dassie.version.BranchName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.IdSource;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.Timer;
import dev.dassie.version.Versions;
import dev.dassie.version.World;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.Multiparts.Chosen;
import dev.dassie.version.multipart.Outcome;
import dev.dassie.version.multipart.Part;
import dev.dassie.version.multipart.Upload;
import dev.dassie.version.multipart.UploadLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client of gathered writes and of an upload in parts that meets one fault, at each write of
/// each kind in turn, and repeats what was not acknowledged: what is there in the end is always the
/// same.
class GatheredCrashTest {
  private static final BranchName MASTER =
      new BranchName(new RepoName("default", "images"), "master");
  private static final String TAG = "0123456789abcdef".repeat(2);
  private static final int SMALL = 1_000;
  private static final int LARGE = 300_000;

  @TempDir Path folder;

  /// One instance whose process may die and be started again.
  private final class Life {
    private final MemoryObjectStore objects = new MemoryObjectStore();
    private final MemoryMetadata rows = new MemoryMetadata();
    private final CrashPlan plan = new CrashPlan();
    private final World.TestClock clock = new World.TestClock();
    private final Random random = new Random(1);
    private final Path index;
    private Packs packs;
    private Versions versions;
    private Files files;
    private Gathering gathering;
    private Multiparts uploads;
    private Optional<Upload> upload = Optional.empty();
    private int step;

    Life(String name) {
      index = folder.resolve(name);
      start();
      versions.change(World.ANN, change -> change.createRepo(MASTER.repo(), ""));
    }

    private void start() {
      plan.revive();
      packs = new Packs(new SimulatedObjectStore(objects, plan), index);
      IdSource ids = IdSource.of(random);
      versions = new Versions(new SimulatedMetadata(rows, plan), packs, folder, clock, ids);
      files = new Files(versions);
      gathering = new Gathering(versions, files);
      uploads = new Multiparts(versions, ids, gathering::writer, UploadLimits.USUAL);
    }

    private void put(String path, int seed, int size) {
      try (FileWriter writer = gathering.writer(World.ANN, MASTER)) {
        writer.put(
            new FilePath(path),
            false,
            new ByteArrayInputStream(Noise.bytes(seed, size)),
            false,
            Optional.empty());
        writer.commit();
      }
    }

    /// The steps from the first one that was not acknowledged on.
    private void go() {
      while (step < 6) {
        switch (step) {
          case 0 -> put("a", 1, SMALL);
          case 1 ->
              upload =
                  Optional.of(
                      uploads.create(World.ANN, MASTER, new FilePath("big"), FileAttributes.NONE));
          case 2 -> {
            Part _ =
                uploads.put(
                    upload.orElseThrow().name(),
                    1,
                    new ByteArrayInputStream(Noise.bytes(2, LARGE)),
                    () -> new Part.Facts(TAG, List.of()));
          }
          case 3 -> put("d/b", 3, 2 * SMALL);
          case 4 ->
              assertThat(
                      uploads.complete(
                          World.ANN,
                          upload.orElseThrow().name(),
                          List.of(new Chosen(1, TAG)),
                          List.of(),
                          (known, _) -> known))
                  .isInstanceOf(Outcome.Done.class);
          default -> put("_SUCCESS", 4, 10);
        }
        step++;
      }
    }

    /// True where the fault came to pass.
    boolean meets(Lane lane, Fault fault, int nth, boolean alive) {
      plan.arm(lane, fault, nth, alive);
      boolean fired = false;
      for (int tries = 0; tries < 4 && step < 6; tries++) {
        try {
          go();
        } catch (RuntimeException | CrashPlan.Dead e) {
          if (!(e instanceof DassieException) && !plan.isDead()) {
            throw e;
          }
          fired = true;
          if (plan.isDead()) {
            start();
          }
        }
      }
      fired |= plan.disarm();
      start();
      return fired;
    }

    void check() throws IOException {
      uploads.list(MASTER, "", "", "", 10).forEach(orphan -> uploads.abort(orphan.name()));
      clock.pass(Duration.ofDays(2));
      try (Timer timer =
          new Timer(
              versions,
              Map.of(Gathering.ALARM, gathering::ring, Multiparts.ALARM, uploads::ring))) {
        assertThat(timer.ring()).isTrue();
      }
      Retention retention = new Retention(packs, versions);
      retention.keep(marker -> uploads.held(marker::body));
      retention.gc(Duration.ZERO, false, new Pace(Pace.UNBOUNDED));
      assertThat(versions.commits(MASTER.repo(), commit -> true, "", 10).items())
          .hasSizeBetween(1, 2)
          .noneMatch(commit -> commit.isOpen());
      ReadView view = versions.read(MASTER.repo(), "master");
      assertThat(view.files().files()).isEqualTo(4);
      holds(view, "a", 1, SMALL);
      holds(view, "big", 2, LARGE);
      holds(view, "d/b", 3, 2 * SMALL);
      holds(view, "_SUCCESS", 4, 10);
      for (String table : List.of("alarm", "gathered", "multipart", "multipart_part", "journal")) {
        assertThat(rows.<Integer>read(all -> all.scan(table, "", "", 10).size()))
            .as(table)
            .isZero();
      }
      packs.close();
    }

    private void holds(ReadView view, String path, int seed, int size) throws IOException {
      Entry.File file =
          (Entry.File) view.reader().find(view.files(), new FilePath(path)).orElseThrow();
      try (InputStream in = view.reader().open(file)) {
        assertThat(in.readAllBytes()).as(path).isEqualTo(Noise.bytes(seed, size));
      }
    }
  }

  @Test
  void whateverFailsAndWheneverAllIsThereOnceInTheEnd() throws IOException {
    int fired = 0;
    for (Lane lane : Lane.values()) {
      for (Fault fault : Fault.values()) {
        boolean more = true;
        for (int nth = 1; more && nth < 60; nth++) {
          Life life = new Life(lane + "-" + fault + "-" + nth);
          more = life.meets(lane, fault, nth, nth % 2 == 0);
          fired += more ? 1 : 0;
          life.check();
        }
        assertThat(more).as("every write of %s", lane).isFalse();
      }
    }
    assertThat(fired).isGreaterThan(40);
  }
}
