package dev.dassie.executor.process;

import dev.dassie.executor.datum.Lane;
import dev.dassie.job.Disclosure;
import dev.dassie.pipeline.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a lane of this machine is for; one with secrets serves one task alone.
///
/// @param tools whether the installation of Dassie is shown
/// @param user who code runs as, where it names one
/// @param batch the code whose program stays and takes one datum after another, if it does
record LaneKind(
    List<Path> exposed,
    boolean ownNetwork,
    Optional<Path> source,
    List<Disclosure.SecretFile> secrets,
    Optional<Lanes.Identity> user,
    Optional<Tools> tools,
    Optional<Transform> batch)
    implements Lane.Kind {
  LaneKind {
    exposed = List.copyOf(exposed);
    secrets = List.copyOf(secrets);
  }

  /// Without the installation of Dassie, for code that names no user.
  LaneKind(
      List<Path> exposed,
      boolean ownNetwork,
      Optional<Path> source,
      List<Disclosure.SecretFile> secrets) {
    this(
        exposed, ownNetwork, source, secrets, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// The same for a program of its own each time.
  LaneKind single() {
    return new LaneKind(
        exposed, ownNetwork, source, secrets, user, Optional.empty(), Optional.empty());
  }

  @Override
  public boolean isShared() {
    return secrets.isEmpty();
  }
}
