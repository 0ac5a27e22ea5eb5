package dev.dassie.store.s3;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Outlet;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// Puts the files of outputs into an S3 store, each over what is there. With a secret it acts as
/// whom that names, anywhere; without one it acts as the server, and only where that is allowed.
/// Thread-safe.
public final class S3Outlet implements Outlet {
  private static final int AT_ONCE = 8;

  private final List<S3Address> allowed;
  private final S3Limits limits;
  private final Path folder;

  /// @param allowed places that may be written with the server's own credentials
  /// @param folder for files that are being sent
  public S3Outlet(List<S3Address> allowed, S3Limits limits, Path folder) {
    this.allowed = List.copyOf(allowed);
    this.limits = limits;
    this.folder = folder;
  }

  @Override
  public void check(Egress to) {
    S3Address address = S3Address.parse(to.url());
    if (to.secret().isEmpty() && allowed.stream().noneMatch(one -> covers(one, address))) {
      throw new Fault.Invalid(
              "`egress.URL`",
              to.shown(),
              allowed.isEmpty()
                  ? "`secret` beside it: this server lends its own credentials to no egress"
                  : "`secret` beside it, or a place beneath `%s`"
                      .formatted(
                          String.join("`, `", allowed.stream().map(S3Address::toString).toList())),
              Optional.of("`egress_allow` in the configuration names the places."))
          .asException();
    }
  }

  private static boolean covers(S3Address allowed, S3Address address) {
    return allowed.bucket().equals(address.bucket())
        && address.prefix().startsWith(allowed.prefix())
        && allowed.endpoint().equals(address.endpoint());
  }

  @Override
  public void write(
      Egress to,
      Fileset output,
      ChunkStore chunks,
      Optional<SecretValues> secret,
      BooleanSupplier stopped) {
    check(to);
    S3Address address = S3Address.parse(to.url());
    Supplier<AwsCredentialsProvider> credentials =
        secret.isPresent()
            ? given(to, secret.get())
            : () -> DefaultCredentialsProvider.builder().build();
    Filesets files = new Filesets(chunks);
    try (Wire wire = new Wire(address, limits, credentials);
        ExecutorService senders =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      Puts puts = new Puts(wire, limits, true);
      Deque<Future<?>> sending = new ArrayDeque<>();
      try {
        Iterator<Entry.File> all = files.walk(output, FilePath.ROOT, Optional.empty());
        while (all.hasNext()) {
          Entry.File file = all.next();
          if (sending.size() == 2 * AT_ONCE) {
            await(sending.removeFirst());
          }
          sending.addLast(senders.submit(() -> send(file, files, puts, stopped)));
        }
        while (!sending.isEmpty()) {
          await(sending.removeFirst());
        }
      } finally {
        senders.shutdown(); // what is being sent ends first: its bytes are read from our files
        sending.forEach(one -> one.cancel(false));
      }
    }
  }

  private static Supplier<AwsCredentialsProvider> given(Egress to, SecretValues secret) {
    String id = value(to, secret, "AWS_ACCESS_KEY_ID");
    String key = value(to, secret, "AWS_SECRET_ACCESS_KEY");
    return () -> StaticCredentialsProvider.create(AwsBasicCredentials.create(id, key));
  }

  private static String value(Egress to, SecretValues secret, String key) {
    return secret
        .get(key)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> !text.isEmpty())
        .orElseThrow(() ->
            new Fault.Failed(
                    "The secret `%s` has no key `%s`.".formatted(to.secret().orElse(""), key),
                    Optional.empty())
                .asException());
  }

  private void send(Entry.File file, Filesets files, Puts puts, BooleanSupplier stopped) {
    try {
      if (stopped.getAsBoolean()) {
        throw new Fault.Unavailable("The egress", "it was stopped").asException();
      }
      Path copy = Files.createTempFile(folder, "egress-", "");
      try {
        try (InputStream in = files.open(file)) {
          Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        puts.put(file.path().value(), copy, file.size());
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw ObjectStore.translate(folder.toString(), e);
    }
  }

  private static void await(Future<?> sent) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Object _ = sent.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException refusal
          ? refusal
          : new DassieException(
              new Fault.Unavailable("The egress", String.valueOf(e.getMessage())), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
