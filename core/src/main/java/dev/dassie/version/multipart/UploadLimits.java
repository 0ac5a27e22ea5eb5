package dev.dassie.version.multipart;

import java.time.Duration;

/// How much of uploads there may be.
///
/// @param expiry how long an upload may take; then it is dropped
/// @param most uploads of one branch that are not complete
public record UploadLimits(Duration expiry, int most) {
  /// What a server takes where nothing else is said.
  public static final UploadLimits USUAL = new UploadLimits(Multiparts.EXPIRY, 10_000);
}
