package dev.dassie.server.s3.sign;

import java.util.Optional;

/// Where the secret of an access key is found. Thread-safe.
public interface AccessKeys {
  /// @param secret what the client signs with
  /// @param principal who the owner of the key is
  /// @param proven whether only its owner can know the secret; a pair that anybody may make up is
  ///   not, and no page of a stranger may use it
  record AccessKey(String secret, String principal, boolean proven) {
    @Override
    public String toString() {
      return principal + " (hidden)";
    }
  }

  /// The key of an id, unless there is none.
  Optional<AccessKey> find(String id);
}
