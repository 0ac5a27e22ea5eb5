package dev.dassie.server.s3.sign;

import java.util.LinkedHashMap;
import java.util.Map;

/// The keys that were derived last: a client signs a whole day's requests with one, and deriving it
/// costs four times what using it does. Bounded. Thread-safe.
final class SigningKeys {
  private static final int KEPT = 256;

  /// The secret is part of what is looked up: a key that was made anew has another.
  private record Use(Scope scope, String secret) {
    @Override
    public String toString() {
      return scope.text();
    }
  }

  private final Map<Use, byte[]> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Use, byte[]> eldest) {
          return size() > KEPT;
        }
      };

  /// What a secret signs with under a scope; not to be changed.
  byte[] of(Scope scope, String secret) {
    Use use = new Use(scope, secret);
    synchronized (keys) {
      byte[] known = keys.get(use);
      if (known != null) {
        return known;
      }
    }
    byte[] derived = scope.signingKey(secret);
    synchronized (keys) {
      keys.put(use, derived);
    }
    return derived;
  }
}
