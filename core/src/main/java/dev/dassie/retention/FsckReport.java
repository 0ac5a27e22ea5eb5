package dev.dassie.retention;

import java.util.Optional;

/// What a check looked at and found.
///
/// @param packs packs that were read
/// @param commits commits whose files were walked
/// @param findings damages that were told: those that are left after a repair
public record FsckReport(long packs, long commits, long findings, Optional<Repaired> repaired) {
  /// What a repair did before.
  ///
  /// @param packs damaged packs that were replaced
  /// @param chunks chunks that came from the copy
  /// @param records records of the database that were written anew
  public record Repaired(long packs, long chunks, long records) {}

  /// Who follows a check. What it throws ends the check.
  public interface Listener {
    void found(Finding finding);

    /// Called every few seconds or more often.
    void alive();
  }
}
