package dev.dassie.server.s3;

import dev.dassie.job.bucket.Grants;
import dev.dassie.pipeline.AccessKeys;
import dev.dassie.pipeline.secret.AccessKeyStore;
import dev.dassie.server.access.Principals;
import dev.dassie.server.s3.sign.AccessKeys.AccessKey;
import java.util.Optional;
import java.util.regex.Pattern;

/// The keys that requests are signed with: those that were made, those of jobs that run, and, on a
/// server that listens on its machine alone, any pair whose id is its secret. Thread-safe.
public final class Keys implements dev.dassie.server.s3.sign.AccessKeys {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@+\\\\-]{1,100}");

  private final AccessKeys made;
  private final Grants grants;
  private final boolean loopback;

  /// @param loopback whether only programs of this machine reach the server
  public Keys(AccessKeys made, Grants grants, boolean loopback) {
    this.made = made;
    this.grants = grants;
    this.loopback = loopback;
  }

  @Override
  public Optional<AccessKey> find(String id) {
    if (Grants.isOfRun(id)) {
      return grants.find(id).map(AccessKey::of);
    }
    Optional<AccessKeyStore.Opened> key = made.find(id);
    if (key.isPresent()) {
      return Optional.of(new AccessKey(key.get().secret(), key.get().key().author(), true));
    }
    if (!loopback) {
      return Optional.empty();
    }
    boolean isName = NAME.matcher(id).matches();
    return Optional.of(new AccessKey(id, isName ? "local:" + id : Principals.UNKNOWN, false));
  }
}
