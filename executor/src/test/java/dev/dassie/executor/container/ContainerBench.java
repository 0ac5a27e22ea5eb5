package dev.dassie.executor.container;

import dev.dassie.executor.datum.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A bench with an executor of containers.
final class ContainerBench extends Workbench {
  ContainerBench(Podman podman) throws IOException {
    this(podman, UnaryOperator.identity());
  }

  ContainerBench(Podman podman, UnaryOperator<ContainerSettings> change) throws IOException {
    super((home, chunks) ->
        new ContainerExecutor(home.resolve("run"), chunks, change.apply(settings(podman.socket))));
  }

  /// With the image of the engine for code that names none.
  static ContainerSettings settings(Path socket) {
    ContainerSettings usual = ContainerSettings.at(socket);
    return new ContainerSettings(
        socket,
        Optional.of(Podman.IMAGE),
        usual.pull(),
        usual.logins(),
        usual.idle(),
        usual.scratchBytes(),
        usual.cacheBytes(),
        usual.patience(),
        usual.limits());
  }
}
