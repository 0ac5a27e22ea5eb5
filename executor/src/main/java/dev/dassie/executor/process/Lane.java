package dev.dassie.executor.process;

import dev.dassie.job.Disclosure;
import dev.dassie.pipeline.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A slot with the folders around it.
///
/// @param folder all that belongs to the slot on the host
record Lane(Kind kind, Path folder, Slot slot, Staging staging, OutputFolder output) {
  /// Lanes of one kind are interchangeable; one with secrets serves one task alone.
  ///
  /// @param tools whether the installation of Dassie is shown
  /// @param user who code runs as, where it names one
  /// @param batch the code whose program stays and takes one datum after another, if it does
  record Kind(
      List<Path> exposed,
      boolean ownNetwork,
      Optional<Path> source,
      List<Disclosure.SecretFile> secrets,
      Optional<Lanes.Identity> user,
      Optional<Tools> tools,
      Optional<Transform> batch) {
    Kind {
      exposed = List.copyOf(exposed);
      secrets = List.copyOf(secrets);
    }

    /// Without the installation of Dassie, for code that names no user.
    Kind(
        List<Path> exposed,
        boolean ownNetwork,
        Optional<Path> source,
        List<Disclosure.SecretFile> secrets) {
      this(
          exposed,
          ownNetwork,
          source,
          secrets,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /// The same for a program of its own each time.
    Kind single() {
      return new Kind(
          exposed, ownNetwork, source, secrets, user, Optional.empty(), Optional.empty());
    }
  }
}
