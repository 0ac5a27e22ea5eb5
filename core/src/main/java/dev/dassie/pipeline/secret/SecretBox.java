package dev.dassie.pipeline.secret;

import dev.dassie.content.Digest;
import dev.dassie.content.Folders;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts secrets with AES-256-GCM under the key in a file of its own, which is read when it is
/// needed and made at the first secret. Whoever has the database without that file has no secret.
/// Thread-safe.
public final class SecretBox {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 8;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final Path file;
  private final SecureRandom random = new SecureRandom();

  /// @param file holds 64 hex digits; its folder is there
  public SecretBox(Path file) {
    this.file = file;
  }

  /// What is stored of values.
  ///
  /// @param key which key encrypted them: the first 8 bytes of its SHA-256, as hex digits
  public record Sealed(String key, byte[] nonce, byte[] bytes) {}

  /// A random id, 16 hex digits.
  String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /// Encrypts; `context` is bound to it. Without a key file one is made where `first` says that
  /// nothing is encrypted yet.
  Sealed seal(byte[] plain, String context, boolean first) {
    byte[] key =
        key().or(() -> first ? Optional.of(make()) : Optional.empty()).orElseThrow(this::lost);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      return new Sealed(
          id(key), nonce, cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has AES-GCM
    }
  }

  /// Decrypts. Refused where the key is gone or another, and where a byte or the context differs.
  ///
  /// @param what it is, for refusals: ``The secret `db` ``
  byte[] open(Sealed sealed, String context, String what) {
    byte[] key = key().orElseThrow(this::lost);
    if (!id(key).equals(sealed.key())) {
      throw new Fault.Failed(
              "%s was encrypted with the key `%s`, and `%s` holds the key `%s`."
                  .formatted(what, sealed.key(), file, id(key)),
              Optional.of("Put the right key file there, or delete it and create it again."))
          .asException();
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, key, sealed.nonce(), context).doFinal(sealed.bytes());
    } catch (AEADBadTagException e) {
      throw new DassieException(
          new Fault.Corrupt(what, "what was encrypted", "bytes that were changed"), e);
    } catch (GeneralSecurityException e) {
      throw new DassieException(new Fault.Corrupt(what, "an encrypted value", "none"), e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String id(byte[] key) {
    return HexFormat.of().formatHex(Digest.sha256().digest(key), 0, ID_BYTES);
  }

  private Optional<byte[]> key() {
    try {
      String text = Files.readString(file).strip();
      if (!text.matches("[0-9a-f]{%d}".formatted(2 * KEY_BYTES))) {
        throw new Fault.Failed(
                "The file `%s` is not a key of 64 hex digits.".formatted(file),
                Optional.of("Bring it back from a backup."))
            .asException();
      }
      return Optional.of(HexFormat.of().parseHex(text));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Written aside and linked into place, so that a crash leaves a whole key or none.
  private synchronized byte[] make() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer text =
            ByteBuffer.wrap(
                (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      Files.createLink(file, fresh);
      Files.delete(fresh);
      Folders.sync(Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow());
      return key;
    } catch (FileAlreadyExistsException e) {
      Arrays.fill(key, (byte) 0);
      return key().orElseThrow(this::lost);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DassieException lost() {
    return new Fault.Failed(
            "The key of all secrets, the file `%s`, is not there.".formatted(file),
            Optional.of(
                "Bring it back from a backup; without it the values are lost: delete the secrets and"
                    + " create them again."))
        .asException();
  }

  private DassieException unreadable(IOException e) {
    return new DassieException(
        new Fault.Unavailable("The file `" + file + "`", String.valueOf(e.getMessage())), e);
  }
}
