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

  public Call(String principal, String message) {
    this(principal, message, Optional.empty());
  }
}
