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

  /// What can be done about what was found; empty where nothing was.
  ///
  /// @param copied whether the repair had a copy
  public Optional<String> hint(boolean copied) {
    if (findings == 0) {
      return Optional.empty();
    }
    if (repaired.isEmpty()) {
      return Optional.of(
          "`dassie fsck --repair` brings back records that the database lost, and with a copy of"
              + " the store, `--repair COPY`, bytes.");
    }
    return Optional.of(
        (copied
                ? "What is left is in neither the store nor the copy. "
                : "What is left is not in the store; `--repair COPY` brings bytes from a copy. ")
            + "Files that are put again heal every commit that has them; open and failed commits"
            + " stand only in a backup of the database.");
  }

  /// Who follows a check. What it throws ends the check.
  public interface Listener {
    void found(Finding finding);

    /// Called every few seconds or more often.
    void alive();
  }
}
