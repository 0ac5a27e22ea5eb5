package dev.dassie.server.access;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/// Who may take part as a worker: it gets users' code, data and secrets. Whoever shows the token of
/// the configuration; without one, programs of the machine, where the server listens for them
/// alone. Only a hash of the token is kept. Immutable.
public final class WorkerTokens {
  private static final int MOST = 4_096;

  private final Optional<byte[]> hash;
  private final boolean loopback;

  private WorkerTokens(Optional<byte[]> hash, boolean loopback) {
    this.hash = hash;
    this.loopback = loopback;
  }

  /// Reads the token.
  ///
  /// @param file that holds it; it is read once
  /// @param loopback whether the server listens for programs of its machine alone
  /// @throws DassieException `Invalid` for a file that cannot be read, or holds no token
  public static WorkerTokens of(Optional<Path> file, boolean loopback) {
    return new WorkerTokens(file.map(WorkerTokens::read).map(WorkerTokens::hash), loopback);
  }

  /// The token in a file: its first line.
  public static String read(Path file) {
    String expected = "a file whose first line is a token of 16 to 1,024 visible characters";
    try {
      if (Files.size(file) <= MOST) {
        String token = Files.readString(file).lines().findFirst().orElse("").strip();
        if (token.matches("[!-~]{16,1024}")) {
          return token;
        }
      }
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Invalid("The file of the worker token", file.toString(), expected), e);
    }
    throw new Fault.Invalid("The file of the worker token", file.toString(), expected)
        .asException();
  }

  /// Refuses who may not take part.
  ///
  /// @param authorization the header, as sent
  public void check(Optional<String> authorization) {
    if (hash.isEmpty()) {
      if (!loopback) {
        throw new Fault.Denied(
                "a worker",
                "take part: the server can be reached from elsewhere, and has no"
                    + " `worker_token_file`")
            .asException();
      }
      return;
    }
    Optional<String> token =
        authorization
            .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(header -> header.substring(7).strip());
    if (token.isEmpty() || !MessageDigest.isEqual(hash(token.get()), hash.get())) {
      throw new Fault.Denied(
              "a worker", "take part without the token of the server (`--token-file`)")
          .asException();
    }
  }

  private static byte[] hash(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8))
        .toString()
        .getBytes(StandardCharsets.US_ASCII);
  }
}
