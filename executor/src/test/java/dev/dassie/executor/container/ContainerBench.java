package dev.dassie.executor.container;

import dev.dassie.executor.datum.Workbench;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  /// The same with another rule of when to fetch images.
  static ContainerSettings with(ContainerSettings settings, ContainerSettings.Pull pull) {
    return new ContainerSettings(
        settings.socket(),
        settings.image(),
        pull,
        settings.logins(),
        settings.idle(),
        settings.scratchBytes(),
        settings.cacheBytes(),
        settings.patience(),
        settings.limits());
  }

  /// The same code with a line for its standard input.
  static Transform fed(Transform code, String line) {
    return new Transform(
        code.cmd(),
        List.of(line),
        code.env(),
        code.source(),
        code.workingDir(),
        code.acceptReturnCode(),
        code.errCmd(),
        code.errStdin(),
        code.network(),
        code.image());
  }
}
