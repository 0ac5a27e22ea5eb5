package dev.dassie.job.bucket;

import dev.dassie.fileset.Fileset;
import dev.dassie.version.ReadView;
import dev.dassie.version.scratch.Scratch;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// What one run may reach through S3, under a key that is good until this is closed: a bucket for
/// each of its s3 inputs, which shows one commit whatever the branch does meanwhile, and a bucket
/// [#OUT] where its output is one. Its text shows nothing of the secret. Thread-safe.
public final class Grant implements Outbox, AutoCloseable {
  /// The bucket that takes the output. No input has the name.
  public static final String OUT = "out";

  /// Clients want one; any is taken.
  private static final String REGION = "us-east-1";

  private final String id;
  private final String secret;
  private final String principal;
  private final URI endpoint;
  private final SortedMap<String, ReadView> inputs;
  private final boolean writes;
  private final LongFunction<Scratch> places;
  private final Runnable whenClosed;
  private Optional<Scratch> out = Optional.empty();

  /// The bucket of a try that ended well: it takes nothing more, and its bytes stay.
  private Optional<Scratch> taken = Optional.empty();

  private boolean closed;

  /// @param principal in whose name its requests are
  /// @param places makes an empty place to write so many bytes to
  /// @param whenClosed takes the key away
  Grant(
      String id,
      String secret,
      String principal,
      URI endpoint,
      Map<String, ReadView> inputs,
      boolean writes,
      LongFunction<Scratch> places,
      Runnable whenClosed) {
    this.id = id;
    this.secret = secret;
    this.principal = principal;
    this.endpoint = endpoint;
    this.inputs = new TreeMap<>(inputs);
    this.writes = writes;
    this.places = places;
    this.whenClosed = whenClosed;
  }

  public String id() {
    return id;
  }

  public String secret() {
    return secret;
  }

  public String principal() {
    return principal;
  }

  /// The inputs by the names of their buckets.
  public Map<String, ReadView> inputs() {
    return Map.copyOf(inputs);
  }

  /// Whether there is a bucket [#OUT].
  public boolean writes() {
    return writes;
  }

  /// What stands behind the bucket [#OUT], while a try runs.
  public synchronized Optional<Scratch> out() {
    return out;
  }

  /// The variables that tell clients of S3 where the buckets are and who asks; without the secret.
  public Map<String, String> variables() {
    String url = endpoint.toString().replaceFirst("/+$", "");
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("S3_ENDPOINT", url);
    variables.put("AWS_ENDPOINT_URL", url);
    variables.put("AWS_ENDPOINT_URL_S3", url);
    variables.put("AWS_ACCESS_KEY_ID", id);
    variables.put("AWS_REGION", REGION);
    variables.put("AWS_DEFAULT_REGION", REGION);
    variables.put("AWS_S3_FORCE_PATH_STYLE", "true");
    variables.put("AWS_ALLOW_HTTP", "true");
    variables.put("AWS_EC2_METADATA_DISABLED", "true");
    inputs.forEach((name, view) -> {
      variables.put(name, "s3://" + name);
      variables.put(name + "_COMMIT", view.commit().name().id().value());
    });
    return variables;
  }

  /// The variable that holds the secret.
  public Map<String, String> secretVariables() {
    return Map.of("AWS_SECRET_ACCESS_KEY", secret);
  }

  @Override
  public synchronized void begin(long most) {
    if (!writes || closed) {
      throw new IllegalStateException("no try of %s begins now".formatted(id));
    }
    letGo();
    out = Optional.of(places.apply(most));
  }

  @Override
  public synchronized boolean isOver() {
    return out.filter(Scratch::isOver).isPresent();
  }

  @Override
  public synchronized Fileset take() {
    taken = out;
    out = Optional.empty();
    return taken.orElseThrow(() -> new IllegalStateException("no try began")).files();
  }

  private void letGo() {
    out.ifPresent(Scratch::close);
    taken.ifPresent(Scratch::close);
    out = Optional.empty();
    taken = Optional.empty();
  }

  /// Takes the key away and lets go what was written; MUST come after the result is recorded.
  @Override
  public synchronized void close() {
    closed = true;
    whenClosed.run();
    letGo();
  }

  @Override
  public String toString() {
    return id + " (hidden)";
  }
}
