package dev.dassie.executor.datum;

import java.nio.file.Path;

/// A slot with the folders around it.
///
/// @param folder all that belongs to the slot on the host
public record Lane(Kind kind, Path folder, Slot slot, Staging staging, OutputFolder output) {
  /// What a lane is for. Lanes of equal kinds are interchangeable.
  public interface Kind {
    /// Whether another task may have it afterwards: not where it holds secrets.
    boolean isShared();
  }
}
