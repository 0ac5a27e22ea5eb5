package dev.dassie.server;

import dev.dassie.content.ChunkStore;
import dev.dassie.executor.container.ContainerExecutor;
import dev.dassie.executor.container.ContainerSettings;
import dev.dassie.executor.process.ProcessExecutor;
import dev.dassie.executor.process.Sandbox;
import dev.dassie.executor.process.Settings;
import dev.dassie.executor.process.Tools;
import dev.dassie.job.Executor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes the executor that the configuration asks for.
final class Executors {
  /// Where Docker answers unless somebody says otherwise.
  private static final Path DOCKER = Path.of("/var/run/docker.sock");

  private static final String UNIX = "unix://";

  private Executors() {}

  static Executor of(Configuration configuration, Home home, ChunkStore chunks) {
    return configuration.executor().equals("container")
        ? new ContainerExecutor(home.datums(), chunks, containers(configuration))
        : new ProcessExecutor(home.datums(), home.folder(), chunks, processes(configuration));
  }

  /// What a worker runs datums with.
  ///
  /// @param folder of the worker; datums never see it
  /// @param hidden more folders that datums never see
  static Executor ofWorker(
      Configuration configuration, Path folder, List<Path> hidden, ChunkStore chunks) {
    Path run = folder.resolve("run");
    return configuration.executor().equals("container")
        ? new ContainerExecutor(run, chunks, containers(configuration))
        : new ProcessExecutor(run, folder, hidden, chunks, processes(configuration));
  }

  private static ContainerSettings containers(Configuration configuration) {
    ContainerSettings defaults =
        ContainerSettings.at(configuration.engine().orElseGet(Executors::engine));
    return new ContainerSettings(
        defaults.socket(),
        configuration.image(),
        ContainerSettings.Pull.valueOf(configuration.imagePull().toUpperCase(Locale.ROOT)),
        configuration.registryLogins(),
        defaults.idle(),
        defaults.scratchBytes(),
        defaults.cacheBytes(),
        defaults.patience(),
        configuration.datumLimits());
  }

  /// As the tools of Docker and Podman look: the variable, then what is there of the usual places.
  private static Path engine() {
    String host = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("");
    if (host.startsWith(UNIX)) {
      return Path.of(host.substring(UNIX.length()));
    }
    Optional<Path> own =
        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
            .map(folder -> Path.of(folder, "podman/podman.sock"));
    return Stream.concat(Stream.of(DOCKER, Path.of("/run/podman/podman.sock")), own.stream())
        .filter(Files::isWritable)
        .findFirst()
        .orElse(DOCKER);
  }

  private static Settings processes(Configuration configuration) {
    Settings defaults = Settings.defaults();
    Optional<Sandbox> sandbox =
        Arrays.stream(Sandbox.values())
            .filter(one -> one.spelling().equals(configuration.sandbox()))
            .findFirst();
    return new Settings(
        sandbox,
        defaults.uid(),
        defaults.gid(),
        configuration.expose(),
        defaults.path(),
        defaults.idleSlots(),
        defaults.scratchBytes(),
        defaults.cacheBytes(),
        Tools.of(Optional.ofNullable(System.getenv("DASSIE_LAUNCHER")).map(Path::of)),
        configuration.datumLimits(),
        configuration.users());
  }
}
