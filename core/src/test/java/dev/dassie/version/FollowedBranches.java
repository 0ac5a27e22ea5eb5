package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.FilePath;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A repo `data` whose branches follow others by triggers. The clock stands at 10:00 and moves a
/// millisecond at each look.
abstract class FollowedBranches {
  @TempDir Path folder;
  World world;
  Timer timer;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("data");
    timer =
        new Timer(
            world.versions,
            Map.of(
                Triggers.ALARM, world.versions.triggers()::ring,
                Triggers.DUE, world.versions.triggers()::settle));
  }

  static Trigger size(String branch, long size) {
    return new Trigger(
        branch, Optional.of(size), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  static Trigger commits(String branch, long commits) {
    return new Trigger(
        branch, Optional.empty(), Optional.of(commits), Optional.empty(), Optional.empty(), false);
  }

  static Trigger rateLimit(String branch, String limit) {
    return new Trigger(
        branch,
        Optional.empty(),
        Optional.empty(),
        Optional.of(Schedule.parse(limit)),
        Optional.empty(),
        false);
  }

  static Trigger cron(String branch, String schedule) {
    return new Trigger(
        branch,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Schedule.parse(schedule)),
        false);
  }

  void follow(String branch, Trigger trigger) {
    Ref.Branch _ =
        world.versions.change(
            World.ANN, change -> change.trigger(World.branch(branch), Optional.of(trigger)));
  }

  Commit put(String branch, String path, int bytes) {
    return put(branch, path, bytes, false);
  }

  Commit put(String branch, String path, int bytes, boolean append) {
    try (FileWriter writer = world.files.write(World.ANN, World.branch(branch))) {
      byte[] content = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
      var _ =
          writer.put(
              new FilePath(path),
              false,
              new ByteArrayInputStream(content),
              append,
              Optional.empty());
      return writer.commit();
    }
  }

  void pass(String time) {
    world.clock.pass(Duration.parse(time));
    assertThat(timer.ring()).isTrue();
  }
}
