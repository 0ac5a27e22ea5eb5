package dev.dassie.executor.process;

import dev.dassie.job.Disclosure;
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
  record Kind(
      List<Path> exposed,
      boolean ownNetwork,
      Optional<Path> source,
      List<Disclosure.SecretFile> secrets,
      Optional<Tools> tools) {
    Kind {
      exposed = List.copyOf(exposed);
      secrets = List.copyOf(secrets);
    }

    /// Without the installation of Dassie.
    Kind(
        List<Path> exposed,
        boolean ownNetwork,
        Optional<Path> source,
        List<Disclosure.SecretFile> secrets) {
      this(exposed, ownNetwork, source, secrets, Optional.empty());
    }
  }
}
