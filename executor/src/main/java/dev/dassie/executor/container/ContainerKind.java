package dev.dassie.executor.container;

import dev.dassie.executor.datum.Lane;
import dev.dassie.job.Disclosure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a container is for; one with secrets serves one task alone.
///
/// @param user as the engine takes it
/// @param cap what the engine holds all that runs in it to
record ContainerKind(
    Image image,
    String user,
    boolean ownNetwork,
    Optional<Path> source,
    List<Disclosure.SecretFile> secrets,
    Cap cap)
    implements Lane.Kind {
  ContainerKind {
    secrets = List.copyOf(secrets);
  }

  /// Limits by control groups; 0 is none.
  record Cap(long memoryBytes, long milliCpus, long processes) {}

  @Override
  public boolean isShared() {
    return secrets.isEmpty();
  }
}
