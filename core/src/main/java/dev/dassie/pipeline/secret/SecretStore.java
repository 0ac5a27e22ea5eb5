package dev.dassie.pipeline.secret;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Change;
import dev.dassie.version.Event;
import dev.dassie.version.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes and reads secrets within the caller's transactions. Thread-safe.
public final class SecretStore {
  private static final int NAMES = 1000;

  private final SecretBox box;

  public SecretStore(SecretBox box) {
    this.box = box;
  }

  /// A secret with its values.
  public record Opened(Secret secret, SecretValues values) {}

  /// Writes a secret. Without `update` one that is there is refused; with it one that has these
  /// values already stays as it is.
  public Secret write(
      Change change, SecretName name, String type, SecretValues values, boolean update) {
    Optional<SecretTable.Stored> old = SecretTable.find(change.rows(), name);
    if (old.isPresent() && !update) {
      throw new Fault.AlreadyExists("secret", name.toString()).asException();
    }
    if (old.isPresent() && old.get().secret().type().equals(type) && same(old.get(), values)) {
      return old.get().secret();
    }
    Secret secret =
        new Secret(
            name,
            old.map(stored -> stored.secret().version()).orElse(0L) + 1,
            box.newId(),
            type,
            values.keys(),
            old.map(stored -> stored.secret().created()).orElse(change.now()),
            change.now(),
            change.call().principal());
    boolean first = SecretTable.isEmpty(change.rows()) && AccessKeyStore.isEmpty(change.rows());
    SecretBox.Sealed sealed = box.seal(values.encode(), context(secret), first);
    SecretTable.put(change.rows(), new SecretTable.Stored(secret, sealed));
    event(change, old.isEmpty() ? "secret.created" : "secret.updated", secret);
    return secret;
  }

  private boolean same(SecretTable.Stored stored, SecretValues values) {
    try {
      return open(stored).values().same(values);
    } catch (DassieException e) {
      return false; // what cannot be read any more is replaced
    }
  }

  public void delete(Change change, SecretName name) {
    Secret secret = inspect(change.rows(), name);
    SecretTable.delete(change.rows(), name);
    event(change, "secret.deleted", secret);
  }

  /// What may be known of a secret, or `Fault.NotFound` with the nearest name.
  public static Secret inspect(Metadata.Reader rows, SecretName name) {
    return SecretTable.find(rows, name)
        .map(SecretTable.Stored::secret)
        .orElseThrow(() -> missing(rows, name));
  }

  public static Page<Secret> list(Metadata.Reader rows, String project, String cursor, int limit) {
    List<Secret> found = SecretTable.list(rows, project, cursor, limit + 1);
    if (found.size() <= limit) {
      return new Page<>(found, Optional.empty());
    }
    List<Secret> items = found.subList(0, limit);
    return new Page<>(items, Optional.of(items.getLast().name().name()));
  }

  /// Refuses the use of a secret or key that is not there.
  public static void require(Metadata.Reader rows, String project, SecretUse use) {
    Secret secret = inspect(rows, new SecretName(project, use.name()));
    use.key()
        .filter(key -> !secret.keys().contains(key))
        .ifPresent(key -> {
          throw missingKey(secret, key);
        });
  }

  /// A secret with its values, of a row that was read.
  public Opened open(Metadata.Reader rows, SecretName name) {
    return open(SecretTable.find(rows, name).orElseThrow(() -> missing(rows, name)));
  }

  /// The refusal of a key that a secret does not have.
  public static DassieException missingKey(Secret secret, String key) {
    return new Fault.NotFound(
            "key of the secret `%s`".formatted(secret.name()),
            key,
            Nearest.hint(key, secret.keys()))
        .asException();
  }

  private Opened open(SecretTable.Stored stored) {
    Secret secret = stored.secret();
    byte[] plain = box.open(stored.values(), context(secret), "The secret `" + secret.name() + "`");
    return new Opened(secret, SecretValues.decode(plain));
  }

  private static DassieException missing(Metadata.Reader rows, SecretName name) {
    List<String> others =
        SecretTable.list(rows, name.project(), "", NAMES).stream()
            .map(secret -> secret.name().name())
            .toList();
    return new Fault.NotFound("secret", name.toString(), Nearest.hint(name.name(), others))
        .asException();
  }

  /// What is bound to the encrypted values: a row that is copied to another name does not open.
  private static String context(Secret secret) {
    return "dassie secret 1\0%s\0%d\0%s"
        .formatted(secret.name().key(), secret.version(), secret.id());
  }

  private static void event(Change change, String kind, Secret secret) {
    long _ =
        change.append(
            new Event(
                kind,
                secret.name().project(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                change.call().principal(),
                change.now(),
                Map.of(
                    "secret", secret.name().name(), "version", Long.toString(secret.version()))));
  }
}
