package dev.dassie.server.s3.sign;

import dev.dassie.job.bucket.Grant;
import java.util.Optional;

/// Where the secret of an access key is found. Thread-safe.
public interface AccessKeys {
  /// @param secret what the client signs with
  /// @param principal who the owner of the key is
  /// @param grant what it may reach where it is the key of a job; else it may reach all
  /// @param proven whether only its owner can know the secret; a pair that anybody may make up is
  ///   not, and no page of a stranger may use it
  record AccessKey(String secret, String principal, boolean proven, Optional<Grant> grant) {
    /// The key of a person or a program.
    public AccessKey(String secret, String principal, boolean proven) {
      this(secret, principal, proven, Optional.empty());
    }

    /// The key of a job.
    public static AccessKey of(Grant grant) {
      return new AccessKey(grant.secret(), grant.principal(), true, Optional.of(grant));
    }

    @Override
    public String toString() {
      return principal + " (hidden)";
    }
  }

  /// The key of an id, unless there is none.
  Optional<AccessKey> find(String id);
}
