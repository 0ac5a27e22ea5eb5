package dev.dassie.version;

import java.util.Optional;

/// Who asks for a change and what they say of it; it goes with every write.
///
/// @param principal who, e.g. `local:ann` (claimed while access control is off)
/// @param message what they said, may be empty
/// @param idempotencyKey a key of the client's choice: a second call of the same principal with it
///   changes nothing and answers as the first did
public record Call(String principal, String message, Optional<String> idempotencyKey) {
  /// What Dassie itself does.
  public static final Call SYSTEM = new Call("system", "", Optional.empty());

  private static final String PIPELINE = "pipeline:";

  public Call(String principal, String message) {
    this(principal, message, Optional.empty());
  }

  /// The principal that the processes of a pipeline are. No client can claim it.
  public static String principalOf(RepoName output) {
    return PIPELINE + output.key();
  }

  /// Whether a process of a pipeline asks.
  public boolean isOfPipeline() {
    return principal.startsWith(PIPELINE);
  }

  /// Whether a process of the pipeline asks that writes this repo.
  public boolean isOf(RepoName output) {
    return principal.equals(principalOf(output));
  }
}
