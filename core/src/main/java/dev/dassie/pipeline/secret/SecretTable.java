package dev.dassie.pipeline.secret;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rows of secrets (docs/format.md, "Secrets").
final class SecretTable {
  private static final String TABLE = "secret";
  private static final int VERSION = 1;

  private SecretTable() {}

  /// A row: what may be known, and the values, encrypted.
  record Stored(Secret secret, SecretBox.Sealed values) {}

  static Optional<Stored> find(Metadata.Reader rows, SecretName name) {
    return rows.get(key(name)).map(bytes -> decode(name.key(), bytes));
  }

  static void put(Metadata.Writer rows, Stored stored) {
    rows.put(key(stored.secret().name()), encode(stored));
  }

  static void delete(Metadata.Writer rows, SecretName name) {
    rows.delete(key(name));
  }

  /// Secrets of a project by name, after a name.
  static List<Secret> list(Metadata.Reader rows, String project, String after, int limit) {
    String prefix = project + "/";
    String from = after.isEmpty() ? "" : prefix + after;
    return rows.scan(TABLE, prefix, from, limit).stream()
        .map(row -> decode(row.name(), row.value()).secret())
        .toList();
  }

  /// Whether there is no secret in any project.
  static boolean isEmpty(Metadata.Reader rows) {
    return rows.scan(TABLE, "", "", 1).isEmpty();
  }

  private static Metadata.Key key(SecretName name) {
    return new Metadata.Key(TABLE, name.key());
  }

  static byte[] encode(Stored stored) {
    Secret secret = stored.secret();
    Encoder out = new Encoder().u8(VERSION).varint(secret.version()).string(secret.id());
    out.string(secret.type()).list(secret.keys(), Encoder::string);
    time(out, secret.created());
    time(out, secret.updated());
    out.string(secret.author()).string(stored.values().key());
    return out.bytes(stored.values().nonce()).bytes(stored.values().bytes()).toBytes();
  }

  static Stored decode(String key, byte[] bytes) {
    Decoder in = new Decoder("The record of a secret", bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt("The record of a secret", "version 1", "version " + version)
          .asException();
    }
    int slash = key.indexOf('/');
    Secret secret =
        new Secret(
            new SecretName(key.substring(0, slash), key.substring(slash + 1)),
            in.varint(),
            in.string(),
            in.string(),
            in.list(Decoder::string),
            time(in),
            time(in),
            in.string());
    return new Stored(secret, new SecretBox.Sealed(in.string(), in.bytes(), in.bytes()));
  }

  private static void time(Encoder out, Instant at) {
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  private static Instant time(Decoder in) {
    return Instant.ofEpochSecond(in.fixed64(), in.length(999_999_999));
  }
}
