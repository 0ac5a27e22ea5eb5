package dev.dassie.executor.process;

import dev.dassie.executor.datum.Command;
import dev.dassie.executor.datum.FileCache;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.RunnerProgram;
import dev.dassie.executor.datum.Wipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A machine in small, outside `/tmp` so that nothing is hidden by luck: Dassie's folder with a
/// store and a run folder, a home with a file, and lanes over them.
final class Playground implements AutoCloseable {
  static final String SECRET = "SECRET-7f3a";
  static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

  final Path base;
  final Path dassieHome;
  final Path secret;
  final Path home;
  final Path note;
  final Lanes lanes;
  final Lanes.Means means;
  private final Path run;

  Playground(Sandbox sandbox) throws IOException {
    base = Files.createTempDirectory(Path.of("/var/tmp"), "dassie-test-");
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    dassieHome = Files.createDirectory(base.resolve("dassie"));
    secret = dassieHome.resolve("store/chunk");
    Files.createDirectory(dassieHome.resolve("store"));
    Files.writeString(secret, SECRET);
    home = Files.createDirectory(base.resolve("home"));
    note = home.resolve("note.txt");
    Files.writeString(note, SECRET);
    run = Files.createDirectory(dassieHome.resolve("run"));
    Files.createDirectory(run.resolve("slots"));
    Files.createDirectory(run.resolve("cache"));
    boolean root = Permissions.ownUid() == 0;
    Settings settings = Settings.defaults();
    Lanes.Identity identity =
        new Lanes.Identity(
            root,
            root ? Settings.NOBODY : Permissions.ownUid(),
            root ? Settings.NOBODY : Permissions.ownGid());
    Set<Path> homes = Homes.find(Permissions.ownUid());
    homes.add(home);
    lanes =
        new Lanes(
            run.resolve("slots"),
            Set.of(dassieHome),
            homes,
            settings,
            new FileCache(run.resolve("cache"), 1 << 30),
            identity);
    means =
        switch (sandbox) {
          case NAMESPACES -> new Lanes.Namespaces(RunnerProgram.unpack(run).orElseThrow());
          case BUBBLEWRAP -> new Lanes.Wrapped(Bubblewrap.find(PATH, root).orElseThrow());
          case NONE -> new Lanes.Bare(RunnerProgram.unpack(run));
        };
  }

  Lane lane() throws Exception {
    return lane(List.of(), false);
  }

  Lane lane(List<Path> exposed, boolean ownNetwork) throws Exception {
    return lanes.take(new LaneKind(exposed, ownNetwork, Optional.empty(), List.of()), means);
  }

  /// Gives the lane an input file `in/data.txt` that holds `original`.
  static Path input(Lane lane) throws IOException {
    Path folder = Files.createDirectories(lane.slot().inputs().resolve("in"));
    Permissions.open(folder);
    Path file = folder.resolve("data.txt");
    Files.writeString(file, "original");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    return file;
  }

  static Command shell(String script) {
    return command(List.of("sh", "-c", script), Optional.of(Duration.ofSeconds(60)), 1 << 20);
  }

  static Command command(List<String> arguments, Optional<Duration> timeout, long logBytes) {
    return new Command(
        arguments,
        Map.of("PATH", PATH, "HOME", "/home/dassie", "TMPDIR", "/tmp"),
        "/home/dassie",
        new byte[0],
        timeout,
        logBytes);
  }

  /// Runs a script and gives what it printed.
  static String output(Lane lane, String script) throws Exception {
    return text(lane.slot().run(shell(script)));
  }

  static String text(Outcome outcome) throws IOException {
    return new String(outcome.log().open().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    lanes.close();
    Wipe.tree(base);
  }
}
