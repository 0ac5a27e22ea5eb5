package dev.dassie.pipeline.secret;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Change;
import dev.dassie.version.Page;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Writes and reads access keys within the caller's transactions (docs/format.md, "Access keys").
/// Thread-safe.
public final class AccessKeyStore {
  private static final String TABLE = "access_key";
  private static final int VERSION = 1;

  /// As Amazon's ids: 20 characters, which some clients insist on.
  private static final String PREFIX = "DSK";

  private static final int ID_LETTERS = 17;
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  /// 40 characters of Base64 without `/` and `+`, which clients have trouble with.
  private static final int SECRET_BYTES = 30;

  private final SecretBox box;
  private final SecureRandom random = new SecureRandom();

  public AccessKeyStore(SecretBox box) {
    this.box = box;
  }

  /// A key with its secret.
  public record Opened(AccessKey key, String secret) {
    @Override
    public String toString() {
      return key + " (hidden)";
    }
  }

  record Stored(AccessKey key, SecretBox.Sealed secret) {}

  /// Makes a key of whoever calls.
  public AccessKey create(Change change) {
    AccessKey key = new AccessKey(newId(), change.call().principal(), change.now());
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    byte[] secret = Base64.getUrlEncoder().encode(bytes);
    boolean first = isEmpty(change.rows()) && SecretTable.isEmpty(change.rows());
    SecretBox.Sealed sealed = box.seal(secret, context(key), first);
    change.rows().put(row(key.id()), encode(new Stored(key, sealed)));
    return key;
  }

  /// A key with its secret, if there is one of that id.
  public Optional<Opened> open(Metadata.Reader rows, String id) {
    return find(rows, id)
        .map(stored -> {
          byte[] secret =
              box.open(stored.secret(), context(stored.key()), "The access key `" + id + "`");
          return new Opened(stored.key(), new String(secret, StandardCharsets.US_ASCII));
        });
  }

  public void delete(Change change, String id) {
    if (find(change.rows(), id).isEmpty()) {
      throw new Fault.NotFound("access key", id, Optional.of("`dassie list access-key` lists all."))
          .asException();
    }
    change.rows().delete(row(id));
  }

  /// All keys by id.
  public static Page<AccessKey> list(Metadata.Reader rows, String cursor, int limit) {
    List<AccessKey> found =
        rows.scan(TABLE, "", cursor, limit + 1).stream()
            .map(row -> decode(row.name(), row.value()).key())
            .toList();
    if (found.size() <= limit) {
      return new Page<>(found, Optional.empty());
    }
    List<AccessKey> items = found.subList(0, limit);
    return new Page<>(items, Optional.of(items.getLast().id()));
  }

  /// Whether there is none.
  static boolean isEmpty(Metadata.Reader rows) {
    return rows.scan(TABLE, "", "", 1).isEmpty();
  }

  private static Optional<Stored> find(Metadata.Reader rows, String id) {
    return rows.get(row(id)).map(bytes -> decode(id, bytes));
  }

  private static Metadata.Key row(String id) {
    return new Metadata.Key(TABLE, id);
  }

  static String context(AccessKey key) {
    return "dassie access key 1\0" + key.id() + "\0" + key.author();
  }

  static byte[] encode(Stored stored) {
    AccessKey key = stored.key();
    Instant created = key.created();
    SecretBox.Sealed secret = stored.secret();
    return new Encoder()
        .u8(VERSION)
        .string(key.author())
        .fixed64(created.getEpochSecond())
        .varint(created.getNano())
        .string(secret.key())
        .bytes(secret.nonce())
        .bytes(secret.bytes())
        .toBytes();
  }

  static Stored decode(String id, byte[] bytes) {
    Decoder in = new Decoder("The record of an access key", bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt("The record of an access key", "version 1", "version " + version)
          .asException();
    }
    String author = in.string();
    Instant created = Instant.ofEpochSecond(in.fixed64(), in.length(999_999_999));
    return new Stored(
        new AccessKey(id, author, created),
        new SecretBox.Sealed(in.string(), in.bytes(), in.bytes()));
  }

  private String newId() {
    StringBuilder id = new StringBuilder(PREFIX);
    for (int i = 0; i < ID_LETTERS; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
