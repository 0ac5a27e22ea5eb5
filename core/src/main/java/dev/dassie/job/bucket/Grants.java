package dev.dassie.job.bucket;

import dev.dassie.fault.Fault;
import dev.dassie.version.IdSource;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import dev.dassie.version.scratch.Scratch;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The grants of the runs of a server. They live in memory alone: when it ends, however it ends,
/// every key is dead. Thread-safe.
public final class Grants {
  /// With this the id of every grant begins, and no other key has one of its length that does.
  private static final String PREFIX = "DASSIEJOB";

  private static final int ID_LENGTH = 24;
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int SECRET_BYTES = 30;

  private final Versions versions;
  private final IdSource ids = IdSource.random();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private volatile Optional<URI> endpoint = Optional.empty();

  public Grants(Versions versions) {
    this.versions = versions;
  }

  /// Says where the S3 API is reached by code of this machine.
  public void serve(URI at) {
    endpoint = Optional.of(at);
  }

  /// A grant with a new key. Refused where there is no S3 API.
  ///
  /// @param principal in whose name its requests are
  /// @param inputs by the names of their buckets
  /// @param writes whether there is a bucket for output
  public Grant open(String principal, Map<String, ReadView> inputs, boolean writes) {
    URI at =
        endpoint.orElseThrow(() ->
            new Fault.Failed(
                    "The code reads or writes through S3, and this server has no S3 API.",
                    Optional.of("Its log says why; `--s3-port` chooses another port."))
                .asException());
    String id = id();
    Grant grant =
        new Grant(
            id,
            secret(),
            principal,
            at,
            inputs,
            writes,
            most ->
                new Scratch(versions.chunks(), versions.spillFolder(), versions.clock(), ids, most),
            () -> grants.remove(id));
    grants.put(id, grant);
    return grant;
  }

  /// The grant of a key, while its run lasts.
  public Optional<Grant> find(String id) {
    return Optional.ofNullable(grants.get(id));
  }

  /// Whether a key is that of a run, of one that has ended too.
  public static boolean isOfRun(String id) {
    return id.length() == ID_LENGTH && id.startsWith(PREFIX);
  }

  private String id() {
    StringBuilder id = new StringBuilder(PREFIX);
    while (id.length() < ID_LENGTH) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
